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

/** Whole results through the gateway, one after the other and each format in its turn, until so many bytes have come. */
export async function measureDownloads(read: ReadResult, atLeastBytes: number): Promise<void> {
  const { output, stack } = read;
  output.section(`whole results of ${read.rowCount} rows`);
  output.row('', ['MB', 'MB/s', 'results', 'gateway']);
  const idle = await withPeakMemory(stack, () => Promise.resolve());
  output.row('nothing yet', ['', '', ...memory(idle.peak)]);
  let [bytes, most] = [0, 0];
  for (let times = 0; times < FORMATS.length || bytes < atLeastBytes; times += 1) {
    const format = FORMATS[times % FORMATS.length] ?? 'ndjson';
    output.progress(format);
    const path = `/batch/data/${read.batchId}?format=${format}`;
    const { result, peak } = await withPeakMemory(stack, () => download(read.url, path));
    const rate = result.bytes / BYTES_PER_MB / result.seconds;
    output.row(format, [megabytes(result.bytes), rate.toFixed(1), ...memory(peak)]);
    bytes += result.bytes;
    most = Math.max(most, peak.results);
  }
  output.row('all', [megabytes(bytes)]);
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
    const [slow, pages] = await Promise.all([
      slowDownload(read, { bytesPerSecond: SLOW_BYTES_PER_SECOND, signal: given.signal }),
      lone().finally(() => {
        given.abort();
      }),
    ]);
    return { pages, slow };
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

const megabytes = (bytes: number): string => (bytes / BYTES_PER_MB).toFixed(0);

const memory = ({ results, gateway }: PeakMemory): string[] =>
  [results, gateway].map((mib) => `${mib.toFixed(0)} MiB`);
