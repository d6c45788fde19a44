import { summaryOf } from './session-errors';

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
