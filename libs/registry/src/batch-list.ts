import type { BatchListQuery } from '@millrace/domain';
import { ROW } from './batch-columns';

export interface Query {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * The page of a list, with one row more to know whether there is another, and the count of all that match. Everything a
 * client says is a value; only the conditions that it asks for are in the text.
 */
export function listQueries(query: BatchListQuery): { page: Query; total: Query } {
  const values: unknown[] = [];
  const bound = (value: unknown) => `$${String(values.push(value))}`;
  const conditions = conditionsOf(query, bound);
  const total = { text: `SELECT count(*) AS total FROM batches ${where(conditions)}`, values: [...values] };

  const { after, limit } = query;
  if (after !== undefined) {
    const [time, id] = [bound(after.submitTime), bound(after.batchId)];
    conditions.push(`submit_time <= ${time} AND (submit_time < ${time} OR batch_id > ${id})`);
  }
  const text = `SELECT ${ROW} FROM batches ${where(conditions)}
    ORDER BY submit_time DESC, batch_id LIMIT ${bound(limit + 1)}`;
  return { total, page: { text, values } };
}

function conditionsOf(query: BatchListQuery, bound: (value: unknown) => string): string[] {
  const { status, analysisType, client, from, to, labels } = query;
  const conditions: string[] = [];
  if (status !== undefined) conditions.push(`status = ${bound(status)}`);
  if (analysisType !== undefined) conditions.push(`analysis_type = ${bound(analysisType)}`);
  if (client !== undefined) conditions.push(`client = ${bound(client)}`);
  if (from !== undefined) conditions.push(`submit_time >= ${bound(from)}`);
  if (to !== undefined) conditions.push(`submit_time < ${bound(to)}`);
  if (labels !== undefined) conditions.push(`labels @> ${bound(JSON.stringify(labels))}::jsonb`);
  return conditions;
}

const where = (conditions: readonly string[]) =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
