const MICROS_PER_MILLI = 1_000n;
const MICROS_PER_SECOND = 1_000_000n;

/**
 * An instant in microseconds since the epoch, exact: a JavaScript `Date` would lose the last three digits.
 * A TIMESTAMP_NTZ value is given as if its wall clock were UTC.
 */
export class Timestamp {
  constructor(readonly epochMicros: bigint) {}

  /** The instant of a `Date`. */
  /** The instant of a `Date`, which must be a valid one. */
  static fromDate(date: Date): Timestamp {
    return new Timestamp(BigInt(date.getTime()) * MICROS_PER_MILLI);
  }

  /** Milliseconds only: truncated towards the past. */
  toDate(): Date {
    return new Date(Number(floorDiv(this.epochMicros, MICROS_PER_MILLI)));
  }

  /** ISO-8601 in UTC with six digits of fraction, e.g. `2026-01-01T00:00:00.123456Z`. */
  toISOString(): string {
    const seconds = floorDiv(this.epochMicros, MICROS_PER_SECOND);
    const micros = this.epochMicros - seconds * MICROS_PER_SECOND;
    const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
    return `${whole}.${micros.toString().padStart(6, '0')}Z`;
  }

  /** As `toISOString`. */
  /** As {@link toISOString}. */
  toJSON(): string {
    return this.toISOString();
  }

  /** As `toISOString`. */
  /** As {@link toISOString}. */
  toString(): string {
    return this.toISOString();
  }

  /** Whether both are the same instant (`===` compares objects). */
  /** Whether both are the same instant; `===` compares objects. */
  equals(other: Timestamp): boolean {
    return this.epochMicros === other.epochMicros;
  }
}

function floorDiv(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
