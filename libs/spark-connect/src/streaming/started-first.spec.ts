import type { ListenerEvent } from './listener-events';
import { StartedFirst } from './started-first';

const started = (runId: string): ListenerEvent => ({
  callback: 'onQueryStarted',
  event: { id: 'i', runId, name: undefined, timestamp: 't', jobTags: [] },
});
const idle = (runId: string): ListenerEvent => ({
  callback: 'onQueryIdle',
  event: { id: 'i', runId, timestamp: 't' },
});
const terminated = (runId: string): ListenerEvent => ({
  callback: 'onQueryTerminated',
  event: { id: 'i', runId, exception: undefined, errorClassOnException: undefined },
});

describe('StartedFirst', () => {
  let delivered: ListenerEvent[];
  let order: StartedFirst;

  beforeEach(() => {
    delivered = [];
    order = new StartedFirst((event) => {
      delivered.push(event);
    });
  });

  it('lets events pass while no query is being started', () => {
    order.push(idle('a'));
    expect(delivered).toEqual([idle('a')]);
  });

  it('puts the start of a run before the events that overtook it, in their order', async () => {
    await order.during((tell) => {
      order.push(idle('a'));
      order.push(terminated('a'));
      tell(started('a'));
      return Promise.resolve();
    });
    expect(delivered).toEqual([started('a'), idle('a'), terminated('a')]);
  });

  it('does not keep runs waiting that were heard of before', async () => {
    order.push(idle('old'));
    await order.during(() => {
      order.push(idle('old'));
      return Promise.resolve();
    });
    expect(delivered).toEqual([idle('old'), idle('old')]);
  });

  it('lets what it held go when the last start has ended, also by a failure', async () => {
    let fail: (error: Error) => void = () => undefined;
    const first = order.during(
      () =>
        new Promise((_resolve, reject) => {
          fail = reject;
        }),
    );
    await order.during(() => {
      order.push(idle('b'));
      return Promise.resolve();
    });
    expect(delivered).toEqual([]);
    fail(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    expect(delivered).toEqual([idle('b')]);
  });

  it('forgets what it held when the listening ends', async () => {
    await order.during(() => {
      order.push(idle('a'));
      order.clear();
      return Promise.resolve();
    });
    expect(delivered).toEqual([]);
  });
});
