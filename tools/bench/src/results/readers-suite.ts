import { Gateway } from '../batch/gateway';
import { ALL_TIME } from '../batch/history';
import { withSeededStack } from '../batch/seeded-stack';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { measureDownloads, measureSlowReader } from './download-figures';
import { measureFairness } from './fairness-figures';
import type { ReadResult } from './read-result';

interface Sizes {
  readonly rows: number;
  readonly readers: number;
  readonly seconds: number;
  /** At least, of all downloads together: the result is downloaded again and again. */
  readonly downloadBytes: number;
}

const BYTES_PER_GB = 1e9;
const QUICK: Sizes = { rows: 30_000, readers: 20, seconds: 2, downloadBytes: 1 };

function fullSizes(): Sizes {
  const gigabytes = Number(process.env['DOWNLOAD_GB'] ?? '5');
  if (!(gigabytes > 0)) throw new Error('DOWNLOAD_GB must be a number of gigabytes');
  return { rows: 2_000_000, readers: 200, seconds: 60, downloadBytes: gigabytes * BYTES_PER_GB };
}

/** Many readers of one result: whether each has its share, and what they take of the services' memory. */
export const readersSuite: Suite = {
  summary:
    '200 readers of pages beside downloads: shares and latency; memory of the services under 5 GB of downloads',
  run: (context) => {
    const sizes = context.isQuick ? QUICK : fullSizes();
    return withSeededStack(context, sizes.rows, (stack) => measure(context, stack, sizes));
  },
};

async function measure({ output }: BenchContext, stack: MeasuredStack, sizes: Sizes): Promise<void> {
  output.progress('a batch of all rows');
  const url = stack.endpoints.gateway;
  const batch = await new Gateway(url).run({ ...ALL_TIME, analysisType: 'revenue_by_category' });
  const read: ReadResult = { output, stack, url, batchId: batch.batchId, rowCount: batch.rowCount ?? 0 };
  // Before the readers: what they leave in memory would be in the peaks of the downloads.
  await measureDownloads(read, sizes.downloadBytes);
  await measureSlowReader(read, sizes.seconds);
  await measureFairness(read, sizes);
}
