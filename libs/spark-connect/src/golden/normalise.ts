import { clone, createRegistry, isMessage, toBinary, type Message } from '@bufbuild/protobuf';
import { AnySchema, anyUnpack, type Any } from '@bufbuild/protobuf/wkt';
import {
  ExamplePluginExpressionSchema,
  ExamplePluginRelationSchema,
} from '../generated/spark/connect/example_plugins_pb';
import { RelationSchema, type Relation } from '../generated/spark/connect/relations_pb';

/** The messages of plugins, which travel packed into bytes. */
const EXTENSIONS = createRegistry(ExamplePluginRelationSchema, ExamplePluginExpressionSchema);

/** A copy without what legitimately differs between two clients: where in the program a part was built, and the numbers of the plan ids. */
export function normalised(relation: Relation): Relation {
  const copy = clone(RelationSchema, relation);
  new Normaliser().visit(copy);
  return copy;
}

class Normaliser {
  private readonly planIds = new Map<bigint, bigint>();

  visit(value: unknown): void {
    if (Array.isArray(value)) for (const entry of value) this.visit(entry);
    else if (isMessage(value, AnySchema)) this.visitPacked(value);
    else if (isRecord(value)) this.visitRecord(value);
  }

  private visitPacked(any: Any): void {
    const message = anyUnpack(any, EXTENSIONS);
    const schema = message === undefined ? undefined : EXTENSIONS.getMessage(message.$typeName);
    if (message === undefined || schema === undefined) return;
    this.visit(message);
    any.value = toBinary(schema, message);
  }

  private visitRecord(record: Record<string, unknown>): void {
    if (isOrigin(record['common'])) record['common'] = undefined;
    if ('origin' in record) record['origin'] = undefined;
    // In the order of the names, so that two equal plans are numbered alike however their objects were made.
    for (const key of Object.keys(record).sort()) {
      const value = record[key];
      if (key === 'planId' && typeof value === 'bigint') record[key] = this.renumbered(value);
      else this.visit(value);
    }
  }

  private renumbered(planId: bigint): bigint {
    const known = this.planIds.get(planId) ?? BigInt(this.planIds.size);
    this.planIds.set(planId, known);
    return known;
  }
}

function isOrigin(value: unknown): boolean {
  return isMessage(value) && (value as Message).$typeName === 'spark.connect.ExpressionCommon';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
