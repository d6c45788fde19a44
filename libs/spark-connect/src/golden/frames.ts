import type { DataFrame } from '../dataframe/dataframe';
import type { ColumnOrName } from '../functions/call';
import { SparkSession } from '../session/spark-session';

/** Never connected: building plans sends nothing. */
export const session = SparkSession.builder().remote('sc://localhost').build();

export const SIMPLE = 'struct<id:bigint,a:int,b:double>';

/** The inputs of Spark's `PlanGenerationTestSuite`. */
export const simple = frameOf(SIMPLE);
export const left = simple;
export const right = frameOf('struct<a:int,id:bigint,payload:binary>');
export const complex = frameOf(
  `struct<id:bigint,a:int,b:double,d:${SIMPLE},e:array<int>,f:map<string,${SIMPLE}>,g:string>`,
);
export const binary = frameOf('struct<id:bigint,bytes:binary>');
export const temporals = frameOf(
  'struct<d:date,t:timestamp,s:string,x:bigint,wt:struct<start:timestamp,end:timestamp>>',
);
export const boolean = frameOf('struct<id:bigint,flag:boolean>');

/** A relation of this schema and no rows. */
export function frameOf(schema: string): DataFrame {
  return session.newDataFrame({ case: 'localRelation', value: { schema } });
}

/** For the plans that are one `select` each: `{ function_abs: abs('b') }` over one input. */
export function selects(
  input: DataFrame,
  columns: Readonly<Record<string, ColumnOrName | readonly ColumnOrName[]>>,
): Record<string, () => DataFrame> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      () => (isList(column) ? input.select(...column) : input.select(column)),
    ]),
  );
}

function isList(column: ColumnOrName | readonly ColumnOrName[]): column is readonly ColumnOrName[] {
  return Array.isArray(column);
}
