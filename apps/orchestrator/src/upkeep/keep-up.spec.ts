import { Logger } from '@nestjs/common';
import { KeepUp } from './keep-up';

/** A worker that notes what it is told, and the facts that decide it. */
function setUp() {
  const told: string[] = [];
  const note = (what: string) => {
    told.push(what);
    return Promise.resolve();
  };
  const worker = {
    on: () => worker,
    pause: () => note('pause'),
    resume: () => {
      told.push('resume');
    },
  };
  const facts = { isUp: false, isOpen: false, look: () => undefined as unknown };
  const keepUp = new KeepUp({
    worker: () => worker as never,
    schedules: { start: () => void note('schedules'), stop: () => note('no schedules') },
    run: { drain: () => note('drain') },
    connection: {
      get isUp() {
        return facts.isUp;
      },
      onUpChange: (listener) => {
        facts.look = () => {
          listener(facts.isUp);
        };
      },
    },
    breaker: {
      get isOpen() {
        return facts.isOpen;
      },
      onChange: () => undefined,
    },
  });
  const become = (change: Partial<typeof facts>) => {
    Object.assign(facts, change);
    facts.look();
    return told.splice(0);
  };
  return { keepUp, told, become };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('keeping tables up', () => {
  it('takes jobs only while Spark can do something with them', () => {
    const { keepUp, told, become } = setUp();
    keepUp.start();
    expect(told.splice(0)).toEqual(['schedules']);
    expect(become({ isUp: true })).toEqual(['resume']);
    expect(become({ isUp: true })).toEqual([]);
    expect(become({ isOpen: true })).toEqual(['pause']);
    expect(become({ isOpen: false })).toEqual(['resume']);
    expect(become({ isUp: false })).toEqual(['pause']);
  });

  it('ends with what runs, and takes nothing any more', async () => {
    const { keepUp, told, become } = setUp();
    keepUp.start();
    become({ isUp: true });
    await keepUp.stop();
    expect(told.splice(0).sort()).toEqual(['drain', 'no schedules', 'pause']);
    expect(become({ isUp: false })).toEqual([]);
    expect(become({ isUp: true })).toEqual([]);
  });
});
