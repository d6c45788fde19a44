import { download } from './download';
import type { Download, Taking } from './download';
import { HEADINGS, figuresOf, readPages } from './page-readers';
import { withPeakMemory } from './peak-memory';
import type { PeakMemory } from './peak-memory';
import type { ReadResult } from './read-result';

const BYTES_PER_MB = 1e6;
const FORMATS = ['ndjson', 'csv', 'arrow'] as const;
const SLOW_BYTES_PER_SECOND = BYTES_PER_MB;
const MEMORY_GOAL = { atMost: 400, unit: ' MiB' };

const ROWS_PER_PAGE = 100;

interface DownloadOf extends Download {
  readonly format: string;
  readonly peak: PeakMemory;
}

/** Whole results through the gateway, one after the other and each format in its turn, until so many bytes have come. */
export async function measureDownloads(read: ReadResult, atLeastBytes: number): Promise<void> {
  const { output, stack } = read;
  const idle = await withPeakMemory(stack, () => Promise.resolve());
  const done: DownloadOf[] = [];
  while (done.length < FORMATS.length || totalBytes(done) < atLeastBytes) {
    const format = FORMATS[done.length % FORMATS.length] ?? 'ndjson';
    output.progress(`${format}, after ${megabytes(totalBytes(done))} MB`);
    const path = `/batch/data/${read.batchId}?format=${format}`;
    const { result, peak } = await withPeakMemory(stack, () => download(read.url, path));
    done.push({ ...result, format, peak });
  }
  output.section(`whole results of ${read.rowCount} rows`);
  output.row('', ['MB', 'MB/s', 'results', 'gateway']);
  output.row('nothing yet', ['', '', ...memory(idle.peak)]);
  for (const { format, bytes, seconds, peak } of done) {
    output.row(format, [megabytes(bytes), (bytes / BYTES_PER_MB / seconds).toFixed(1), ...memory(peak)]);
  }
  output.row('all', [megabytes(totalBytes(done)), '']);
  const most = Math.max(...done.map(({ peak }) => peak.results));
  output.goal('resident of the results service, at most', most, MEMORY_GOAL, 0);
}

/** Somebody who takes a megabyte a second, and what a lone reader of pages has beside them and before. */
export async function measureSlowReader(read: ReadResult, seconds: number): Promise<void> {
  const { output, stack } = read;
  const lone = () => readPages({ ...read, count: 1, rowsPerPage: ROWS_PER_PAGE, seconds });
  output.progress('one reader of pages');
  const before = await withPeakMemory(stack, lone);
  output.progress('one reader of pages beside a slow download');
  const given = new AbortController();
  const beside = await withPeakMemory(stack, async () => {
    const slow = slowDownload(read, { bytesPerSecond: SLOW_BYTES_PER_SECOND, signal: given.signal });
    const pages = await lone();
    given.abort();
    return { pages, slow: await slow };
  });
  const { pages, slow } = beside.result;
  output.section(
    `a download of ${SLOW_BYTES_PER_SECOND / BYTES_PER_MB} MB/s for ${seconds} s beside one reader of pages`,
  );
  output.row('', [...HEADINGS, 'results', 'gateway']);
  output.row('the reader alone', [...figuresOf(before.result), ...memory(before.peak)]);
  output.row('beside the slow download', [...figuresOf(pages), ...memory(beside.peak)]);
  output.fact('taken slowly', `${megabytes(slow.bytes)} MB`);
}

const slowDownload = ({ url, batchId }: ReadResult, taking: Taking): Promise<Download> =>
  download(url, `/batch/data/${batchId}?format=ndjson`, taking);

const totalBytes = (downloads: readonly Download[]): number =>
  downloads.reduce((sum, { bytes }) => sum + bytes, 0);

const megabytes = (bytes: number): string => (bytes / BYTES_PER_MB).toFixed(0);

const memory = ({ results, gateway }: PeakMemory): string[] =>
  [results, gateway].map((mib) => `${mib.toFixed(0)} MiB`);
