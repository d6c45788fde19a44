import { toBatchBody } from '@millrace/domain';
import type { BatchBody, BatchRegistry } from '@millrace/domain';
import { parseQuery } from '@millrace/platform';
import { Inject, Injectable } from '@nestjs/common';
import { BATCH_REGISTRY } from '../ports';
import { batchListQuerySchema } from './batch-list-query';
import { cursorAfter } from './list-cursor';
import { queryOf } from './query-of';

export interface BatchListBody {
  readonly total: number;
  readonly batches: readonly BatchBody[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
  /** Path of the page after this one, with the same filters. */
  readonly next: string | null;
}

/** Batches, newest first, page by page: pages neither repeat nor leave out a batch while new ones arrive. */
@Injectable()
export class ListBatches {
  constructor(@Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry) {}

  /** @param url of the request, whose filters the next page keeps. */
  async execute(query: unknown, url: string): Promise<BatchListBody> {
    const { total, batches, hasMore } = await this.batches.list(parseQuery(batchListQuerySchema, query));
    const last = batches.at(-1);
    const nextCursor = hasMore && last !== undefined ? cursorAfter(last) : null;
    const next = nextCursor === null ? null : nextPage(url, nextCursor);
    return { total, batches: batches.map(toBatchBody), nextCursor, next };
  }
}

function nextPage(url: string, cursor: string): string {
  const query = new URLSearchParams(queryOf(url));
  query.set('cursor', cursor);
  return `/batch/list?${query.toString()}`;
}
