import { PassThrough } from 'node:stream';
import { Output } from '../output';
import { freshnessSuite } from './freshness-suite';
import { ingestSuite } from './ingest-suite';
import { smallFilesOf } from './small-files-suite';
import { soakOf } from './soak-suite';

jest.setTimeout(300_000);

describe('the suites about streams', () => {
  it.each([
    ['ingest', ingestSuite, /deduplicated \/ bare query/],
    ['freshness', freshnessSuite, /p99 \/ p99 of the bare query/],
    ['soak', soakOf({ microBatches: 4, warmUpMs: 0 }), /duration of the last \/ of the first/],
    ['small-files', smallFilesOf({ commits: 20, commitsBetween: 10 }), /of the last half \/ of the first/],
  ])('%s finds what it promises, on the running stack', async (_name, suite, line) => {
    const [figures, notes] = [new PassThrough(), new PassThrough()];
    await suite.run({ output: new Output(figures, notes), isQuick: true });
    expect((figures.read() as Buffer).toString()).toMatch(line);
  });
});
