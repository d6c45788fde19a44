import type { Readable } from 'node:stream';
import { PreconditionFailed } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerWithFile } from '../exports/file-answer';
import { RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import type { Answer } from './answer';
import { unlessExpired } from './completed-batch';
import type { DataQuery } from './data-query';
import { conditionOf, entityTag } from './entity-tag';
import { noBody } from './no-body';
import { contentHeaders, nextCursor, nextLink, pageHeaders } from './page-answer';
import { openResult, readResult } from './read-result';
import type { ResultTable } from './result-table';
import { fingerprint, offsetAt } from './row-cursor';
import { rowStream, rowsOfPage } from './row-stream';

/** None where the client has it. */
export type AnswerBody = Buffer | Readable | undefined;

/** What is asked for, with its place found. */
interface PlacedData extends DataQuery {
  readonly rows: string;
}

/** Where an answer goes. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Reads answers and sends them: as pages or as lines, or that the client has them. */
@Injectable()
export class AnswerSender {
  private readonly logger = new Logger(AnswerSender.name);

  constructor(@Inject(RESULTS_PORTS) private readonly ports: ResultsPorts) {}

  async send(
    answer: Answer,
    record: BatchRecord,
    asked: DataQuery,
    { request, reply }: Exchange,
  ): Promise<AnswerBody> {
    const query = placed(answer, record, asked);
    if (query.format === 'parquet') return this.sendFile(answer, record, query, { request, reply });
    const tag = entityTag([query.rows, query.format, query.limit, query.offset]);
    const facts = { etag: tag, ...factsOf(answer) };
    const open = (one: ResultTable) => openResult(this.ports.tables, record, one, query);
    const condition = conditionOf(request.headers, tag);
    if (condition !== 'met') {
      // A tag is known to whoever asked before, but `*` or another one is of any question, also of a wrong one.
      await unlessExpired(this.ports.batches, record, () => Promise.all(answer.tables.map(open)));
      if (condition === 'failed') throw new PreconditionFailed();
      void reply.headers(facts).code(304);
      return noBody(request);
    }
    const gone = whenGone(reply);
    const read = await this.readUnlessGone(gone, record, () => this.read(answer, record, query, gone));
    if (read === undefined) return undefined;
    const { body, returned, total } = read;
    const page = query.format === 'json' ? query : { ...query, limit: returned };
    const next = answer.tables.length === 1 ? nextCursor(query, returned, total) : undefined;
    void reply
      .headers({ ...facts, ...pageHeaders(page, total), ...nextLink(request.url, next) })
      .headers(contentHeaders(query.format, `${record.batchId}-${answer.name}`));
    return body;
  }

  /** Made first as a whole: only then it has a length, and parts. */
  private async sendFile(
    { name, tables: [table] }: Answer,
    record: BatchRecord,
    query: PlacedData,
    { request, reply }: Exchange,
  ): Promise<AnswerBody> {
    if (table === undefined) throw new Error(`The answer ${name} has no table`);
    const gone = whenGone(reply);
    const made = await this.readUnlessGone(gone, record, async () => {
      const result = await openResult(this.ports.tables, record, table, query);
      const { total, count } = await rowsOfPage(result, query);
      const rows = result.parquet({ offset: query.offset, limit: count });
      return { total, count, file: await this.ports.exports.get(rows.name, rows.write, gone) };
    });
    if (made === undefined) return undefined;
    const { total, count, file } = made;
    const headers = {
      ...factsOf({ tables: [table] }),
      ...pageHeaders({ ...query, limit: count }, total),
      ...nextLink(request.url, nextCursor(query, count, total)),
      ...contentHeaders('parquet', `${record.batchId}-${name}`),
    };
    return answerWithFile(file, headers, request, reply);
  }

  /** Undefined where nobody waits for the answer any more. */
  private async readUnlessGone<T>(gone: AbortSignal, record: BatchRecord, read: () => Promise<T>) {
    try {
      return await unlessExpired(this.ports.batches, record, read);
    } catch (error) {
      if (gone.aborted) return undefined;
      throw error;
    }
  }

  private async read(answer: Answer, record: BatchRecord, query: PlacedData, signal: AbortSignal) {
    const open = (table: ResultTable) => openResult(this.ports.tables, record, table, query, signal);
    const [table] = answer.tables;
    if (query.format !== 'json' && query.format !== 'parquet' && table !== undefined) {
      const { total, count, stream } = await rowStream(await open(table), query, query.format);
      stream.on('error', (error) => {
        this.logger.error(`The rows of ${record.batchId} broke off: ${error.message}`, error.stack);
      });
      return { body: stream, returned: count, total };
    }
    const page = answer.tables.length === 1 ? query : { limit: query.limit, offset: query.offset };
    return answer.read(page, async (one) => readResult(await open(one), query));
  }
}

function factsOf({ tables: [table, ...others] }: Pick<Answer, 'tables'>): Record<string, string> {
  return {
    'cache-control': 'private, no-cache',
    vary: 'accept',
    // Of several tables there is no one version.
    ...(table !== undefined && others.length === 0 && { 'delta-table-version': String(table.version) }),
  };
}

/** Aborted when the client is gone, or has everything. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    gone.abort();
  });
  if (raw.destroyed) gone.abort();
  return gone.signal;
}

/** @throws InvalidRequest for a cursor of other rows. */
function placed({ name, tables }: Answer, { batchId }: BatchRecord, query: DataQuery): PlacedData {
  const { columns, filter, sort, cursor } = query;
  const versions = tables.map(({ version }) => String(version));
  const rows = fingerprint([batchId, name, versions, columns, filter, sort]);
  return { ...query, rows, offset: cursor === undefined ? query.offset : offsetAt(cursor, rows) };
}
