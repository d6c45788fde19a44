/** Why a Delta table cannot be read. */
export const DELTA_ERROR_REASONS = [
  'TABLE_NOT_FOUND',
  'VERSION_NOT_FOUND',
  'TIME_NOT_FOUND',
  'UNSUPPORTED_TABLE',
  'CORRUPT_LOG',
  'UNSAFE_PATH',
  'FILE_MISSING',
  'UNKNOWN_COLUMN',
] as const;

export type DeltaErrorReason = (typeof DELTA_ERROR_REASONS)[number];

/** Every expected failure of this library. Compare by `reason`: classes differ between packages loaded twice. */
export abstract class DeltaError extends Error {
  abstract readonly reason: DeltaErrorReason;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The directory is absent or has no `_delta_log` with a readable version. */
export class DeltaTableNotFound extends DeltaError {
  readonly reason = 'TABLE_NOT_FOUND';
  constructor(
    readonly tablePath: string,
    options?: ErrorOptions,
  ) {
    super(`No Delta table at ${tablePath}`, options);
  }
}

/** The version is newer than the table, or older than what its log still holds. */
export class DeltaVersionNotFound extends DeltaError {
  readonly reason = 'VERSION_NOT_FOUND';
  constructor(
    readonly tablePath: string,
    readonly version: number,
    readonly latestVersion: number,
    why: string,
  ) {
    super(`Version ${version} of ${tablePath} cannot be read: ${why} (latest is ${latestVersion})`);
  }
}

/** No version was the newest at that time: it is before the first one that the log still holds, or after the newest one. */
export class DeltaTimeNotFound extends DeltaError {
  readonly reason = 'TIME_NOT_FOUND';
  constructor(
    readonly tablePath: string,
    readonly time: Date,
    readonly oldest: Date | undefined,
    readonly newest: Date | undefined,
  ) {
    const range =
      oldest && newest
        ? `its versions are of ${oldest.toISOString()} to ${newest.toISOString()}`
        : 'its log holds none';
    super(`${tablePath} has no version of ${time.toISOString()}: ${range}`);
  }
}

/** The table asks its readers for something that is not implemented here; `features` names each. */
export class UnsupportedDeltaTable extends DeltaError {
  readonly reason = 'UNSUPPORTED_TABLE';
  constructor(
    readonly tablePath: string,
    readonly features: readonly string[],
  ) {
    super(`${tablePath} needs what this reader does not support: ${features.join(', ')}`);
  }
}

/** The log contradicts the protocol: a gap, a torn action, no metadata. */
export class CorruptDeltaLog extends DeltaError {
  readonly reason = 'CORRUPT_LOG';
  constructor(
    readonly tablePath: string,
    readonly what: string,
    options?: ErrorOptions,
  ) {
    super(`The log of ${tablePath} is corrupt: ${what}`, options);
  }
}

/** A path leaves the place it has to stay in: the table for a data file, the root for a table. */
export class UnsafeDeltaPath extends DeltaError {
  readonly reason = 'UNSAFE_PATH';
  constructor(
    readonly path: string,
    why: string,
  ) {
    super(`Refused path ${JSON.stringify(path)}: ${why}`);
  }
}

/** A data file that the log names is not there, or not in full: vacuumed, cut short, or the whole table was deleted. */
export class DeltaFileMissing extends DeltaError {
  readonly reason = 'FILE_MISSING';
  constructor(
    readonly path: string,
    options?: ErrorOptions,
  ) {
    super(`File of a Delta table is missing, or not whole: ${path}`, options);
  }
}

/** A column that the schema of the table does not have. */
export class UnknownDeltaColumn extends DeltaError {
  readonly reason = 'UNKNOWN_COLUMN';
  constructor(
    readonly tablePath: string,
    readonly column: string,
  ) {
    super(`${tablePath} has no column ${JSON.stringify(column)}`);
  }
}

/** True for an error of this library, also one made by another copy of it. */
export function isDeltaError(error: unknown): error is DeltaError {
  return error instanceof Error && 'reason' in error && DELTA_ERROR_REASONS.some((it) => it === error.reason);
}
