import { ServiceUnavailable } from '@millrace/domain';
import {
  AnalysisError,
  ConnectionUnavailableError,
  DeadlineExceededError,
  SessionChangedError,
  SessionClosedError,
} from 'spark-connect-js';
import { asUnavailable, awaySentence, summaryOf } from './session-errors';

const CHANGED = new SessionChangedError(
  '[INVALID_HANDLE.SESSION_CHANGED] The handle 11 is invalid. Session has been changed; build a new session with a new session id',
  { errorClass: 'INVALID_HANDLE.SESSION_CHANGED' },
);
const CLOSED = new SessionClosedError('[INVALID_HANDLE.SESSION_NOT_FOUND] The handle 11 is invalid.');
const REFUSED = new ConnectionUnavailableError('14 UNAVAILABLE: connect ECONNREFUSED 127.0.0.1:15002');
const LATE = new DeadlineExceededError('4 DEADLINE_EXCEEDED: Deadline exceeded after 5s');
const RESTARTED = 'Spark has been restarted and is not ready yet; try again in a moment';
const SILENT = 'Spark does not answer: it is stopped, starting or busy; try again in a moment';

describe('the summary of an error', () => {
  it('is its first line that is not blank', () => {
    expect(summaryOf(new Error('[DIVIDE_BY_ZERO] Division by zero.\n at x'))).toBe(
      '[DIVIDE_BY_ZERO] Division by zero.',
    );
    expect(summaryOf(new Error('\n\n  later\nmore'))).toBe('later');
    expect(summaryOf('a text')).toBe('a text');
  });

  it('is cut to what a row can hold', () => {
    expect(summaryOf(new Error('x'.repeat(501)))).toBe(`${'x'.repeat(499)}…`);
  });

  it.each([
    [
      'its code',
      Object.assign(new AggregateError([new Error('first')]), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    [
      'the first of its errors',
      new AggregateError([new Error('connect ::1'), new Error('second')]),
      'connect ::1',
    ],
    ['its name', new RangeError(), 'RangeError'],
    ['its name when its errors are no errors', new AggregateError([]), 'AggregateError'],
  ])('is %s where there is no message', (_what, error, summary) => {
    expect(summaryOf(error)).toBe(summary);
  });

  it('is never empty', () => {
    expect(summaryOf('')).toBe('no reason given');
  });
});

describe('what a caller is told while Spark can do nothing', () => {
  it.each([
    ['it was restarted', CHANGED, RESTARTED],
    ['it has forgotten the session', CLOSED, RESTARTED],
    ['it cannot be reached', REFUSED, SILENT],
    ['it does not answer in time', LATE, SILENT],
    ['it was never reached', undefined, 'Spark has not answered yet; try again in a moment'],
    [
      'something else of Millrace is away',
      new ServiceUnavailable('Postgres does not answer'),
      'Spark is not available: Postgres does not answer',
    ],
    [
      'nobody foresaw why',
      new AnalysisError('[X.Y] The plan'),
      'Spark is not available; the log of the orchestrator tells why',
    ],
  ])('when %s', (_when, error, sentence) => {
    expect(awaySentence(error)).toBe(sentence);
  });

  it('is an error of its own, with the original for the log', () => {
    expect(asUnavailable(CHANGED)).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: RESTARTED,
      cause: CHANGED,
    });
    expect(asUnavailable(LATE)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: SILENT, cause: LATE });
  });

  it('is the error itself where Spark is not lost', () => {
    const refused = new AnalysisError('[TABLE_OR_VIEW_NOT_FOUND] no table');
    expect(asUnavailable(refused)).toBe(refused);
  });
});
