import { toBatchBody } from '@millrace/domain';
import type { BatchBody, BatchRecord, ErrorBody } from '@millrace/domain';

/** `?view=record` asks for the record alone: always 200, whatever became of the batch. */
export const STATUS_VIEWS = ['record'] as const;

export interface BatchStatusAnswer {
  readonly httpStatus: number;
  readonly body: BatchBody & Partial<Pick<ErrorBody, 'error' | 'message' | 'timestamp' | 'requestId'>>;
}

/** The record; that of a failed batch is an HTTP error too, with the members of an error body added. */
export function batchStatusAnswer(
  record: BatchRecord,
  asked: { readonly view?: string | undefined; readonly requestId: string },
  failedStatusHttp: number,
): BatchStatusAnswer {
  const body = toBatchBody(record);
  if (record.status !== 'FAILED' || asked.view === 'record') return { httpStatus: 200, body };
  return {
    httpStatus: failedStatusHttp,
    body: {
      ...body,
      error: 'INTERNAL_ERROR',
      message: `Batch ${record.batchId} failed: ${record.errorMessage ?? 'no reason was recorded'}`,
      timestamp: new Date().toISOString(),
      requestId: asked.requestId,
    },
  };
}
