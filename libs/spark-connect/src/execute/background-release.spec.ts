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
    const answers: (() => void)[] = [];
    const queue = new ReleaseUntilQueue((id) => {
      sent.push(id);
      return new Promise<void>((resolve) => answers.push(resolve));
    });
    for (const id of ['1', '2', '3']) queue.push(id);
    expect(sent).toEqual(['1']);
    answers[0]?.();
    await new Promise(setImmediate);
    expect(sent).toEqual(['1', '3']);
    queue.push('4');
    queue.close();
    answers[1]?.();
    await new Promise(setImmediate);
    expect(sent).toEqual(['1', '3']);
  });
});
