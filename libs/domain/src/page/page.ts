import { z } from 'zod';

export interface PageLimits {
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
}

const integerText = (what: string) =>
  z
    .string()
    .regex(/^\d{1,15}$/, { error: `must be ${what}, at most 15 digits` })
    .transform(Number);

/** Query of a page: `limit` rows from `offset`; a limit over the cap is cut to it. */
export function pageQuerySchema(limits: PageLimits) {
  return z.strictObject({
    limit: integerText('a whole number of rows')
      .optional()
      .transform((limit) => Math.min(limit ?? limits.defaultPageSize, limits.maxPageSize)),
    offset: integerText('a whole number of rows to skip')
      .optional()
      .transform((offset) => offset ?? 0),
  });
}

export interface PageQuery {
  readonly limit: number;
  readonly offset: number;
}

export interface Page extends PageQuery {
  readonly returned: number;
  readonly hasMore: boolean;
  /** Rows that are paged. */
  readonly total: number;
}

export function pageOf({ limit, offset }: PageQuery, returned: number, total: number): Page {
  return { limit, offset, returned, hasMore: offset + returned < total, total };
}
