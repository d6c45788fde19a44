import { evaluateInBin } from './bin-module.fixture';

describe('the lines of the progress', () => {
  it('keep the state at the right edge and cut what does not fit', () => {
    const lines = evaluateInBin(
      'progress.mjs',
      `[m.formatLine('kafka', 'one node', 'ok 1.0 s', 50), m.formatLine('seed', 'x'.repeat(80), '12 s', 40)]`,
    ) as string[];
    expect(lines[0]).toBe(` kafka        one node${' '.repeat(20)}ok 1.0 s`);
    expect(lines[1]).toHaveLength(40);
    expect(lines[1]).toMatch(/x\.\.\. {2}12 s$/);
  });

  it.each([
    [830, '0.8 s'],
    [42_000, '42 s'],
    [185_000, '3 min 05 s'],
  ])('show %i ms as %s', (ms, text) => {
    expect(evaluateInBin('progress.mjs', `m.formatElapsed(${String(ms)})`)).toBe(text);
  });

  it('say each step twice in a log, without control characters', () => {
    const script = `(async () => {
      const written = [];
      const reporter = m.createReporter({ out: { write: (text) => written.push(text) }, env: {} });
      reporter.step('redis', 'starting').done('there');
      reporter.close();
      return written.join('');
    })()`;
    const text = evaluateInBin('progress.mjs', script) as string;
    expect(text).toMatch(/^ redis {8}starting\n redis {8}there +ok 0\.\d s\n$/);
  });

  it.each([
    [{ NO_COLOR: '1' }, true, false],
    [{}, true, true],
    [{}, false, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, true, false],
  ])('are coloured with %j on a terminal (%s): %s', (env, isTerminal, expected) => {
    const question = `m.wantsColour(${JSON.stringify(env)}, ${String(isTerminal)})`;
    expect(evaluateInBin('progress.mjs', question)).toBe(expected);
  });
});

describe('the totals of a test run', () => {
  it('count a file of specs that cannot be run as a failure', () => {
    const report = {
      numPassedTests: 4,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 1,
      numPendingTests: 2,
      numTodoTests: 0,
    };
    const line = `m.totalsLine(m.sum({ passed: 1, failed: 0, skipped: 0 }, m.totalsOf(${JSON.stringify(report)})))`;
    expect(evaluateInBin('jest-run.mjs', line)).toBe('5 passed, 2 failed, 2 skipped');
  });

  it.each([
    [[], { kinds: ['unit', 'java', 'integration', 'live'], isWhole: true, jestArgs: [] }],
    [['--java'], { kinds: ['java'], isWhole: false, jestArgs: [] }],
    [['--live'], { kinds: ['live'], isWhole: false, jestArgs: [] }],
    [
      ['--unit', 'libs/domain', '-t', 'name'],
      { kinds: ['unit'], isWhole: false, jestArgs: ['libs/domain', '-t', 'name'] },
    ],
  ])('npm test %j', (args, expected) => {
    expect(evaluateInBin('test.mjs', `m.parseTestArgs(${JSON.stringify(args)})`)).toEqual(expected);
  });
});
