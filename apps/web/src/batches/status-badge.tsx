import type { BatchStatus } from '@millrace/domain';

/** Never by colour alone. */
const SIGNS: Readonly<Record<BatchStatus, string>> = {
  PENDING: '…',
  RUNNING: '▶',
  COMPLETED: '✓',
  FAILED: '✕',
  CANCELLED: '■',
  UNKNOWN: '?',
};

export function StatusBadge({ status }: { readonly status: BatchStatus }) {
  return (
    <span class={`badge ${status.toLowerCase()}`}>
      <span aria-hidden="true">{SIGNS[status]}</span> {status.toLowerCase()}
    </span>
  );
}
