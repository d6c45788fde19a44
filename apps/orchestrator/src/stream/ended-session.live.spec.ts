import { Logger } from '@nestjs/common';
import { someEvents, SupervisedStream } from './supervised-stream.fixture';

jest.setTimeout(300_000);

let stream: SupervisedStream;

beforeAll(async () => {
  // That Spark was lost is what this spec is about.
  Logger.overrideLogger(false);
  stream = await SupervisedStream.open();
});

afterAll(() => stream.close());

const untilStored = (events: number) =>
  stream.untilQuery('transactions', ({ counts }) => counts?.['stored'] === events);

describe('a stream whose Spark session has ended', () => {
  it('is started again from its checkpoints, and says why until a micro-batch has ended', async () => {
    await stream.produce(someEvents(10));
    await stream.supervisor.start({ topic: stream.topic, analyses: [], mode: 'continuous' });
    await untilStored(10);

    await stream.endSession();
    const again = await stream.untilQuery(
      'transactions',
      ({ restarts, isActive }) => restarts === 1 && isActive,
    );
    expect(again.errorMessage).toContain('Spark');

    await stream.produce(someEvents(5));
    expect((await untilStored(15)).errorMessage).toBeNull();
  });
});
