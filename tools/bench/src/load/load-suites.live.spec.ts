import { PassThrough } from 'node:stream';
import { Output } from '../output';
import { generatorSuite } from './generator-suite';
import { seederSuite } from './seeder-suite';

jest.setTimeout(120_000);

describe('the suites about generator and seeder', () => {
  it.each([
    ['generator', generatorSuite, /generator \/ producer-perf-test +[\d.]+/],
    ['seeder', seederSuite, /seeder \/ DuckDB +[\d.]+/],
  ])('%s finds what it promises, on the running stack', async (_name, suite, line) => {
    const [figures, notes] = [new PassThrough(), new PassThrough()];
    await suite.run({ output: new Output(figures, notes), isQuick: true });
    expect((figures.read() as Buffer).toString()).toMatch(line);
  });
});
