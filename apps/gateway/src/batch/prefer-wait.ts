/** Longest wait that a request can ask for. */
export const LONGEST_WAIT_SECONDS = 60;

const WAIT = /^wait\s*=\s*"?(\d{1,9})"?$/i;

/**
 * Seconds that the request prefers to wait (`Prefer: wait=10`, RFC 7240), cut to the longest; undefined without such a
 * preference, or with one that makes no sense, which is to be ignored.
 */
export function preferredWait(header: string | readonly string[] | undefined): number | undefined {
  const preferences = [header ?? []].flat().join(',').split(',');
  for (const preference of preferences) {
    const [name = ''] = preference.split(';', 1);
    const seconds = WAIT.exec(name.trim())?.[1];
    // Of a preference that is given twice the first one counts.
    if (seconds !== undefined) return Math.min(Number(seconds), LONGEST_WAIT_SECONDS);
  }
  return undefined;
}
