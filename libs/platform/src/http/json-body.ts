import { InvalidRequest, repeatedKey } from '@millrace/domain';
import type { ErrorDetail } from '@millrace/domain';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { forbiddenKey } from './forbidden-key';

/**
 * JSON is the only body there is; none at all is fine too, also under a JSON content type. What two readers could take
 * for two things (bytes that are no text, members given twice) is refused, and so is a key that would reach the prototype
 * of an object.
 */
export function readOnlyJson(instance: FastifyInstance): void {
  const parseJson = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      done(new UnsupportedMediaTypeException());
      return;
    }
    const text = textOf(body as Buffer);
    if (text === undefined) refuse({ path: 'body', message: 'must be text in UTF-8' }, done);
    else if (text === '') done(null, undefined);
    else {
      void parseJson(request, text, (error, value) => {
        const problem = error === null ? repetitionIn(text) : problemOf(text, error);
        if (problem === undefined) done(null, value);
        else refuse(problem, done);
      });
    }
  });
}

function refuse(problem: ErrorDetail, done: (error: Error) => void): void {
  done(new InvalidRequest([problem]));
}

/** Without a byte order mark. */
function textOf(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function repetitionIn(json: string): ErrorDetail | undefined {
  const path = repeatedKey(json);
  return path === undefined ? undefined : { path, message: 'is given twice' };
}

/** The parser says of a key that it forbids only that the body is no JSON, which is not true. */
function problemOf(text: string, { message }: Error): ErrorDetail {
  try {
    const path = forbiddenKey(text);
    if (path !== undefined) return { path, message: 'must not be a key' };
  } catch {
    // Then it is no JSON indeed.
  }
  return { path: 'body', message };
}
