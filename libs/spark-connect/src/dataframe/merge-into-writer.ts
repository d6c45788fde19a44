import {
  MergeAction_ActionType as ActionType,
  type Expression,
} from '../generated/spark/connect/expressions_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import type { ActionOptions } from '../execute/action-options';
import { expressionFrom, type Column, type ColumnOrLiteral } from '../functions/column';
import { expr } from '../functions/core';
import { expressionOf } from '../functions/expressions';
import { commandPlan } from '../plan/relation';
import { runCommand } from '../session/plan-results';
import type { SparkConnectClient } from '../session/spark-connect-client';

/** New values by column of the table; the names are SQL, so nested fields are reached as `'a.b'`. */
export type MergeAssignments = Readonly<Record<string, ColumnOrLiteral>>;

/** What happens to rows of the table that a row of the source matches. */
export interface WhenMatched {
  /** Every column of the table takes the value of the source's column of that name. */
  updateAll(): MergeIntoWriter;
  /** These columns of the table take these values, the others stay. */
  update(assignments: MergeAssignments): MergeIntoWriter;
  /** The row is deleted. */
  delete(): MergeIntoWriter;
}

/** What happens to rows of the source that match nothing. */
export interface WhenNotMatched {
  /** A row with the source's columns, found by name. */
  insertAll(): MergeIntoWriter;
  /** A row with these values; columns without one get NULL or their default. */
  insert(assignments: MergeAssignments): MergeIntoWriter;
}

/** What happens to rows of the table that no row of the source matches. */
export type WhenNotMatchedBySource = WhenMatched;

/** The target of a merge. */
export interface MergeTarget {
  readonly table: string;
  readonly condition: Column;
}

/**
 * Merges the rows of a DataFrame into a table in one commit, as SQL's MERGE INTO. In conditions and values, columns of the source are best
 * named by an alias of the DataFrame, columns of the table by its name. Of several clauses of a kind the first whose condition holds
 * decides. Mirrors `org.apache.spark.sql.MergeIntoWriter`.
 */
export class MergeIntoWriter {
  private readonly matched: Expression[] = [];
  private readonly notMatched: Expression[] = [];
  private readonly notMatchedBySource: Expression[] = [];
  private evolvesSchema = false;

  constructor(
    private readonly client: SparkConnectClient,
    private readonly source: Relation,
    private readonly target: MergeTarget,
  ) {}

  /** What happens to rows of the table that match. @param condition - a further condition, over columns of both sides. */
  whenMatched(condition?: Column): WhenMatched {
    return this.clause(this.matched, condition);
  }

  /** What happens to rows of the source that match nothing. @param condition - a further condition, over columns of the source. */
  whenNotMatched(condition?: Column): WhenNotMatched {
    return this.clause(this.notMatched, condition);
  }

  /** What happens to rows of the table that nothing matches. @param condition - a further condition, over columns of the table. */
  whenNotMatchedBySource(condition?: Column): WhenNotMatchedBySource {
    return this.clause(this.notMatchedBySource, condition);
  }

  /** Columns of the source that the table lacks are added to it, where the table's source can. */
  withSchemaEvolution(): this {
    this.evolvesSchema = true;
    return this;
  }

  /** Runs the merge; resolves when it is committed. */
  async merge(options: ActionOptions = {}): Promise<void> {
    const value = {
      targetTableName: this.target.table,
      sourceTablePlan: this.source,
      mergeCondition: this.target.condition.expression,
      matchActions: [...this.matched],
      notMatchedActions: [...this.notMatched],
      notMatchedBySourceActions: [...this.notMatchedBySource],
      withSchemaEvolution: this.evolvesSchema,
    };
    await runCommand(this.client, commandPlan({ case: 'mergeIntoTableCommand', value }), options);
  }

  private clause(actions: Expression[], condition: Column | undefined): WhenMatched & WhenNotMatched {
    const add = (actionType: ActionType, assignments: MergeAssignments = {}): this => {
      actions.push(mergeAction(actionType, condition, assignments));
      return this;
    };
    return {
      updateAll: () => add(ActionType.UPDATE_STAR),
      update: (assignments) => add(ActionType.UPDATE, assignments),
      delete: () => add(ActionType.DELETE),
      insertAll: () => add(ActionType.INSERT_STAR),
      insert: (assignments) => add(ActionType.INSERT, assignments),
    };
  }
}

function mergeAction(
  actionType: ActionType,
  condition: Column | undefined,
  assignments: MergeAssignments,
): Expression {
  const value = {
    actionType,
    assignments: Object.entries(assignments).map(([name, assigned]) => ({
      key: expr(name).expression,
      value: expressionFrom(assigned),
    })),
    ...(condition === undefined ? {} : { condition: condition.expression }),
  };
  return expressionOf({ case: 'mergeAction', value });
}
