/* eslint-disable @typescript-eslint/no-deprecated -- the old names must work, too */
import * as F from '../functions';
import type { LiveTable } from './live-case';

const { lit } = F;

/** The names that Spark keeps for old programs. */
export const deprecated: LiveTable = {
  approxCountDistinct: { call: () => F.approxCountDistinct(lit(1)), gives: 1n },
  bitwiseNOT: { call: () => F.bitwiseNOT(lit(0)), gives: -1 },
  callUDF: { call: () => F.callUDF('upper', lit('a')), gives: 'A' },
  monotonicallyIncreasingId: { call: () => F.monotonicallyIncreasingId(), type: 'BIGINT' },
  shiftLeft: { call: () => F.shiftLeft(lit(1), 4), gives: 16 },
  shiftRight: { call: () => F.shiftRight(lit(-16), 2), gives: -4 },
  shiftRightUnsigned: { call: () => F.shiftRightUnsigned(lit(-1), 28), gives: 15 },
  sumDistinct: { call: () => F.sumDistinct(lit(3)), gives: 3n },
  toDegrees: { call: () => F.toDegrees(F.pi()), gives: 180 },
  toRadians: { call: () => F.toRadians(lit(180)), gives: Math.PI },
};
