import { aBatch } from '@millrace/testing';
import { leave, startPages } from './pages.fixture';
import type { PagesUnderTest } from './pages.fixture';
import { pageOf } from './recorded-batches.fixture';

const TOKEN = 'a-token-that-is-long-enough-for-an-api';
const WAITING = aBatch();

let pages: PagesUnderTest;

beforeAll(async () => {
  pages = await startPages([WAITING], { MILLRACE_API_TOKEN: TOKEN });
}, 60_000);

afterAll(async () => {
  await pages.close();
  expect(pages.complaints).toEqual([]);
});

it('takes the token of the API as the password, for the page, its files and its events', async () => {
  const page = await pages.visit(pageOf(WAITING), { password: TOKEN });
  await page.getByText('It waits for its turn').waitFor();
  await pages.batches.claim(WAITING, new Date());
  await page.getByText('It is running').waitFor();
  await leave(page);
});

it('shows nothing without it', async () => {
  const page = await pages.visit('about:blank');
  const answer = await page.goto(new URL(pageOf(WAITING), pages.url).href, { waitUntil: 'commit' });
  expect(answer?.status()).toBe(401);
  expect(answer?.headers()['www-authenticate']).toContain('Basic');
  await leave(page);
});
