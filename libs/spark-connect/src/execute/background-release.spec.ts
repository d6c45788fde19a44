import { EventEmitter, once } from 'node:events';
import { BackgroundReleases, ReleaseUntilQueue } from './background-release';

describe('BackgroundReleases', () => {
  it('waits for what is under way and forgets what fails', async () => {
    const releases = new BackgroundReleases();
    let done = false;
    releases.add(async () => {
      await Promise.resolve();
      done = true;
    });
    releases.add(() => Promise.reject(new Error('server gone')));
    await releases.settledWithin(10_000);
    expect(done).toBe(true);
  });

  it('abandons what takes too long', async () => {
    const releases = new BackgroundReleases();
    releases.add(
      () =>
        new Promise((resolve) => {
          releases.signal.addEventListener('abort', resolve);
        }),
    );
    await releases.settledWithin(5);
    expect(releases.signal.aborted).toBe(true);
  });
});

describe('ReleaseUntilQueue', () => {
  it('sends one at a time and of those that wait only the newest', async () => {
    const sent: string[] = [];
    const answer = new EventEmitter();
    const sending = once(answer, 'sent');
    const queue = new ReleaseUntilQueue((id) => {
      sent.push(id);
      answer.emit('sent');
      return once(answer, 'answered');
    });
    for (const id of ['1', '2']) queue.push(id);
    await sending;
    for (const id of ['3', '4']) queue.push(id);
    expect(sent).toEqual(['2']);
    answer.emit('answered');
    await new Promise(setImmediate);
    expect(sent).toEqual(['2', '4']);
    queue.push('5');
    queue.close();
    answer.emit('answered');
    await new Promise(setImmediate);
    expect(sent).toEqual(['2', '4']);
  });

  it('sends nothing where the result was complete at once', () => {
    jest.useFakeTimers();
    const sent: string[] = [];
    const queue = new ReleaseUntilQueue((id) => Promise.resolve(sent.push(id)));
    queue.push('1');
    queue.close();
    jest.runAllTimers();
    jest.useRealTimers();
    expect(sent).toEqual([]);
  });
});
