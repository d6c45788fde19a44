import { DeltaFileMissing } from '../error/delta-error';
import { addAction, metadataAction, protocolAction } from '../fixtures';
import type { TableFiles } from '../storage/table-storage';
import { checkpointPaths, commitPath } from './log-file-name';
import { listLog, readLog } from './read-log';

const base = [protocolAction(), metadataAction({ id: 'long' }), addAction('a')];

/** A table whose log is cleaned up (commit 0 and 1 go, a checkpoint comes) right after it was listed. */
class CleanedUpMeanwhile implements TableFiles {
  readonly isLocal = true;
  readonly address = '/table';
  lists = 0;

  async list(): Promise<string[]> {
    this.lists += 1;
    const before = [commitPath(0), commitPath(1), commitPath(2)];
    const after = [...checkpointPaths(1, 1), commitPath(2)];
    return Promise.resolve((this.lists === 1 ? before : after).map((path) => path.split('/')[1] ?? ''));
  }

  async readText(path: string): Promise<string> {
    if (path !== commitPath(2)) return Promise.reject(new DeltaFileMissing(path));
    return Promise.resolve(JSON.stringify(addAction('b')));
  }

  async *readLines(path: string): AsyncIterable<string> {
    yield* (await this.readText(path)).split('\n');
  }

  async size(path: string): Promise<number> {
    return (await this.readText(path)).length;
  }

  modifiedAt(): Promise<Date> {
    return Promise.resolve(new Date(0));
  }

  withLocal<T>(paths: readonly string[], read: (locations: readonly string[]) => Promise<T>): Promise<T> {
    return read(paths);
  }
}

async function* checkpoint(): AsyncIterable<string> {
  for (const action of base) yield await Promise.resolve(JSON.stringify(action));
}

describe('readLog', () => {
  it('lists once more when a commit was cleaned up after the listing', async () => {
    const table = new CleanedUpMeanwhile();
    const state = await readLog(table, await listLog(table), 2, checkpoint);
    expect([...state.files.keys()]).toEqual(['a', 'b']);
    expect(table.lists).toBe(2);
  });
});
