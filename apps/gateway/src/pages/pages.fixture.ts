import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchRecord } from '@millrace/domain';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startEventGateway } from '../events/event-gateway.fixture';
import type { EventGateway } from '../events/event-gateway.fixture';
import { startNeighbour } from '../gateway.fixture';
import type { NeighbourService } from '../gateway.fixture';
import { startBrowser } from './browser.fixture';

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1_280, height: 900 };

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The real gateway with the pages on it, the results service with recorded answers, and a browser. */
export interface PagesUnderTest extends EventGateway {
  readonly results: NeighbourService;
  /** A page on this address, in a browser window of its own. */
  visit(path: string, options?: Visit): Promise<Page>;
  /** What the policy refused and what went wrong in the scripts of all pages so far. */
  readonly complaints: readonly string[];
}

export interface Visit {
  readonly viewport?: BrowserContextOptions['viewport'];
  readonly colorScheme?: 'light' | 'dark';
  /** What the person types where the browser asks for a name and a password. */
  readonly password?: string;
  /** Before the page is opened. */
  readonly prepare?: ((page: Page) => Promise<unknown>) | undefined;
}

export async function startPages(
  records: readonly BatchRecord[],
  more: Readonly<Record<string, string>> = {},
): Promise<PagesUnderTest> {
  const results = await startNeighbour();
  const browser = await startBrowser();
  const variables = { RESULTS_URL: results.url, DASHBOARD_POLL_INTERVAL_MS: '500', ...more };
  const gateway = await startEventGateway(records, variables);
  const complaints: string[] = [];
  return {
    ...gateway,
    results,
    complaints,
    visit: (path, options) => open(browser, new URL(path, gateway.url).href, complaints, options),
    close: async () => {
      await browser.close();
      await gateway.close();
      await results.close();
    },
  };
}

async function open(
  browser: Browser,
  url: string,
  complaints: string[],
  { viewport = DESK, colorScheme = 'light', password, prepare }: Visit = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    ...(password !== undefined && { httpCredentials: { username: 'anybody', password } }),
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await prepare?.(page);
  await page.goto(url);
  return page;
}

/** Closes the window, once what the spec answers for is answered. */
export async function leave(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'wait' });
  await page.context().close();
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds wrong with the page as it is now. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate('axe.run().then(({ violations }) => violations)');
  return (found as AxeViolation[]).flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** Where a person wants to look at them: `SCREENSHOTS` names a folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS: folder = '' } = process.env;
  if (folder !== '') await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
