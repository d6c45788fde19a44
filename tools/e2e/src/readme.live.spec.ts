import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureHistory } from './history';
import { ALL_TIME, allSettled, endpoints, settled, submitBatch } from './stack-under-test';
import { ensureStreaming } from './streaming';

jest.setTimeout(180_000);

const run = promisify(execFile);

/** The commands that other specs prove: `npm start` in first-run, `npm test` by running this. */
const PROVED_ELSEWHERE = new Set(['npm start', 'npm test']);

const ROOT = join(__dirname, '..', '..', '..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const blocksOf = (text: string) =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => (block ?? '').trim());

const readme = textOf('README.md');
const blocks = blocksOf(readme);

/** Runs the blocks in their order, each with those before it, as one shell session in the checkout would. */
async function runAll(commands: readonly string[]): Promise<void> {
  const env = { ...process.env, SPARK_REMOTE: endpoints.sparkConnect };
  let script = 'set -e\n';
  for (const block of commands) {
    const lines = block
      .replaceAll('http://localhost:8080', endpoints.gateway)
      .replaceAll('curl ', 'curl -sS ');
    script += `${lines}\n`;
    const { stdout } = await run('sh', ['-c', script], { cwd: ROOT, env });
    expect(stdout).not.toMatch(/"error":"(?!BATCH_NOT_READY)/);
  }
}

// The blocks submit batches, and wait for few of them.
afterAll(() => allSettled(300_000), 310_000);

describe('README', () => {
  it('stays under 150 lines', () => {
    expect(readme.split('\n').length).toBeLessThan(150);
  });

  it('names the two commands', () => {
    expect(blocks.filter((block) => PROVED_ELSEWHERE.has(block))).toEqual(['npm start', 'npm test']);
  });

  it('holds only commands that work, in its order', async () => {
    await ensureHistory();
    await ensureStreaming();
    await settled(await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' }));
    const commands = blocks.filter((block) => !PROVED_ELSEWHERE.has(block));
    expect(commands.length).toBeGreaterThan(2);
    await runAll(commands);
  });
});

describe('the page about batches', () => {
  it('holds only commands that work', async () => {
    const commands = blocksOf(textOf('docs/batches.md'));
    expect(commands.length).toBeGreaterThan(2);
    await runAll(commands);
  });
});
