import { Logger } from '@nestjs/common';
import { Drain } from './drain';

beforeAll(() => {
  Logger.overrideLogger(false);
});

function start() {
  const events: string[] = [];
  const drain = new Drain((exitCode) => {
    events.push(`end ${String(exitCode)}`);
    return Promise.resolve();
  });
  const stage = (name: string, run: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) => ({
    name,
    timeoutMs: 1_000,
    run: async (signal: AbortSignal) => {
      events.push(name);
      await run(signal);
    },
  });
  return { drain, events, stage };
}

describe('Drain', () => {
  it('runs the stages in order and ends with code 0', async () => {
    const { drain, events, stage } = start();
    drain.add(stage('streams', () => new Promise(setImmediate)));
    drain.add(stage('batches'));
    expect(drain.isDraining).toBe(false);
    const done = drain.request('spec');
    expect(drain.isDraining).toBe(true);
    await done;
    expect(events).toEqual(['streams', 'batches', 'end 0']);
  });

  it('runs once however often it is requested', async () => {
    const { drain, events, stage } = start();
    drain.add(stage('streams'));
    await Promise.all([drain.request('one'), drain.request('two'), drain.run('three')]);
    expect(events).toEqual(['streams', 'end 0']);
  });

  it('runs the later stages after a failure, and ends with code 1', async () => {
    const { drain, events, stage } = start();
    drain.add(stage('streams', () => Promise.reject(new Error('stuck'))));
    drain.add(stage('batches'));
    await drain.request('spec');
    expect(events).toEqual(['streams', 'batches', 'end 1']);
  });

  it('goes on when a stage takes too long, and tells the stage', async () => {
    const { drain, events, stage } = start();
    let told: AbortSignal | undefined;
    const never = (signal: AbortSignal) => {
      told = signal;
      return new Promise<void>(() => undefined);
    };
    drain.add({ ...stage('streams', never), timeoutMs: 1 });
    drain.add(stage('batches'));
    await drain.request('spec');
    expect(events).toEqual(['streams', 'batches', 'end 1']);
    expect(told?.aborted).toBe(true);
  });

  it('ends with code 1 after a failure elsewhere, also when it runs already', async () => {
    const { drain, events, stage } = start();
    drain.add(stage('streams', () => new Promise(setImmediate)));
    await Promise.all([drain.request('one'), drain.requestAfterFailure('two')]);
    expect(events).toEqual(['streams', 'end 1']);
  });

  it('waits for leave where somebody must still answer', async () => {
    const { drain, events, stage } = start();
    drain.add(stage('streams'));
    await drain.run('spec');
    expect(events).toEqual(['streams']);
    await drain.leave();
    expect(events).toEqual(['streams', 'end 0']);
  });
});
