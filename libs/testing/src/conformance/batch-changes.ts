import type { BatchChanges, BatchRegistry } from '@millrace/domain';
import { aRegisteredBatch, aUuid } from '../builders/batch';
import { CHANGES, aBatchIn } from './batch-fixtures';
import { openedForEachTest } from './opened';
import type { Opened } from './opened';

export interface ChangePorts {
  readonly batches: BatchRegistry;
  readonly changes: BatchChanges;
  /** Resolves once what happens from now on is heard. */
  readonly isListening: () => Promise<unknown>;
}

/** Listens, and gives what was heard; `heard(count)` waits until it is so much. */
export function listenTo(changes: BatchChanges) {
  const batchIds: string[] = [];
  const waiting = new Set<() => void>();
  const stop = changes.onChange((batchId) => {
    batchIds.push(batchId);
    for (const check of waiting) check();
  });
  const heard = (count: number) =>
    new Promise<string[]>((resolve) => {
      const check = () => {
        if (batchIds.length < count) return;
        waiting.delete(check);
        resolve([...batchIds]);
      };
      waiting.add(check);
      check();
    });
  return { stop, heard };
}

/**
 * What everybody who tells of changes must do, together with the registry that makes them. Call it at the top of a spec.
 * @param open gives an empty registry.
 */
export function describeBatchChanges(name: string, open: () => Promise<Opened<ChangePorts>>): void {
  describe(`${name} as the news of changes`, () => {
    const ports = openedForEachTest(open);

    it('tells every listener of each change, in order', async () => {
      const { batches, changes, isListening } = ports();
      const listeners = [listenTo(changes), listenTo(changes)];
      await isListening();
      const record = await aBatchIn(batches, 'FAILED, results deleted');
      const other = await aRegisteredBatch(batches, { uuid: aUuid(1) });
      const expected = [...Array.from({ length: 4 }, () => record.batchId), other.batchId];
      for (const { heard } of listeners) expect(await heard(5)).toEqual(expected);
    });

    it('tells of a change when it can be seen', async () => {
      const { batches, changes, isListening } = ports();
      const { batchId } = await aBatchIn(batches, 'RUNNING');
      const seen = new Promise((resolve) => {
        changes.onChange((changedId) => {
          resolve(batches.find(changedId).then((record) => record?.status));
        });
      });
      await isListening();
      await CHANGES.complete(batches, { batchId, attempt: 1 });
      expect(await seen).toBe('COMPLETED');
    });

    it('tells nothing to who has stopped to listen, and nothing of changes that did not happen', async () => {
      const { batches, changes, isListening } = ports();
      const [gone, here] = [listenTo(changes), listenTo(changes)];
      await isListening();
      gone.stop();
      const { batchId } = await aRegisteredBatch(batches);
      await CHANGES.complete(batches, { batchId, attempt: 1 });
      const last = await aRegisteredBatch(batches, { uuid: aUuid(1) });
      expect(await here.heard(2)).toEqual([batchId, last.batchId]);
      expect(await gone.heard(0)).toEqual([]);
    });

    it('goes on telling the others when a listener fails', async () => {
      const { batches, changes, isListening } = ports();
      changes.onChange(() => {
        throw new Error('a listener with a defect');
      });
      const { heard } = listenTo(changes);
      await isListening();
      const { batchId } = await aRegisteredBatch(batches);
      expect(await heard(1)).toEqual([batchId]);
    });
  });
}
