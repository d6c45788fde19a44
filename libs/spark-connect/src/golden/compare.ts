import { equals, toBinary, toJson } from '@bufbuild/protobuf';
import type { DataFrame } from '../dataframe/dataframe';
import { RelationSchema, type Relation } from '../generated/spark/connect/relations_pb';
import { readGoldenPlans } from './golden-files';
import { normalised } from './normalise';

/** Builds one golden plan with the public API. */
export type GoldenPlans = Readonly<Record<string, () => DataFrame>>;

/** How one golden plan compares with what our API builds for it. */
export type Comparison =
  | { readonly name: string; readonly kind: 'equal' }
  | { readonly name: string; readonly kind: 'excluded'; readonly reason: string }
  | { readonly name: string; readonly kind: 'missing' }
  | { readonly name: string; readonly kind: 'different'; readonly spark: unknown; readonly ours: unknown };

/** Compares every golden plan of Spark; what our API cannot express is excluded by name, with its reason. */
export function compareAll(
  builders: GoldenPlans,
  exclusions: Readonly<Record<string, string>>,
): readonly Comparison[] {
  return [...readGoldenPlans()].map(([name, golden]) => {
    const reason = exclusions[name];
    const build = builders[name];
    if (build !== undefined) return compare(name, golden, build);
    return reason === undefined ? { name, kind: 'missing' } : { name, kind: 'excluded', reason };
  });
}

function compare(name: string, golden: Relation, build: () => DataFrame): Comparison {
  const [spark, ours] = [normalised(golden), normalised(build().relation)];
  if (equals(RelationSchema, spark, ours) || sameBytes(spark, ours)) return { name, kind: 'equal' };
  return { name, kind: 'different', spark: jsonOf(spark), ours: jsonOf(ours) };
}

/** `equals` says no to a NaN, which is not equal to itself. */
function sameBytes(spark: Relation, ours: Relation): boolean {
  return Buffer.compare(toBinary(RelationSchema, spark), toBinary(RelationSchema, ours)) === 0;
}

function jsonOf(relation: Relation): unknown {
  try {
    return toJson(RelationSchema, relation);
  } catch (error) {
    // An extension's `Any` has no JSON form without a registry of its type.
    return `no JSON form: ${String(error)}`;
  }
}
