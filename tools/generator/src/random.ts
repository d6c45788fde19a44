import { createHash } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (byte: number): string => HEX[byte & 0xff] ?? '';

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** The last step of MurmurHash3: a bijection of 32 bits in which each bit of the input moves half of the output. */
function scramble(x: number): number {
  let bits = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function stateOf(parts: readonly (string | number)[]): [number, number, number, number] {
  const digest = createHash('sha256').update(parts.join('/')).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12)];
}

/**
 * Seeded pseudo-random numbers: xoshiro128** of Blackman and Vigna. The same seed gives the same sequence on every
 * machine. Not for secrets.
 */
export class Random {
  constructor(
    private a: number,
    private b: number,
    private c: number,
    private d: number,
  ) {}

  /** The stream named by these parts; different names give independent streams. */
  static of(...parts: readonly (string | number)[]): Random {
    return new Random(...stateOf(parts));
  }

  /** Becomes the stream that starts from this state. */
  restart(a: number, b: number, c: number, d: number): void {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** Uniform in 0 .. 2^32 - 1. */
  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.b, 5), 7), 9);
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = rotateLeft(this.d, 11);
    return result >>> 0;
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  next(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform in [0, 1), in steps of 2^-53: as fine as a number is. */
  precise(): number {
    const high = this.uint32() >>> 5;
    return (high * 0x400_0000 + (this.uint32() >>> 6)) / 0x20_0000_0000_0000;
  }

  /** Uniform whole number from `min` to `max`, both included; the span must stay below 2^32. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** A UUID of version 4 (RFC 9562) made of this stream's bits. */
  uuid(): string {
    const a = this.uint32();
    const b = this.uint32();
    const c = this.uint32();
    const d = this.uint32();
    const version = ((b >>> 8) & 0x0f) | 0x40;
    const variant = (c & 0x3f) | 0x80;
    return (
      `${hex(a)}${hex(a >>> 8)}${hex(a >>> 16)}${hex(a >>> 24)}-${hex(b >>> 16)}${hex(b >>> 24)}-` +
      `${hex(version)}${hex(b)}-${hex(variant)}${hex(c >>> 8)}-` +
      `${hex(c >>> 16)}${hex(c >>> 24)}${hex(d)}${hex(d >>> 8)}${hex(d >>> 16)}${hex(d >>> 24)}`
    );
  }

  /** Twelve lower-case hexadecimal digits. */
  hex12(): string {
    const a = this.uint32();
    const b = this.uint32();
    return hex(a) + hex(a >>> 8) + hex(a >>> 16) + hex(a >>> 24) + hex(b) + hex(b >>> 8);
  }

  /** One of the values, all equally likely. */
  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.next() * values.length)];
    if (value === undefined) throw new Error('Cannot pick from an empty list');
    return value;
  }
}

/**
 * Streams by number: each can be had without those before it, so that events can be made in any order, twice, or by several
 * processes, and come out the same.
 */
export class RandomFamily {
  private readonly member = new Random(0, 0, 0, 0);

  private constructor(
    private readonly a: number,
    private readonly b: number,
    private readonly c: number,
    private readonly d: number,
  ) {}

  /** The family named by these parts. */
  static of(...parts: readonly (string | number)[]): RandomFamily {
    return new RandomFamily(...stateOf(parts));
  }

  /** The stream of this number, 0 to 2^53 - 1. Always the same object: it is over when the next one is asked for. */
  at(index: number): Random {
    const a = scramble(this.a ^ index);
    const b = scramble((this.b + a) ^ Math.floor(index / 0x1_0000_0000));
    const c = scramble(this.c + b);
    this.member.restart(a, b, c, scramble(this.d + c));
    return this.member;
  }
}
