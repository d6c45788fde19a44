import { isBatchId } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { z } from 'zod';

type Position = Pick<BatchRecord, 'submitTime' | 'batchId'>;

/** Of the year 9999. */
const LAST_TIME_MS = 253_402_300_799_999;

const cursorSchema = z.tuple([z.int().min(0).max(LAST_TIME_MS), z.string().refine(isBatchId)]);

/** The place after a batch in the list, as a text that a client only passes on. */
export function cursorAfter({ submitTime, batchId }: Position): string {
  return Buffer.from(JSON.stringify([submitTime.getTime(), batchId])).toString('base64url');
}

/** Undefined for a text that `cursorAfter` never gives. */
export function readCursor(cursor: string): Position | undefined {
  try {
    const [time, batchId] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    const position = { submitTime: new Date(time), batchId };
    return cursorAfter(position) === cursor ? position : undefined;
  } catch {
    return undefined;
  }
}
