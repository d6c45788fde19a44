import { Wakeup } from './wakeup';

const NEVER_MS = 1_000_000;

describe('a wake-up', () => {
  it('is heard by one who begins to wait after it rang', async () => {
    const wakeup = new Wakeup();
    wakeup.ring();
    wakeup.ring();
    await wakeup.wait(NEVER_MS);
    let isAwake = false;
    const second = wakeup.wait(NEVER_MS).then(() => (isAwake = true));
    await new Promise(setImmediate);
    expect(isAwake).toBe(false);
    wakeup.ring();
    await second;
  });

  it('comes at the latest when the time is over, and waits anew after that', async () => {
    const wakeup = new Wakeup();
    await wakeup.wait(1);
    const waiting = wakeup.wait(NEVER_MS);
    wakeup.ring();
    await waiting;
  });
});
