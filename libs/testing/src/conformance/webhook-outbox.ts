import type { BatchRegistry, WebhookDelivery, WebhookOutbox } from '@millrace/domain';
import { aRecoveredBatch, aRegisteredBatch, aUuid } from '../builders/batch';
import { CHANGES, END_TIME, START_TIME, inParallel, keyOf } from './batch-fixtures';
import { openedForEachTest } from './opened';
import type { Opened } from './opened';

export interface WebhookPorts {
  readonly batches: BatchRegistry;
  readonly webhooks: WebhookOutbox;
}

const URL = 'https://example.org/hook';
const after = (seconds: number) => new Date(END_TIME.getTime() + seconds * 1_000);
const ANY = 1_000;

/**
 * What every outbox of webhooks must do, together with the registry that fills it. Call it at the top of a spec.
 * @param open gives an empty registry with its outbox.
 */
export function describeWebhookOutbox(name: string, open: () => Promise<Opened<WebhookPorts>>): void {
  describe(`${name} as an outbox of webhooks`, () => {
    const ports = openedForEachTest(open);
    describeFilling(ports);
    describeLeases(ports);
    describeDeadLetters(ports);
    describePruning(ports);
  });
}

/** A batch that has ended, with its delivery to be sent. */
async function anEndedBatch({ batches }: WebhookPorts, number = 1): Promise<string> {
  const { batchId } = await aRegisteredBatch(batches, { uuid: aUuid(number), webhookUrl: URL });
  await CHANGES.claim(batches, keyOf({ batchId }));
  await CHANGES.complete(batches, keyOf({ batchId }));
  return batchId;
}

async function theDelivery(ports: WebhookPorts): Promise<WebhookDelivery> {
  await anEndedBatch(ports);
  const [delivery] = await ports.webhooks.take(END_TIME, END_TIME, 1);
  if (delivery === undefined) throw new Error('The batch that ended has no delivery');
  return delivery;
}

function describeFilling(ports: () => WebhookPorts): void {
  it.each(['complete', 'fail', 'cancel'] as const)('holds a message once %s ended a batch', async (end) => {
    const { batches, webhooks } = ports();
    const { batchId } = await aRegisteredBatch(batches, { webhookUrl: URL });
    await CHANGES.claim(batches, keyOf({ batchId }));
    await CHANGES.requestCancel(batches, keyOf({ batchId }));
    expect(await webhooks.take(after(60), after(60), ANY)).toEqual([]);
    await CHANGES[end](batches, keyOf({ batchId }));
    const [delivery, ...others] = await webhooks.take(END_TIME, after(60), ANY);
    expect(others).toEqual([]);
    expect(delivery).toMatchObject({ batchId, url: URL, status: 'PENDING', attempts: 0, lastError: null });
    expect(delivery?.eventId).toBe((await batches.find(batchId))?.lastEventId);
    expect(delivery?.nextAttempt).toEqual(after(60));
    expect(delivery?.createTime).toBeInstanceOf(Date);
  });

  it('holds one for a batch that is cancelled before it began', async () => {
    const { batches, webhooks } = ports();
    const { batchId } = await aRegisteredBatch(batches, { webhookUrl: URL });
    await batches.requestCancel(batchId, START_TIME);
    expect(await webhooks.take(START_TIME, after(1), ANY)).toMatchObject([{ batchId, eventId: 2 }]);
  });

  it('holds one for each end of a batch that was tried again', async () => {
    const { batches, webhooks } = ports();
    const { batchId } = await aRegisteredBatch(batches, { webhookUrl: URL });
    await CHANGES.fail(batches, keyOf({ batchId }));
    await batches.retry(batchId);
    await CHANGES.fail(batches, keyOf({ batchId }, 2));
    const taken = await webhooks.take(END_TIME, after(60), ANY);
    expect(taken.map(({ eventId }) => eventId)).toEqual([2, 4]);
  });

  it('holds none without a URL, none for other changes and none for a recovered batch', async () => {
    const { batches, webhooks } = ports();
    const { batchId } = await aRegisteredBatch(batches);
    await CHANGES.fail(batches, keyOf({ batchId }));
    await batches.recover(aRecoveredBatch({ uuid: aUuid(1) }));
    await anEndedBatch(ports(), 2);
    for (const { batchId: ended } of (await batches.list({ limit: 10 })).batches) {
      await CHANGES.markResultsDeleted(batches, keyOf({ batchId: ended }));
    }
    expect(await webhooks.take(after(60), after(120), ANY)).toHaveLength(1);
  });
}

function describeLeases(ports: () => WebhookPorts): void {
  it('gives what is due, oldest first, no more than asked for', async () => {
    const batchIds = [];
    for (const number of [3, 1, 2]) batchIds.push(await anEndedBatch(ports(), number));
    const taken = async () =>
      (await ports().webhooks.take(END_TIME, after(60), 2)).map(({ batchId }) => batchId);
    expect(await ports().webhooks.take(after(-1), after(60), ANY)).toEqual([]);
    expect(await taken()).toEqual(batchIds.slice(0, 2));
    expect(await taken()).toEqual(batchIds.slice(2));
    expect(await taken()).toEqual([]);
  });

  it('gives a delivery again once its lease is over', async () => {
    const { webhooks } = ports();
    await anEndedBatch(ports());
    await webhooks.take(END_TIME, after(30), ANY);
    expect(await webhooks.take(after(29), after(60), ANY)).toEqual([]);
    expect(await webhooks.take(after(30), after(60), ANY)).toHaveLength(1);
  });

  it('gives each delivery to one of 20 takers', async () => {
    for (let number = 0; number < 30; number += 1) await anEndedBatch(ports(), number);
    const taken = (await inParallel(20, () => ports().webhooks.take(END_TIME, after(60), 3))).flat();
    const ids = new Set(taken.map(({ deliveryId }) => deliveryId));
    expect(ids.size).toBe(taken.length);
    const rest = await ports().webhooks.take(END_TIME, after(60), ANY);
    expect(taken.length + rest.length).toBe(30);
  });

  it('never gives again what was delivered', async () => {
    const { webhooks } = ports();
    const { deliveryId } = await theDelivery(ports());
    expect(await webhooks.delivered(deliveryId)).toBe(true);
    expect(await webhooks.take(after(60), after(60), ANY)).toEqual([]);
    expect(await webhooks.delivered(deliveryId)).toBe(false);
    expect(await webhooks.failed(deliveryId, { error: 'x', nextAttempt: END_TIME })).toBe(false);
    expect(await webhooks.redeliver(deliveryId, END_TIME)).toBe(false);
    expect(await webhooks.listDead(ANY)).toEqual([]);
  });

  it('gives a failed one at its next attempt, with the count and the reason', async () => {
    const { webhooks } = ports();
    const delivery = await theDelivery(ports());
    const failure = { error: 'answered 500: \u0000', nextAttempt: after(10) };
    expect(await webhooks.failed(delivery.deliveryId, failure)).toBe(true);
    expect(await webhooks.take(after(9), after(60), ANY)).toEqual([]);
    const [again] = await webhooks.take(after(10), after(60), ANY);
    expect(again).toEqual({
      ...delivery,
      attempts: 1,
      nextAttempt: after(60),
      lastError: expect.stringMatching(/^answered 500: .$/) as string,
    });
  });

  it.each(['delivered', 'redeliver', 'failed'] as const)(
    'knows no delivery of another id, on %s',
    async (change) => {
      const { webhooks } = ports();
      for (const id of [aUuid(9), 'nonsense', '\u0000']) {
        const results = {
          delivered: () => webhooks.delivered(id),
          redeliver: () => webhooks.redeliver(id, END_TIME),
          failed: () => webhooks.failed(id, { error: 'x', nextAttempt: null }),
        };
        expect(await results[change]()).toBe(false);
      }
    },
  );
}

function describeDeadLetters(ports: () => WebhookPorts): void {
  it('keeps what will not be tried again as dead letters, newest first', async () => {
    const { webhooks } = ports();
    const batchIds = [];
    for (const number of [2, 3, 1]) {
      batchIds.push(await anEndedBatch(ports(), number));
      const [delivery] = await webhooks.take(END_TIME, END_TIME, 1);
      await webhooks.failed(delivery?.deliveryId ?? '', { error: 'gone', nextAttempt: null });
    }
    const dead = await webhooks.listDead(ANY);
    expect(dead.map(({ batchId }) => batchId)).toEqual([...batchIds].reverse());
    expect(dead[0]).toMatchObject({ status: 'DEAD', attempts: 1, lastError: 'gone' });
    expect(await webhooks.listDead(1)).toEqual(dead.slice(0, 1));
    expect(await webhooks.take(after(1_000), after(2_000), ANY)).toEqual([]);
  });

  it('sends a dead letter anew when asked, once, with all its attempts', async () => {
    const { webhooks } = ports();
    const delivery = await theDelivery(ports());
    expect(await webhooks.redeliver(delivery.deliveryId, END_TIME)).toBe(false);
    await webhooks.failed(delivery.deliveryId, { error: 'gone', nextAttempt: null });
    expect(await webhooks.redeliver(delivery.deliveryId, after(5))).toBe(true);
    expect(await webhooks.redeliver(delivery.deliveryId, after(5))).toBe(false);
    expect(await webhooks.listDead(ANY)).toEqual([]);
    expect(await webhooks.take(after(4), after(60), ANY)).toEqual([]);
    expect(await webhooks.take(after(5), after(60), ANY)).toEqual([
      { ...delivery, attempts: 0, nextAttempt: after(60), lastError: 'gone' },
    ]);
  });
}

function describePruning(ports: () => WebhookPorts): void {
  it('loses what was delivered about batches that ended before a time, no more at once than asked for', async () => {
    const { batches, webhooks } = ports();
    for (const number of [1, 2, 3]) await anEndedBatch(ports(), number);
    const prune = (endedBefore: Date) => batches.pruneHistory(endedBefore, 2);
    expect(await prune(after(1))).toBe(0);
    for (const { deliveryId } of await webhooks.take(END_TIME, after(60), ANY)) {
      await webhooks.delivered(deliveryId);
    }
    expect(await prune(END_TIME)).toBe(0);
    expect([await prune(after(1)), await prune(after(1)), await prune(after(1))]).toEqual([2, 1, 0]);
  });

  it('keeps what waits and what is dead', async () => {
    const { batches, webhooks } = ports();
    const { deliveryId } = await theDelivery(ports());
    await webhooks.failed(deliveryId, { error: '500', nextAttempt: null });
    await anEndedBatch(ports(), 2);
    expect(await batches.pruneHistory(after(1), ANY)).toBe(0);
    expect(await webhooks.listDead(ANY)).toHaveLength(1);
    expect(await webhooks.take(END_TIME, after(60), ANY)).toHaveLength(1);
  });
}
