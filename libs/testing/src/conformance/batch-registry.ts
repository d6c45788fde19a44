import type { BatchRegistry } from '@millrace/domain';
import { openedForEachTest } from './opened';
import type { Opened } from './opened';
import { describeAttempts } from './batch-registry-attempts';
import { describeReads } from './batch-registry-reads';
import { describeTransitions } from './batch-registry-transitions';

/**
 * What every implementation of BatchRegistry must do. Call it at the top of a spec.
 * @param open gives an empty registry.
 */
export function describeBatchRegistry(name: string, open: () => Promise<Opened<BatchRegistry>>): void {
  describe(`${name} as a batch registry`, () => {
    const registry = openedForEachTest(open);
    describeReads(registry);
    describeTransitions(registry);
    describeAttempts(registry);
  });
}
