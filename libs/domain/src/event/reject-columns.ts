import type { StoredColumn } from '../column';

/** The table of rejects: events that broke their contract, as Kafka had them, and why. */
export const REJECT_COLUMNS: readonly StoredColumn[] = [
  { name: 'reason', type: 'string', nullable: true },
  { name: 'topic', type: 'string', nullable: true },
  { name: 'partition', type: 'int', nullable: true },
  { name: 'offset', type: 'bigint', nullable: true },
  { name: 'timestamp', type: 'timestamp', nullable: true },
  { name: 'key', type: 'binary', nullable: true },
  { name: 'value', type: 'binary', nullable: true },
  { name: 'rejected_at', type: 'timestamp', nullable: true },
  { name: 'reject_date', type: 'date', nullable: true },
];
