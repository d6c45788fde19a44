import { toBatchBody } from '@millrace/domain';
import type { BatchBody, BatchRecord, ErrorBody } from '@millrace/domain';

/** `?view=record` asks for the record alone: always 200, whatever became of the batch. */
export const STATUS_VIEWS = ['record'] as const;

export interface BatchStatusBody extends BatchBody {
  /** 1: the next one to run. Null unless it waits. */
  readonly queuePosition: number | null;
}

export interface BatchStatusAnswer {
  readonly httpStatus: number;
  readonly body: BatchStatusBody & Partial<Pick<ErrorBody, 'error' | 'message' | 'timestamp' | 'requestId'>>;
}

export interface StatusAsked {
  readonly view?: string | undefined;
  readonly requestId: string;
  readonly queuePosition: number | null;
}

export function batchStatusBody(record: BatchRecord, queuePosition: number | null = null): BatchStatusBody {
  return { ...toBatchBody(record), queuePosition };
}

/** The record; that of a failed batch is an HTTP error too, with the members of an error body added. */
export function batchStatusAnswer(
  record: BatchRecord,
  { view, requestId, queuePosition }: StatusAsked,
  failedStatusHttp: number,
): BatchStatusAnswer {
  const body = batchStatusBody(record, queuePosition);
  if (record.status !== 'FAILED' || view === 'record') return { httpStatus: 200, body };
  return {
    httpStatus: failedStatusHttp,
    body: {
      ...body,
      error: 'INTERNAL_ERROR',
      message: `Batch ${record.batchId} failed: ${record.errorMessage ?? 'no reason was recorded'}`,
      timestamp: new Date().toISOString(),
      requestId,
    },
  };
}
