import { ServiceUnavailable } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { ConnectionUnavailableError, SessionChangedError, SparkConnectError } from 'spark-connect-js';
import { NOW, OUTCOME, failing, setUpBatch, untilAborted } from './batch.fixture';
import type { StepScript } from './batch.fixture';

interface Line {
  readonly level: string;
  readonly facts: { readonly batchId?: string; readonly err?: unknown };
  readonly message: string;
}

let lines: Line[];

beforeEach(() => {
  lines = [];
  const at = (level: string) => (facts: Line['facts'], message: string) => {
    lines.push({ level, facts, message });
  };
  Logger.overrideLogger({ debug: at('debug'), log: at('log'), warn: at('warn'), error: at('error') });
});

afterAll(() => {
  Logger.overrideLogger(false);
});

const succeeding: StepScript = () => Promise.resolve(OUTCOME);

async function run(script: StepScript) {
  const parts = await setUpBatch({}, { timeoutSeconds: script === untilAborted ? 0.01 : 3_600 });
  parts.computation.scripts.aggregated = script;
  await parts.runBatch.execute(parts.key);
  return parts;
}

const gone = new SparkConnectError('Lost rows', {
  errorClass: 'KAFKA_DATA_LOSS.COULD_NOT_READ_OFFSET_RANGE',
});

describe('the log of an attempt', () => {
  it.each<[string, string, RegExp, StepScript]>([
    ['is completed', 'log', /^Batch completed$/, succeeding],
    ['takes too long', 'warn', /^Batch failed: .*limit of 0.01 s/, untilAborted],
    ['fails in a known way', 'warn', /^Batch failed: Kafka does not have/, failing(gone)],
    ['meets what may pass', 'warn', /tried again: restarted$/, failing(new SessionChangedError('restarted'))],
    ['finds Spark away', 'warn', /postponed: refused$/, failing(new ConnectionUnavailableError('refused'))],
  ])('is one line without a stack when it %s', async (_what, level, message, script) => {
    const { batchId } = await run(script);
    expect(lines).toEqual([
      {
        level,
        facts: expect.objectContaining({ batchId }) as unknown,
        message: expect.stringMatching(message) as unknown,
      },
    ]);
    expect(lines[0]?.facts.err).toBeUndefined();
  });

  it('is one line when the batch is cancelled', async () => {
    const { runBatch, registry, key, batchId, whenStarted } = await setUpBatch();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    await registry.requestCancel(batchId, NOW);
    runBatch.abort(batchId, { kind: 'cancel' });
    await running;
    expect(lines).toMatchObject([{ level: 'log', facts: { batchId }, message: 'Batch cancelled' }]);
  });

  it.each<[string, string, Error]>([
    ['is known to be away', 'debug', new ServiceUnavailable('Spark is not available')],
    ['goes away meanwhile', 'warn', new ConnectionUnavailableError('refused')],
  ])('tells that a cancel waits where Spark %s, at the level %s', async (_what, level, stopFailure) => {
    const { registry, computation, cancelBatch, key, batchId } = await setUpBatch();
    await registry.claim(key, NOW);
    await registry.requestCancel(batchId, NOW);
    computation.stopFailure = stopFailure;
    await cancelBatch.finish(key);
    const message = `Cancelling waits, and is tried again: ${stopFailure.message}`;
    expect(lines).toEqual([{ level, facts: key, message }]);
  });

  it('has the stack of what nobody has foreseen', async () => {
    const bug = new TypeError('x is not a function');
    const { batchId } = await run(failing(bug));
    expect(lines).toMatchObject([
      { level: 'error', facts: { batchId, err: bug }, message: 'Batch failed: x is not a function' },
    ]);
  });
});
