import type { BatchRecord } from '@millrace/domain';
import { aBatch, aUuid } from '@millrace/testing';
import type { Page } from 'playwright-core';
import { startPages } from './pages.fixture';
import type { PagesUnderTest } from './pages.fixture';
import * as recorded from './recorded-results.fixture';

const completed = (number: number, analysisType: BatchRecord['analysisType']): BatchRecord =>
  aBatch({
    uuid: aUuid(number),
    analysisType,
    status: 'COMPLETED',
    submitTime: new Date('2025-01-15T10:30:00Z'),
    startTime: new Date('2025-01-15T10:30:01Z'),
    endTime: new Date('2025-01-15T10:30:09.400Z'),
    expiresAt: new Date('2025-01-22T10:30:09Z'),
    rowCount: 12_345n,
    sourceVersion: 41n,
    lastEventId: 3,
  });

export const CATEGORIES = completed(1, 'revenue_by_category');
export const HOURS = completed(2, 'hourly_trends');
/** What a batch of another pipeline says of itself, over a record that the registry of this gateway can hold. */
export const RETAIL = completed(3, 'full_report');
export const CARDS = completed(4, 'full_report');
export const FAILED = aBatch({
  uuid: aUuid(5),
  status: 'FAILED',
  errorMessage: 'Spark ran out of memory at the rows of 2025-01-03: ask for fewer days',
});

/** Pages of these batches, with their results. */
export async function startRecordedPages(): Promise<PagesUnderTest> {
  const pages = await startPages([CATEGORIES, HOURS, RETAIL, CARDS, FAILED]);
  const { results } = pages;
  for (const { batchId } of [CATEGORIES, HOURS, RETAIL, CARDS]) {
    recorded.record(results, { batchId }, recorded.ROWS);
  }
  const analysis = (batch: BatchRecord, name: string, result: Parameters<typeof recorded.record>[2]) => {
    recorded.record(results, { batchId: batch.batchId, analysis: name }, result);
  };
  analysis(CATEGORIES, 'revenue_by_category', recorded.REVENUE_BY_CATEGORY);
  analysis(HOURS, 'hourly_trends', recorded.HOURLY_TRENDS);
  analysis(RETAIL, 'daily_product', recorded.DAILY_PRODUCT);
  analysis(RETAIL, 'kpis', recorded.RETAIL_KPIS);
  analysis(CARDS, 'daily_metrics', recorded.DAILY_METRICS);
  analysis(CARDS, 'kpis', recorded.DATASET_KPIS);
  return pages;
}

/** Answers about a batch as those of another pipeline are. */
export const saying = (more: object) => (page: Page) =>
  page.route('**/batch/status/**', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), ...more } });
  });

const report = (...names: readonly string[]) => ({
  members: names.map((analysisType) => ({ analysisType, status: 'COMPLETED' })),
});
export const asRetail = saying({ pipeline: 'retail', ...report('daily_product', 'kpis') });
export const asCards = saying({
  pipeline: 'schema-driven',
  dataset: 'card_transactions',
  ...report('daily_metrics', 'kpis'),
});

export const pageOf = ({ batchId }: BatchRecord) => `/batches/${batchId}`;
