import { median } from '../statistics';
import { download } from './download';
import type { Download } from './download';
import { HEADINGS, figuresOf, jainIndex, readPages } from './page-readers';
import type { PagesRead } from './page-readers';
import type { ReadResult } from './read-result';

const ROWS_PER_PAGE = 100;
const LARGE_PAGE = 10_000;
const LARGE_READERS = 4;
/** An order in which no file is sorted. */
const SORTED_DOWNLOAD = 'format=ndjson&sort=-total_amount';
const WARM_UP_SECONDS = 2;

interface Crowd {
  readonly readers: number;
  readonly seconds: number;
}

/** A way of reading, by its name. */
type Ways = Readonly<Record<string, PagesRead>>;

/** What each of many readers gets of one result, against one reader alone in the same run. */
export async function measureFairness(read: ReadResult, { readers, seconds }: Crowd): Promise<void> {
  const { output } = read;
  const pages = (count: number, rowsPerPage = ROWS_PER_PAGE, forSeconds = seconds) =>
    readPages({ ...read, count, rowsPerPage, seconds: forSeconds });
  const during = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    output.progress(what);
    return work();
  };
  await pages(1, ROWS_PER_PAGE, WARM_UP_SECONDS);
  const lone = await during('one reader', () => pages(1));
  const besideSort = await during('one reader beside a sorted download', () =>
    besideSorted(read, () => pages(1)),
  );
  const crowd = await during(`${readers} readers`, () => pages(readers));
  const [besideLarge, large] = await during('beside large pages', () =>
    Promise.all([pages(readers), pages(LARGE_READERS, LARGE_PAGE)]),
  );
  const crowdBesideSort = await during('beside a sorted download', () =>
    besideSorted(read, () => pages(readers)),
  );
  const ways: Ways = {
    'one reader': lone,
    'one reader beside a sorted download': besideSort.result,
    [`${readers} readers`]: crowd,
    [`${readers} readers beside ${LARGE_READERS} of ${LARGE_PAGE} rows`]: besideLarge,
    [`${LARGE_READERS} readers of ${LARGE_PAGE} rows beside them`]: large,
    [`${readers} readers beside a sorted download`]: crowdBesideSort.result,
  };
  output.section(
    `pages of ${ROWS_PER_PAGE} of ${read.rowCount} rows for ${seconds} s each, a connection for each reader`,
  );
  output.row('', [...HEADINGS, 'p50 / lone', 'Jain', 'least/most']);
  for (const [name, way] of Object.entries(ways)) output.row(name, [...figuresOf(way), ...shares(way, lone)]);
  for (const sorted of [besideSort.sorted, crowdBesideSort.sorted]) output.note(told(sorted));
  const errors = Object.values(ways).flatMap((way) => way.errors);
  output.goal('pages that were not answered', errors.length, { atMost: 0, unit: '' }, 0);
  for (const error of new Set(errors.map(withoutMoment))) output.note(error);
}

/** A whole result in another order, again and again, for as long as others read. */
async function besideSorted<T>({ url, batchId }: ReadResult, work: () => Promise<T>) {
  const over = new AbortController();
  const sorted: Download[] = [];
  const downloads = async () => {
    while (!over.signal.aborted) {
      sorted.push(await download(url, `/batch/data/${batchId}?${SORTED_DOWNLOAD}`, over));
    }
  };
  const [result] = await Promise.all([
    work().finally(() => {
      over.abort();
    }),
    downloads(),
  ]);
  return { result, sorted };
}

/** A refusal tells its time and its request. */
const withoutMoment = (error: string): string => error.replace(/,"timestamp".*/, '');

function shares({ latenciesMs, pages }: PagesRead, lone: PagesRead): string[] {
  const ratio = typical(latenciesMs) / typical(lone.latenciesMs);
  const evenness = Math.min(...pages) / Math.max(...pages);
  return [ratio.toFixed(1), jainIndex(pages).toFixed(3), evenness.toFixed(2)];
}

const typical = (samples: readonly number[]): number => (samples.length === 0 ? Number.NaN : median(samples));

function told(sorted: readonly Download[]): string {
  const parts = sorted.map(({ bytes, seconds, firstByteSeconds, isWhole }) => {
    const end = isWhole ? 'whole' : 'given up';
    return `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s, the first after ${firstByteSeconds.toFixed(1)} s, ${end}`;
  });
  return `sorted downloads: ${parts.join('; ')}`;
}
