import type { WalkProgress } from '../recovery/ports';

const EVERY_MS = 2_000;

/** A line on how far a walk is, every two seconds; a walk that is over before says nothing. */
export function progressLine(
  write: (line: string) => void,
  nowMs: () => number = Date.now,
): (progress: WalkProgress) => void {
  let saidMs = nowMs();
  return ({ what, done, total }) => {
    if (nowMs() - saidMs < EVERY_MS) return;
    saidMs = nowMs();
    write(`registry: ${String(done)} of ${String(total)} ${what}\n`);
  };
}
