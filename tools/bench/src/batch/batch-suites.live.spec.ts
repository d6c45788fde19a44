import { PassThrough } from 'node:stream';
import { Output } from '../output';
import { burstSuite } from './burst-suite';
import { cancelSuite } from './cancel-suite';
import { isolationSuite } from './isolation-suite';
import { overheadSuite } from './overhead-suite';
import { pagesSuite } from '../results/pages-suite';
import { readersSuite } from '../results/readers-suite';
import { shapeSuite } from './shape-suite';

jest.setTimeout(300_000);

describe('the suites about batches', () => {
  it.each([
    ['overhead', overheadSuite, /ratio of each pair/],
    ['shape', shapeSuite, /full report \/ one analysis/],
    ['pages', pagesSuite, /large \/ small/],
    ['readers', readersSuite, /pages that were not answered +0 /],
    ['isolation', isolationSuite, /rate beside batches/],
    ['burst', burstSuite, /with exactly one commit in each table +18\n/],
    ['cancel', cancelSuite, /Spark jobs of cancelled batches 5 s later +0\n/],
  ])('%s finds what it promises, on the running stack', async (_name, suite, line) => {
    const [figures, notes] = [new PassThrough(), new PassThrough()];
    await suite.run({ output: new Output(figures, notes), isQuick: true });
    expect((figures.read() as Buffer).toString()).toMatch(line);
  });
});
