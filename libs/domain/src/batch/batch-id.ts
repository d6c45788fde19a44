/** `batch-<UTC submit date>-<first 8 hex digits of the UUID>`: safe in a path, a URL and a job id. */
const BATCH_ID = /^batch-\d{8}-[0-9a-f]{8}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function makeBatchId(uuid: string, submitTime: Date): string {
  return `batch-${submitTime.toISOString().slice(0, 10).replaceAll('-', '')}-${uuid.slice(0, 8)}`;
}

export function isBatchId(value: string): boolean {
  return BATCH_ID.test(value);
}

/** Both spellings a client may look a batch up by: the short id and the full UUID. */
export function isBatchReference(value: string): boolean {
  return BATCH_ID.test(value) || UUID.test(value);
}
