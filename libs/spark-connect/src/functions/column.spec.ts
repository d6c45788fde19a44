import { columnJson } from '../testing/plan-json';
import type { Column } from './column';
import * as fn from './functions';
import { Window } from './window';

const { col, expr, lit } = fn;
const a = { unresolvedAttribute: { unparsedIdentifier: 'a' } };
const b = { unresolvedAttribute: { unparsedIdentifier: 'b' } };
const int = (integer: number) => ({ literal: { integer } });
const text = (string: string) => ({ literal: { string } });
const call = (functionName: string, ...args: readonly unknown[]) => ({
  unresolvedFunction: { functionName, arguments: args },
});
const frameOf = (column: Column) => columnJson(column) as { window: { frameSpec: unknown } };

describe('a column', () => {
  it.each<[string, Column, unknown]>([
    ['takes a string operand as a literal', col('a').eq('b'), call('=', a, text('b'))],
    ['takes a column operand as it is', col('a').eq(col('b')), call('=', a, b)],
    ['negates equality for neq', col('a').notEqual(1), call('!', call('=', a, int(1)))],
    [
      'matches any list of values',
      col('a').isInCollection(new Set(['x', 'y'])),
      call('in', a, text('x'), text('y')),
    ],
    ['matches without regard to case', col('a').ilike('x%'), call('ilike', a, text('x%'))],
    ['matches a regular expression', col('a').rlike('x+'), call('rlike', a, text('x+'))],
    ['is cast by DDL', col('a').cast('bigint'), { cast: { expr: a, typeStr: 'bigint' } }],
    [
      'is cast with NULL for what does not fit',
      col('a').tryCast('int'),
      { cast: { expr: a, typeStr: 'int', evalMode: 'EVAL_MODE_TRY' } },
    ],
    [
      'takes a CASE without otherwise',
      fn.when(col('a').isNull(), 'x'),
      call('when', call('isNull', a), text('x')),
    ],
    ['is handed to a function', col('a').transform((column) => column.plus(1)), call('+', a, int(1))],
    ['is itself when it is called an outer one', col('a').outer(), a],
  ])('%s', (_name, column, expected) => {
    expect(columnJson(column)).toEqual(expected);
  });

  it('is not changed by what is made of it', () => {
    const struct = col('a');
    const before = columnJson(struct);
    struct.withField('x', lit(1)).dropFields('x').as('y').desc();
    expect(columnJson(struct)).toEqual(before);
  });

  it('keeps the branches of a CASE apart from those of a longer one', () => {
    const first = fn.when(col('a').isNull(), 'x');
    first.when(col('b').isNull(), 'y').otherwise('z');
    expect(columnJson(first)).toEqual(call('when', call('isNull', a), text('x')));
  });

  it('drops no field when none is named', () => {
    expect(columnJson(col('a').dropFields())).toEqual(a);
  });
});

describe('a function', () => {
  it.each<[string, Column, unknown]>([
    ['count of a star counts rows', fn.count('*'), call('count', int(1))],
    [
      'percentile takes several percentages',
      fn.percentile('a', [0.5, 0.9]),
      call('percentile', a, call('array', { literal: { double: 0.5 } }, { literal: { double: 0.9 } })),
    ],
    ['lag sends a default only where one is given', fn.lag('a', 2), call('lag', a, int(2))],
    [
      'mode sends its flag only where it is given',
      fn.mode('a', true),
      call('mode', a, { literal: { boolean: true } }),
    ],
    [
      'window moves windows by its start',
      fn.window('a', '1 minute', undefined, '5 seconds'),
      call('window', a, text('1 minute'), text('1 minute'), text('5 seconds')),
    ],
    [
      'session_window takes a gap of each row',
      fn.session_window('a', col('b')),
      call('session_window', a, b),
    ],
    [
      'make_interval is 0 in parts left out before the last',
      fn.make_interval(undefined, undefined, undefined, 'a'),
      call('make_interval', int(0), int(0), int(0), a),
    ],
    [
      'str_to_map with the second delimiter only',
      fn.str_to_map('a', undefined, '='),
      call('str_to_map', a, text(','), text('=')),
    ],
    [
      'listagg_distinct has a delimiter',
      fn.listagg_distinct('a', ', '),
      { unresolvedFunction: { functionName: 'listagg', arguments: [a, text(', ')], isDistinct: true } },
    ],
    [
      'timestamp_add is one SQL has no name for',
      fn.timestamp_add('DAY', 1, 'a'),
      {
        unresolvedFunction: {
          functionName: 'timestampadd',
          arguments: [text('DAY'), int(1), a],
          isInternal: true,
        },
      },
    ],
  ])('%s', (_name, column, expected) => {
    expect(columnJson(column)).toEqual(expected);
  });

  it('without a seed is given one that stays with the column', () => {
    const shuffled = fn.shuffle('a');
    expect(columnJson(shuffled)).toEqual(columnJson(shuffled));
    expect(columnJson(shuffled)).not.toEqual(columnJson(fn.shuffle('a')));
  });
});

describe('a lambda function', () => {
  const variable = (name: string) => ({ unresolvedNamedLambdaVariable: { nameParts: [name] } });
  const lambda = (names: readonly string[], body: unknown) => ({
    lambdaFunction: { function: body, arguments: names.map((name) => ({ nameParts: [name] })) },
  });

  it('within another has variables of its own, and sees those of the outer one', () => {
    const nested = fn.transform('a', (row) =>
      fn.filter(row, (value, index) => value.gt(index).and(row.isNotNull())),
    );
    const condition = call(
      'and',
      call('>', variable('x_2'), variable('y_3')),
      call('isNotNull', variable('x_1')),
    );
    expect(columnJson(nested)).toEqual(
      call(
        'transform',
        a,
        lambda(['x_1'], call('filter', variable('x_1'), lambda(['x_2', 'y_3'], condition))),
      ),
    );
  });

  it('makes the same plan each time', () => {
    const build = () => columnJson(fn.aggregate('a', lit(0), (sum, value) => sum.plus(value)));
    expect(build()).toEqual(build());
  });

  it('that throws leaves the next one as it would be', () => {
    const build = () => columnJson(fn.exists('a', (value) => value.gt(1)));
    const before = build();
    expect(() =>
      fn.exists('a', () => {
        throw new Error('boom');
      }),
    ).toThrow('boom');
    expect(build()).toEqual(before);
  });

  it('of one parameter gets no index', () => {
    expect(columnJson(fn.transform('a', () => lit(1)))).toEqual(
      call('transform', a, lambda(['x_1'], int(1))),
    );
  });

  it('that returns no column is refused', () => {
    const body = (() => true) as unknown as () => Column;
    expect(() => fn.forall('a', body)).toThrow(
      new TypeError('the function given to forall returned no column'),
    );
  });
});

describe('a window', () => {
  const count = fn.count('a');

  it('may be empty', () => {
    expect(columnJson(count.over())).toEqual({ window: { windowFunction: call('count', a) } });
  });

  it.each<[string, Column, unknown]>([
    [
      'of rows has names and numbers for its ends',
      count.over(Window.rowsBetween(Window.unboundedPreceding, 0)),
      { frameType: 'FRAME_TYPE_ROW', lower: { unbounded: true }, upper: { currentRow: true } },
    ],
    [
      'of a range sends whole units as BIGINT, others as DOUBLE',
      count.over(Window.orderBy('a').rangeBetween(-1, 0.5)),
      {
        frameType: 'FRAME_TYPE_RANGE',
        lower: { value: { literal: { long: '-1' } } },
        upper: { value: { literal: { double: 0.5 } } },
      },
    ],
    [
      'of a range takes an interval',
      count.over(Window.orderBy('a').rangeBetween(expr('-INTERVAL 1 HOUR'), Window.currentRow)),
      {
        frameType: 'FRAME_TYPE_RANGE',
        lower: { value: { expressionString: { expression: '-INTERVAL 1 HOUR' } } },
        upper: { currentRow: true },
      },
    ],
  ])('%s', (_name, column, frameSpec) => {
    expect(frameOf(column).window.frameSpec).toEqual(frameSpec);
  });

  it('is not changed by what is made of it', () => {
    const byA = Window.partitionBy('a');
    const before = columnJson(count.over(byA));
    byA.orderBy('b').rowsBetween(-1, 1);
    expect(columnJson(count.over(byA))).toEqual(before);
  });

  it.each([
    ['unboundedFollowing', 'unboundedFollowing'],
    ['unboundedPreceding', 'unboundedPreceding'],
  ] as const)('does not reach from %s to %s', (lower, upper) => {
    expect(() => Window.rowsBetween(lower, upper)).toThrow(RangeError);
    expect(() => Window.rangeBetween(lower, upper)).toThrow(RangeError);
  });

  it('has no part of a row', () => {
    expect(() => Window.rowsBetween(-0.5, 0)).toThrow(
      new RangeError('a frame of rows needs whole numbers, not -0.5'),
    );
  });
});
