import type { ActionOptions } from '../execute/action-options';
import type { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;
let spark: SparkSession;
let warnings: string[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
  warnings = [];
  // Jest's process does not hear its own warnings.
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await spark.close();
  server.close();
});

/** Progress, a batch with metrics, and the end. */
async function run(options: ActionOptions): Promise<unknown> {
  server.play((stream) => {
    stream.send('r1', { responseType: { case: 'executionProgress', value: {} } });
    const values = [{ literalType: { case: 'long', value: 3n } }] as const;
    stream.send('r2', { observedMetrics: [{ name: 'm', keys: ['n'], values: [...values] }] });
    sendIds(stream, 'r3', 0, [0]);
    stream.complete('r4');
  });
  const rows = await spark.range(1).collect(options);
  // A rejection that nobody handles would end the test here.
  await new Promise(setImmediate);
  return rows;
}

const failing = (): never => {
  throw new Error('of the caller');
};
const rejecting = (): Promise<never> => Promise.reject(new Error('of the caller'));

describe('1.8 functions of the caller', () => {
  test.each<[string, ActionOptions]>([
    ['onProgress that throws', { onProgress: failing }],
    ['onProgress that rejects', { onProgress: rejecting }],
    ['onObservedMetrics that throws', { onObservedMetrics: failing }],
    ['onObservedMetrics that rejects', { onObservedMetrics: rejecting }],
  ])('%s: a warning, and the action goes on', async (what, options) => {
    await expect(run(options)).resolves.toEqual([{ id: 0n }]);
    const name = what.split(' ')[0] ?? '';
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`^${name} .*of the caller`))]);
  });

  test.each([failing, rejecting])(
    'onConsumed ends the action: what was not stored must not be released',
    async (onConsumed) => {
      await expect(run({ onConsumed })).rejects.toThrow('of the caller');
      expect(warnings).toEqual([]);
    },
  );
});
