import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  Join_JoinType as JoinTypeMessage,
  type JoinSchema,
  type Relation,
} from '../generated/spark/connect/relations_pb';
import type { Column } from '../functions/column';

/** How rows without a partner are treated. */
export type JoinType = 'inner' | 'left' | 'right' | 'outer' | 'leftSemi' | 'leftAnti' | 'cross';

const JOIN_TYPES = {
  inner: JoinTypeMessage.INNER,
  left: JoinTypeMessage.LEFT_OUTER,
  right: JoinTypeMessage.RIGHT_OUTER,
  outer: JoinTypeMessage.FULL_OUTER,
  leftSemi: JoinTypeMessage.LEFT_SEMI,
  leftAnti: JoinTypeMessage.LEFT_ANTI,
  cross: JoinTypeMessage.CROSS,
} as const satisfies Record<JoinType, JoinTypeMessage>;

/** The message of a join; `on` is one or several columns both sides have, or a condition. */
export function joinOf(
  left: Relation,
  right: Relation,
  on: string | readonly string[] | Column | undefined,
  how: JoinType,
): MessageInitShape<typeof JoinSchema> {
  return { left, right, joinType: JOIN_TYPES[how], ...conditionOf(on) };
}

function conditionOf(
  on: string | readonly string[] | Column | undefined,
): MessageInitShape<typeof JoinSchema> {
  if (on === undefined) return {};
  if (typeof on === 'string') return { usingColumns: [on] };
  return 'expression' in on ? { joinCondition: on.expression } : { usingColumns: [...on] };
}
