import { checkpointPaths, parseLogFileName } from './log-file-name';

/** A checkpoint of which every part is there. */
export interface CompleteCheckpoint {
  readonly version: number;
  /** Relative to the table. */
  readonly paths: readonly string[];
}

/**
 * What a listing of `_delta_log` holds. `_last_checkpoint` is never read: it is a hint that can be stale or torn, and the
 * listing says the same for certain.
 */
export class LogListing {
  readonly commits: ReadonlySet<number>;
  /** Newest first. */
  readonly checkpoints: readonly CompleteCheckpoint[];
  readonly v2Checkpoints: readonly number[];

  constructor(names: readonly string[]) {
    const commits = new Set<number>();
    const v2Checkpoints: number[] = [];
    const partsSeen = new Map<string, { version: number; parts: number; seen: Set<number> }>();
    for (const file of names.map(parseLogFileName)) {
      if (file === undefined) continue;
      if (file.kind === 'commit') commits.add(file.version);
      else if (file.kind === 'v2-checkpoint') v2Checkpoints.push(file.version);
      else addPart(partsSeen, file);
    }
    this.commits = commits;
    this.v2Checkpoints = v2Checkpoints;
    this.checkpoints = [...partsSeen.values()]
      .filter(({ parts, seen }) => seen.size === parts)
      .sort((a, b) => b.version - a.version || a.parts - b.parts)
      .map(({ version, parts }) => ({ version, paths: checkpointPaths(version, parts) }));
  }

  /** The newest version that the listing knows of. */
  get latestVersion(): number | undefined {
    return reduceTo(Math.max, [...this.commits, ...this.checkpoints.map((checkpoint) => checkpoint.version)]);
  }

  /** The oldest commit that was not cleaned up. */
  get firstCommit(): number | undefined {
    return reduceTo(Math.min, [...this.commits]);
  }

  /** First version in `from..to` that has no commit. */
  missingCommit(from: number, to: number): number | undefined {
    for (let version = from; version <= to; version++) {
      if (!this.commits.has(version)) return version;
    }
    return undefined;
  }
}

function reduceTo(choose: (a: number, b: number) => number, versions: readonly number[]): number | undefined {
  return versions.length === 0 ? undefined : versions.reduce((a, b) => choose(a, b));
}

function addPart(
  partsSeen: Map<string, { version: number; parts: number; seen: Set<number> }>,
  file: { version: number; part: number; parts: number },
): void {
  if (file.part < 1 || file.part > file.parts) return;
  const key = `${file.version}/${file.parts}`;
  const entry = partsSeen.get(key) ?? { version: file.version, parts: file.parts, seen: new Set<number>() };
  entry.seen.add(file.part);
  partsSeen.set(key, entry);
}
