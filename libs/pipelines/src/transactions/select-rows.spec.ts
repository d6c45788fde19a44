import { FILTER_COLUMNS } from '@millrace/domain';
import { SparkSession } from 'spark-connect-js';
import { selectTransactions } from './select-rows';

/** Nothing is sent: plans are built here. */
const rows = SparkSession.builder().remote('sc://127.0.0.1:1').build().range(1);
const filteredBy = (filters: Readonly<Record<string, string | number | boolean>>) => () =>
  selectTransactions(rows, { startDate: null, endDate: null, afterEventTimestamp: null, filters });

describe('a selection of rows', () => {
  it('is all rows where nothing is asked for', () => {
    expect(filteredBy({})()).toBe(rows);
  });

  it.each(['no_such_column', 'event_timestamp', 'event_date', 'region` OR 1=1', '__proto__', 'constructor'])(
    'refuses a filter by %s',
    (column) => {
      expect(filteredBy(Object.fromEntries([[column, 'x']]))).toThrow(`cannot be filtered by "${column}"`);
    },
  );

  it('refuses a value that is not of the type of its column', () => {
    expect(filteredBy({ quantity: 'two' })).toThrow(TypeError);
    expect(filteredBy({ quantity: 2 ** 31 })).toThrow(RangeError);
    expect(filteredBy({ is_fraudulent: 'true' })).toThrow(TypeError);
  });

  it('can be made by each column that a request may name', () => {
    const VALUES: Readonly<Partial<Record<string, string | number | boolean>>> = {
      string: 'x',
      int: 1,
      double: 0.5,
      boolean: true,
    };
    for (const { name, type } of FILTER_COLUMNS) {
      expect(filteredBy({ [name]: VALUES[type] ?? '' })).not.toThrow();
    }
  });
});
