import { BatchNotFound, InvalidRequest, isBatchReference } from '@millrace/domain';

/**
 * The id of a batch as a path names it. One that can be no id at all is refused before anything looks it up.
 * @throws InvalidRequest when it holds characters that no id has.
 * @throws BatchNotFound when it is not of the form of an id.
 */
export function requireBatchReference(value: string): string {
  if (!/^[\w-]{1,64}$/.test(value)) {
    throw new InvalidRequest([{ path: 'batchId', message: 'must be the id of a batch' }]);
  }
  if (!isBatchReference(value)) throw new BatchNotFound(value);
  return value;
}
