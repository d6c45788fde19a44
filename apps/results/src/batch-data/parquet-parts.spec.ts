import type { ErrorBody } from '@millrace/domain';
import type { ResultsFixture } from '../results.fixture';
import { FILE, withDownloads } from './parquet-download.fixture';

let results: ResultsFixture;

beforeEach(async () => {
  results = await withDownloads();
});

afterEach(() => results.close());

describe('parts of it', () => {
  let whole: Buffer;
  let etag: string;

  beforeEach(async () => {
    const answer = await results.get(FILE);
    whole = answer.rawPayload;
    etag = String(answer.headers.etag);
  });

  it.each([
    ['bytes=0-3', 0, 4],
    ['bytes=1000-', 1_000, undefined],
    ['bytes=-8', -8, undefined],
    ['bytes=100-9999999', 100, undefined],
  ])('are sent for Range: %s', async (range, start, end) => {
    const answer = await results.get(FILE, { range });
    const expected = whole.subarray(start, end);
    expect([answer.statusCode, answer.rawPayload.equals(expected)]).toEqual([206, true]);
    const first = start < 0 ? whole.length + start : start;
    expect(answer.headers).toMatchObject({
      'content-range': `bytes ${first}-${first + expected.length - 1}/${whole.length}`,
      'content-length': String(expected.length),
      'content-type': 'application/vnd.apache.parquet',
      etag,
    });
  });

  it('make up the whole, as a client goes on after a break', async () => {
    const first = await results.get(FILE, { range: 'bytes=0-4999' });
    const rest = await results.get(FILE, { range: 'bytes=5000-', 'if-range': etag });
    expect(rest.statusCode).toBe(206);
    expect(Buffer.concat([first.rawPayload, rest.rawPayload])).toEqual(whole);
  });

  it('behind the end are refused, with the size', async () => {
    const answer = await results.get(FILE, { range: `bytes=${whole.length}-` });
    expect([answer.statusCode, answer.headers['content-range']]).toEqual([416, `bytes */${whole.length}`]);
    expect(answer.json<ErrorBody>()).toMatchObject({
      error: 'RANGE_NOT_SATISFIABLE',
      message: expect.stringContaining(String(whole.length)) as string,
    });
  });

  it.each([
    ['several of them', { range: 'bytes=0-1,5-9' }],
    ['no range', { range: 'bytes=x-y' }],
    ['another file', { range: 'bytes=0-3', 'if-range': '"other"' }],
    ['a time', { range: 'bytes=0-3', 'if-range': 'Wed, 15 Jan 2025 08:00:00 GMT' }],
  ])('are not sent for %s', async (_what, headers) => {
    const answer = await results.get(FILE, headers);
    expect([answer.statusCode, answer.rawPayload.equals(whole)]).toEqual([200, true]);
    expect(answer.headers).not.toHaveProperty('content-range');
  });

  it('are not sent for a weak tag, whose file may have other bytes', async () => {
    expect((await results.get(FILE, { range: 'bytes=0-3', 'if-range': `W/${etag}` })).statusCode).toBe(200);
  });

  it('HEAD tells all about the file, and nothing about parts', async () => {
    const { statusCode, rawPayload, headers } = await results.head(FILE, { range: 'bytes=0-3' });
    expect([statusCode, rawPayload.length]).toEqual([200, 0]);
    expect(headers).toMatchObject({
      'content-length': String(whole.length),
      'content-type': 'application/vnd.apache.parquet',
      'accept-ranges': 'bytes',
      'x-total-count': '5000',
      etag,
    });
  });

  it('are not sent of another file than the client wants', async () => {
    const wanted = await results.get(FILE, { range: 'bytes=0-3', 'if-match': etag });
    expect([wanted.statusCode, wanted.rawPayload.length]).toEqual([206, 4]);
    const other = await results.get(FILE, {
      range: 'bytes=0-3',
      'if-match': '"other"',
      'if-none-match': etag,
    });
    expect([other.statusCode, other.json<ErrorBody>().error]).toEqual([412, 'PRECONDITION_FAILED']);
  });

  it('whoever has the file is told so', async () => {
    for (const headers of [{}, { range: 'bytes=0-3' }]) {
      const answer = await results.get(FILE, { 'if-none-match': etag, ...headers });
      expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
    }
  });
});
