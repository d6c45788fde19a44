import type { Page } from 'playwright-core';
import { DESK, PHONE, leave, screenshot, violations } from './pages.fixture';
import type { PagesUnderTest, Visit } from './pages.fixture';
import {
  CARDS,
  CATEGORIES,
  FAILED,
  HOURS,
  RETAIL,
  asCards,
  asRetail,
  pageOf,
  startRecordedPages,
} from './recorded-batches.fixture';

let pages: PagesUnderTest;

beforeAll(async () => {
  pages = await startRecordedPages();
}, 60_000);

afterAll(async () => {
  await pages.close();
  expect(pages.complaints).toEqual([]);
});

const text = (page: Page, selector: string) => page.locator(selector).allInnerTexts();

describe('every page', () => {
  const PAGES: Readonly<Record<string, { path: string; shown: string; prepare?: Visit['prepare'] }>> = {
    list: { path: '/batches', shown: 'table tbody tr' },
    bars: { path: pageOf(CATEGORIES), shown: '.chart svg path' },
    line: { path: pageOf(HOURS), shown: '.chart svg path' },
    retail: { path: pageOf(RETAIL), prepare: asRetail, shown: '.chart >> nth=1 >> svg path' },
    'data-set': { path: pageOf(CARDS), prepare: asCards, shown: '.chart >> nth=1 >> svg path' },
    failed: { path: pageOf(FAILED), shown: '[role=alert]' },
    unknown: { path: '/batches/batch-20250115-00000000', shown: '[role=alert]' },
  };
  const LOOKS = [
    { device: 'phone', colorScheme: 'light', viewport: PHONE },
    { device: 'desk', colorScheme: 'light', viewport: DESK },
    { device: 'phone', colorScheme: 'dark', viewport: PHONE },
    { device: 'desk', colorScheme: 'dark', viewport: DESK },
  ] as const;

  it.each(Object.keys(PAGES).flatMap((name) => LOOKS.map((look) => ({ name, ...look }))))(
    'can be used by everybody: $name, $device, $colorScheme',
    async ({ name, device, colorScheme, viewport }) => {
      const { path = '', shown = '', prepare } = PAGES[name] ?? {};
      const page = await pages.visit(path, { viewport, colorScheme, prepare });
      await page.locator(shown).first().waitFor({ state: 'attached' });
      await screenshot(page, `${name}-${device}-${colorScheme}`);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
      await leave(page);
    },
  );
});

describe('/batches', () => {
  it('lists the batches, and finds them by status', async () => {
    const page = await pages.visit('/batches');
    await page.getByLabel('Status').selectOption('failed');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL('**/batches?status=FAILED**');
    await page.locator('tbody tr').waitFor();
    expect(await text(page, 'tbody .badge')).toEqual(['✕ failed']);
    await page.getByLabel('Status').selectOption('unknown');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByText('No batch is here.').waitFor();
    await screenshot(page, 'empty');
    expect(await violations(page)).toEqual([]);
    await leave(page);
  });

  it('shows a batch that comes while it is open', async () => {
    const page = await pages.visit('/batches');
    await page.locator('tbody tr').first().waitFor();
    const { batchId } = await pages.registered(20);
    await page.getByText(batchId).waitFor();
    await leave(page);
  });
});

describe('the figures of a page', () => {
  it('are those of the API: retail', async () => {
    const page = await pages.visit(pageOf(RETAIL), { prepare: asRetail });
    await page.locator('.tiles').waitFor();
    expect(await text(page, '.tiles dd')).toEqual(['₹1,234,567.89', '6', '6,999']);
    await page.locator('.chart svg').nth(1).waitFor();
    await leave(page);
  });

  it('are those of the API, named and counted as the definition says: a data set', async () => {
    const page = await pages.visit(pageOf(CARDS), { prepare: asCards });
    await page.getByText('₹4,321,000.55').waitFor();
    expect(await text(page, '.tiles dt')).toEqual([
      'Records',
      'Total amount',
      'Count of is chip',
      'Count of label fraud',
      'Average amount',
      'Share of is chip',
      'Share of label fraud',
    ]);
    expect(await text(page, 'h2')).toEqual(
      expect.arrayContaining(['Total amount by day', 'Top segments', 'Metrics by day']),
    );
    await leave(page);
  });
});

describe('the colours', () => {
  const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');

  it('are those of the system until somebody chooses, and then stay', async () => {
    const page = await pages.visit('/batches', { colorScheme: 'dark' });
    await page.locator('tbody tr').first().waitFor();
    const dark = await background(page);
    await page.getByLabel('Colours').selectOption('light');
    expect(await background(page)).not.toBe(dark);
    await page.reload();
    expect(await page.getByLabel('Colours').inputValue()).toBe('light');
    expect(await background(page)).not.toBe(dark);
    await leave(page);
  });
});
