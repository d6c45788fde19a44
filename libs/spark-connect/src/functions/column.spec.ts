import { StringType } from '../types/data-type';
import { columnJson } from '../testing/plan-json';
import { countDistinct, first } from './aggregates';
import { elementAt, fromJson } from './collections';
import type { Column } from './column';
import { callFunction, col, expr, lit, litAs, when } from './core';
import { sessionWindow, window } from './datetime';
import { Timestamp } from '../types/timestamp';
import { Window } from './window';
import { rowNumber } from './window-functions';

const a = { unresolvedAttribute: { unparsedIdentifier: 'a' } };
const b = { unresolvedAttribute: { unparsedIdentifier: 'b' } };
const int = (integer: number) => ({ literal: { integer } });
const text = (string: string) => ({ literal: { string } });
const call = (functionName: string, ...args: readonly unknown[]) => ({
  unresolvedFunction: { functionName, arguments: args },
});

describe('a literal', () => {
  it.each<[unknown, Column, unknown]>([
    ['a small integer is INT', lit(1), { integer: 1 }],
    ['a large integer is BIGINT', lit(2 ** 40), { long: '1099511627776' }],
    ['a fraction is DOUBLE', lit(0.5), { double: 0.5 }],
    ['minus zero stays DOUBLE', lit(-0), { double: -0 }],
    ['a bigint is BIGINT', lit(1n), { long: '1' }],
    ['a text is STRING', lit('a'), { string: 'a' }],
    ['a boolean', lit(true), { boolean: true }],
    ['null', lit(null), { null: { null: {} } }],
    ['a Date is TIMESTAMP', lit(new Date(1)), { timestamp: '1000' }],
    ['a Timestamp keeps its microseconds', lit(new Timestamp(7n)), { timestamp: '7' }],
    ['bytes', lit(Uint8Array.from([1])), { binary: 'AQ==' }],
    ['a chosen number type', litAs(1, 'double'), { double: 1 }],
  ])('%s', (_name, column, literal) => {
    expect(columnJson(column)).toEqual({ literal });
  });

  it('refuses more than 64 bits', () => {
    expect(() => lit(2n ** 63n)).toThrow(RangeError);
  });
});

describe('a column expression', () => {
  it.each<[string, Column, unknown]>([
    ['neq', col('a').neq(1), call('not', call('==', a, int(1)))],
    ['between', col('a').between(1, 2), call('and', call('>=', a, int(1)), call('<=', a, int(2)))],
    ['arithmetic', col('a').plus(1).mod(col('b')), call('%', call('+', a, int(1)), b)],
    ['isin', col('a').isin('x', 'y'), call('in', a, text('x'), text('y'))],
    ['a string operand is a literal', col('a').eq('b'), call('==', a, text('b'))],
    ['cast by DDL', col('a').cast('bigint'), { cast: { expr: a, typeStr: 'bigint' } }],
    [
      'tryCast by type',
      col('a').tryCast(StringType),
      { cast: { expr: a, type: { string: {} }, evalMode: 'EVAL_MODE_TRY' } },
    ],
    ['getField', col('a').getField('x'), { unresolvedExtractValue: { child: a, extraction: text('x') } }],
    ['alias', col('a').as('x'), { alias: { expr: a, name: ['x'] } }],
    ['a star', col('*'), { unresolvedStar: {} }],
    ['a star of one side', col('t.*'), { unresolvedStar: { unparsedTarget: 't.*' } }],
    ['SQL text', expr('a + 1'), { expressionString: { expression: 'a + 1' } }],
    ['callFunction', callFunction('f', 'a', lit('x')), call('f', a, text('x'))],
    [
      'CASE',
      when(col('a').isNull(), 'x').when(col('b').gt(1), 'y').otherwise(lit(null)),
      call('when', call('isNull', a), text('x'), call('>', b, int(1)), text('y'), {
        literal: { null: { null: {} } },
      }),
    ],
    ['CASE without otherwise', when(col('a').isNull(), 'x'), call('when', call('isNull', a), text('x'))],
    [
      'countDistinct',
      countDistinct('a', 'b'),
      { unresolvedFunction: { functionName: 'count', arguments: [a, b], isDistinct: true } },
    ],
    ['first', first('a', true), call('first', a, { literal: { boolean: true } })],
    ['elementAt', elementAt('a', 1), call('element_at', a, int(1))],
    [
      'window',
      window('a', '1 minute', '30 seconds'),
      call('window', a, text('1 minute'), text('30 seconds')),
    ],
    [
      'window with a start only',
      window('a', '1 minute', undefined, '5 seconds'),
      call('window', a, text('1 minute'), text('1 minute'), text('5 seconds')),
    ],
    ['sessionWindow', sessionWindow('a', '5 minutes'), call('session_window', a, text('5 minutes'))],
    [
      'fromJson with options',
      fromJson('a', 'x INT', { mode: 'FAILFAST' }),
      call('from_json', a, text('x INT'), call('map', text('mode'), text('FAILFAST'))),
    ],
    [
      'over',
      rowNumber().over(
        Window.partitionBy('a').orderBy(col('b').desc()).rowsBetween('unboundedPreceding', 'currentRow'),
      ),
      {
        window: {
          windowFunction: { unresolvedFunction: { functionName: 'row_number' } },
          partitionSpec: [a],
          orderSpec: [{ child: b, direction: 'SORT_DIRECTION_DESCENDING', nullOrdering: 'SORT_NULLS_LAST' }],
          frameSpec: { frameType: 'FRAME_TYPE_ROW', lower: { unbounded: true }, upper: { currentRow: true } },
        },
      },
    ],
  ])('%s', (_name, column, expected) => {
    expect(columnJson(column)).toEqual(expected);
  });
});
