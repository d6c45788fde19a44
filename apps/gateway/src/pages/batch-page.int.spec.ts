import type { Page } from 'playwright-core';
import { progress } from '../events/event-gateway.fixture';
import { sendJson } from '../gateway.fixture';
import { leave, screenshot, violations } from './pages.fixture';
import type { PagesUnderTest } from './pages.fixture';
import { CATEGORIES, RETAIL, asRetail, pageOf, saying, startRecordedPages } from './recorded-batches.fixture';
import * as recorded from './recorded-results.fixture';

let pages: PagesUnderTest;

beforeAll(async () => {
  pages = await startRecordedPages();
}, 60_000);

afterAll(async () => {
  await pages.close();
  expect(pages.complaints).toEqual([]);
});

const text = (page: Page, selector: string) => page.locator(selector).allInnerTexts();

describe('the page of a batch', () => {
  it('follows it to its end', async () => {
    const batch = await pages.registered(21);
    recorded.record(pages.results, batch, recorded.ROWS);
    recorded.record(
      pages.results,
      { batchId: batch.batchId, analysis: 'revenue_by_category' },
      recorded.REVENUE_BY_CATEGORY,
    );
    const page = await pages.visit(pageOf(batch));
    await page.getByText('It waits for its turn').waitFor();
    await pages.batches.claim(batch, new Date());
    await pages.batches.storeProgress(batch, progress(60));
    await page.getByText('Raw: 60 %, 600 rows read.').waitFor();
    await screenshot(page, 'running');
    expect(await violations(page)).toEqual([]);
    await pages.runToEnd(batch);
    await page.locator('.chart svg').waitFor();
    expect(await text(page, '.badge')).toEqual(['✓ completed']);
    await leave(page);
  });

  it('asks again and again where events do not come through', async () => {
    const batch = await pages.registered(22);
    const page = await pages.visit(pageOf(batch), {
      prepare: (tab) => tab.route('**/events', (route) => route.abort()),
    });
    await page.getByText('It waits for its turn').waitFor();
    await pages.batches.claim(batch, new Date());
    await page.getByText('It is running').waitFor();
    await leave(page);
  });

  it('shows what it has, and says that it is old, while the gateway is away', async () => {
    const batch = await pages.registered(23);
    const page = await pages.visit(pageOf(batch), {
      prepare: (tab) => tab.route('**/events', (route) => route.abort()),
    });
    await page.getByText('It waits for its turn').waitFor();
    await page.route('**/batch/status/**', (route) => route.abort());
    await page.getByText(/^⚠ As of .* it may have changed since\./).waitFor();
    expect(await text(page, 'h2')).toContain('It waits for its turn');
    await screenshot(page, 'stale');
    expect(await violations(page)).toEqual([]);
    await page.unroute('**/batch/status/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/it may have changed since/).waitFor({ state: 'detached' });
    await leave(page);
  });

  it('says why there are no results, and tries again', async () => {
    const message = 'The results of this batch were deleted: POST /batch/<id>/rerun makes them anew';
    const refuse = sendJson(410, { error: 'BATCH_EXPIRED', message, timestamp: '2025-01-15T14:32:07.123Z' });
    const path = `GET /batch/data/${CATEGORIES.batchId}/aggregated`;
    pages.results.on(`${path}/schema?analysis=payment_analysis`, refuse);
    pages.results.on(`${path}?analysis=payment_analysis&limit=100`, refuse);
    const page = await pages.visit(pageOf(CATEGORIES), {
      prepare: saying({ analysisType: 'payment_analysis' }),
    });
    await page.getByText(message).waitFor();
    recorded.record(
      pages.results,
      { batchId: CATEGORIES.batchId, analysis: 'payment_analysis' },
      recorded.REVENUE_BY_CATEGORY,
    );
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.chart svg').waitFor();
    await leave(page);
  });

  it('gives each chart as a table, with the keyboard alone', async () => {
    const page = await pages.visit(pageOf(CATEGORIES));
    const toggle = page.getByRole('button', { name: 'Show as table' });
    await toggle.focus();
    await page.keyboard.press('Enter');
    const table = page.getByRole('table', { name: 'Revenue by category', exact: true });
    expect(await table.locator('tbody tr').first().innerText()).toBe('electronics\t98,765.43');
    expect(await violations(page)).toEqual([]);
    await leave(page);
  });

  it('writes what is in a row as text', async () => {
    const page = await pages.visit(pageOf(CATEGORIES));
    const row = page.getByRole('table', { name: 'The first rows of the batch' }).locator('tbody tr').first();
    expect(await row.innerText()).toBe('t-1\t2025-01-15 08:00:01 UTC\t12.50\t<b>Pune</b>');
    await leave(page);
  });

  it('has every result for download', async () => {
    const page = await pages.visit(pageOf(RETAIL), { prepare: asRetail });
    const link = page.getByRole('link', { name: 'Key figures of sales as Parquet' });
    expect(await link.getAttribute('href')).toBe(
      `/batch/data/${RETAIL.batchId}/aggregated?analysis=kpis&format=parquet`,
    );
    expect(await page.locator('.downloads a').count()).toBe(12);
    await leave(page);
  });
});
