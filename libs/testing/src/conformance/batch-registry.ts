import type { BatchRegistry } from '@millrace/domain';
import { describeAttempts } from './batch-registry-attempts';
import { describeCancelling } from './batch-registry-cancelling';
import { describeEvents } from './batch-registry-events';
import { describeLists } from './batch-registry-lists';
import { describeQueue } from './batch-registry-queue';
import { describeRaces } from './batch-registry-races';
import { describeRegistration } from './batch-registry-registration';
import { describeResults } from './batch-registry-results';
import { describeSubmissions } from './batch-registry-submissions';
import { describeTransitions } from './batch-registry-transitions';
import { openedForEachTest } from './opened';
import type { Opened } from './opened';

/**
 * What every implementation of BatchRegistry must do. Call it at the top of a spec.
 * @param open gives an empty registry.
 */
export function describeBatchRegistry(name: string, open: () => Promise<Opened<BatchRegistry>>): void {
  describe(`${name} as a batch registry`, () => {
    const registry = openedForEachTest(open);
    describe('registering and finding', () => {
      describeRegistration(registry);
    });
    describe('submissions', () => {
      describeSubmissions(registry);
    });
    describe('lists', () => {
      describeLists(registry);
    });
    describe('the queue', () => {
      describeQueue(registry);
    });
    describe('changes of state', () => {
      describeTransitions(registry);
    });
    describe('attempts', () => {
      describeAttempts(registry);
    });
    describe('cancelling and repeating', () => {
      describeCancelling(registry);
    });
    describe('results', () => {
      describeResults(registry);
    });
    describe('events', () => {
      describeEvents(registry);
    });
    describe('races', () => {
      describeRaces(registry);
    });
  });
}
