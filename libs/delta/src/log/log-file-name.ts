/** Directory of the log inside a table. */
export const LOG_DIRECTORY = '_delta_log';

export type LogFileName =
  | { readonly kind: 'commit'; readonly version: number }
  | {
      readonly kind: 'checkpoint';
      readonly version: number;
      /** From 1; a classic checkpoint is part 1 of 1. */
      readonly part: number;
      readonly parts: number;
    }
  /** Named by UUID: refers to sidecar files, needs the reader feature `v2Checkpoint`. */
  | { readonly kind: 'v2-checkpoint'; readonly version: number };

const COMMIT = /^(\d{20})\.json$/;
const CLASSIC = /^(\d{20})\.checkpoint\.parquet$/;
const MULTI_PART = /^(\d{20})\.checkpoint\.(\d{10})\.(\d{10})\.parquet$/;
const V2 = /^(\d{20})\.checkpoint\.[0-9a-f-]{36}\.(?:json|parquet)$/i;

/** What a name in `_delta_log` says; undefined for everything a reader has to ignore (hints, checksums, temporary files). */
export function parseLogFileName(name: string): LogFileName | undefined {
  const commit = COMMIT.exec(name);
  if (commit) return { kind: 'commit', version: Number(commit[1]) };
  const classic = CLASSIC.exec(name);
  if (classic) return { kind: 'checkpoint', version: Number(classic[1]), part: 1, parts: 1 };
  const multiPart = MULTI_PART.exec(name);
  if (multiPart) {
    return {
      kind: 'checkpoint',
      version: Number(multiPart[1]),
      part: Number(multiPart[2]),
      parts: Number(multiPart[3]),
    };
  }
  const v2 = V2.exec(name);
  return v2 ? { kind: 'v2-checkpoint', version: Number(v2[1]) } : undefined;
}

/** Path of a commit relative to the table. */
export function commitPath(version: number): string {
  return `${LOG_DIRECTORY}/${digits(version, 20)}.json`;
}

/** Paths, relative to the table, of all parts of a checkpoint. */
export function checkpointPaths(version: number, parts: number): string[] {
  if (parts === 1) return [`${LOG_DIRECTORY}/${digits(version, 20)}.checkpoint.parquet`];
  return Array.from(
    { length: parts },
    (_, index) =>
      `${LOG_DIRECTORY}/${digits(version, 20)}.checkpoint.${digits(index + 1, 10)}.${digits(parts, 10)}.parquet`,
  );
}

const digits = (value: number, width: number) => String(value).padStart(width, '0');
