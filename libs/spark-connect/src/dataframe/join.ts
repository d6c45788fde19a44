import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  Join_JoinType as JoinTypeMessage,
  type JoinSchema,
  type LateralJoinSchema,
  type Relation,
} from '../generated/spark/connect/relations_pb';
import { Column } from '../functions/column';

const JOIN_TYPES = {
  inner: JoinTypeMessage.INNER,
  cross: JoinTypeMessage.CROSS,
  outer: JoinTypeMessage.FULL_OUTER,
  full: JoinTypeMessage.FULL_OUTER,
  fullouter: JoinTypeMessage.FULL_OUTER,
  fullOuter: JoinTypeMessage.FULL_OUTER,
  full_outer: JoinTypeMessage.FULL_OUTER,
  left: JoinTypeMessage.LEFT_OUTER,
  leftouter: JoinTypeMessage.LEFT_OUTER,
  leftOuter: JoinTypeMessage.LEFT_OUTER,
  left_outer: JoinTypeMessage.LEFT_OUTER,
  right: JoinTypeMessage.RIGHT_OUTER,
  rightouter: JoinTypeMessage.RIGHT_OUTER,
  rightOuter: JoinTypeMessage.RIGHT_OUTER,
  right_outer: JoinTypeMessage.RIGHT_OUTER,
  semi: JoinTypeMessage.LEFT_SEMI,
  leftsemi: JoinTypeMessage.LEFT_SEMI,
  leftSemi: JoinTypeMessage.LEFT_SEMI,
  left_semi: JoinTypeMessage.LEFT_SEMI,
  anti: JoinTypeMessage.LEFT_ANTI,
  leftanti: JoinTypeMessage.LEFT_ANTI,
  leftAnti: JoinTypeMessage.LEFT_ANTI,
  left_anti: JoinTypeMessage.LEFT_ANTI,
} as const;

/** How rows without a partner are treated, in any of Spark's spellings. */
export type JoinType = keyof typeof JOIN_TYPES;

/** The joins whose right side may use columns of the left one. */
export type LateralJoinType = Extract<
  JoinType,
  'inner' | 'cross' | 'left' | `left${'' | '_'}${'o' | 'O'}uter`
>;

/** The joins that give rows of the left side alone: those with a partner, or those without. */
export type LeftExistenceJoinType = Extract<
  JoinType,
  `${string}${'s' | 'S'}emi` | `${string}${'a' | 'A'}nti`
>;

/** What rows are joined on: columns both sides have (they appear once in the result), or conditions that must all hold. */
export type JoinCondition = string | readonly string[] | Column | readonly Column[];

/** The message of a join. */
export function joinOf(
  left: Relation,
  right: Relation,
  on: JoinCondition | undefined,
  how: JoinType,
): MessageInitShape<typeof JoinSchema> {
  return { left, right, joinType: joinTypeOf(how), ...conditionOf(on) };
}

/** The message of a lateral join. */
export function lateralJoinOf(
  left: Relation,
  right: Relation,
  on: Column | undefined,
  how: LateralJoinType,
): MessageInitShape<typeof LateralJoinSchema> {
  const condition = on === undefined ? {} : { joinCondition: on.expression };
  return { left, right, joinType: joinTypeOf(how), ...condition };
}

function joinTypeOf(how: JoinType): JoinTypeMessage {
  if (Object.hasOwn(JOIN_TYPES, how)) return JOIN_TYPES[how];
  throw new TypeError(`there is no join type ${how}, but ${Object.keys(JOIN_TYPES).join(', ')}`);
}

function conditionOf(on: JoinCondition | undefined): MessageInitShape<typeof JoinSchema> {
  const all = on === undefined ? [] : isList(on) ? on : [on];
  const conditions = all.filter((part) => part instanceof Column);
  const usingColumns = all.filter((part) => typeof part === 'string');
  const [first, ...more] = conditions;
  if (first === undefined) return { usingColumns };
  return { joinCondition: more.reduce((both, one) => both.and(one), first).expression };
}

function isList(on: JoinCondition): on is readonly string[] | readonly Column[] {
  return Array.isArray(on);
}
