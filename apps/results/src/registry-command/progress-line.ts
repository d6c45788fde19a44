const EVERY_MS = 2_000;

/** A line on how far a walk is, every two seconds; a walk that is over before says nothing. */
export function progressLine(
  write: (line: string) => void,
  nowMs: () => number = Date.now,
  command = 'registry',
): (progress: { readonly what: string; readonly done: number; readonly total: number }) => void {
  let saidMs = nowMs();
  return ({ what, done, total }) => {
    if (nowMs() - saidMs < EVERY_MS) return;
    saidMs = nowMs();
    write(`${command}: ${String(done)} of ${String(total)} ${what}\n`);
  };
}
