import type { BatchEvent, BatchEventDetail, BatchStatus } from '@millrace/domain';

/** How long a client waits before it connects again. */
const RETRY_MS = 3_000;

/** The first bytes of a stream: proxies pass the headers on at once. */
export const OPENING_FRAME = `retry: ${RETRY_MS}\n\n`;

/** A comment, which clients skip: keeps proxies from closing a quiet connection. */
export const HEARTBEAT_FRAME = ': still here\n\n';

export const SHUTDOWN_FRAME = ': shutting down, connect again\n\n';

/** @param id what the client sends back as `Last-Event-ID`; none where there is no replay. */
export function eventFrame({ batchId, time, detail }: BatchEvent, id?: number): string {
  const data = { batchId, time: time.toISOString(), ...membersOf(detail) };
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${detail.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The last frame of an ended batch. Without an id: the client still names the last real event. */
export function endFrame(batchId: string, status: BatchStatus): string {
  return `event: end\ndata: ${JSON.stringify({ batchId, status })}\n\n`;
}

function membersOf(detail: BatchEventDetail): object {
  switch (detail.type) {
    case 'status':
      return { status: detail.status, attempt: detail.attempt, errorMessage: detail.errorMessage };
    case 'progress':
      return detail.progress;
    case 'cancel':
    case 'deleted':
      return {};
  }
}
