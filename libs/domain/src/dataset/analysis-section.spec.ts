import { datasetAnalyses } from './dataset-analyses';
import { defined, problemsIn, written } from './definition.fixture';

const FIELDS = [
  { name: 'Time', type: 'datetime', start: '-1d', end: 'now' },
  { name: 'city', type: 'category', choices: { Pune: 1 } },
  { name: 'amount', type: 'int', distribution: { type: 'uniform', min: 1, max: 2 } },
  { name: 'flag', type: 'boolean', probability: 0.5 },
  { name: 'id', type: 'uuid' },
];
const ANALYSIS = { timestamp: 'TIME', dimensions: ['city'], numerics: ['amount'], booleans: ['flag'] };
const problems = (more: object, fields: object[] = []) =>
  problemsIn(written([...FIELDS, ...fields], { analysis: { ...ANALYSIS, ...more } }));

describe('the analysis of a data set', () => {
  it('names columns, whatever the spelling of the fields', () => {
    expect(defined(FIELDS, { analysis: ANALYSIS }).analysis).toEqual({ ...ANALYSIS, timestamp: 'time' });
  });

  it('needs a timestamp only', () => {
    expect(defined(FIELDS, { analysis: { timestamp: 'time' } }).analysis).toEqual({
      timestamp: 'time',
      dimensions: [],
      numerics: [],
      booleans: [],
    });
    expect(problems({ timestamp: undefined })).toEqual(['analysis.timestamp: is missing; it must be text']);
  });

  it('has one column for each day and dimension, then counts, sums, averages and rates', () => {
    const { daily_metrics: daily, kpis } = datasetAnalyses({
      timestamp: 't',
      dimensions: ['a', 'b'],
      numerics: ['n'],
      booleans: ['x', 'y'],
    });
    const measures = 'record_count,sum_n,count_x,count_y,avg_n,rate_x,rate_y';
    expect(daily.columns.map(({ name }) => name).join()).toBe(`t_date,a,b,${measures}`);
    expect(kpis.columns.map(({ name }) => name).join()).toBe(measures);
  });

  it.each([
    [
      { timestamp: 'city' },
      'timestamp: must be the name of a field of type datetime; city is of type category',
    ],
    [{ timestamp: 'when' }, 'timestamp: must be the name of a field of type datetime; there is none'],
    [
      { dimensions: ['city', 'id'] },
      'dimensions[1]: must be the name of a field of one of the types category, boolean, int, constant, pattern, derived; id is of type uuid',
    ],
    [{ numerics: ['city'] }, 'numerics[0]: must be the name of a field of numbers; city is of type category'],
    [
      { booleans: ['amount'] },
      'booleans[0]: must be the name of a field of true and false; amount is of type int',
    ],
    [{ currency: 'XXQ' }, 'currency: must be the ISO 4217 code of a currency, like INR'],
    [{ currency: 'inr' }, 'currency: must be the ISO 4217 code of a currency, like INR'],
    [{ numerics: ['drop table'] }, 'numerics[0]: must be a letter, then at most 62 letters, digits and _'],
    [
      { metrics: [] },
      'metrics: is no key that is known here; the keys are: timestamp, dimensions, numerics, booleans, title, currency',
    ],
  ])('is refused: %j', (more, problem) => {
    expect(problems(more)).toEqual([`analysis.${problem}`]);
  });

  it('takes a lookup of numbers for a number', () => {
    const price = {
      name: 'price',
      type: 'derived',
      operation: 'lookup',
      field: 'city',
      map: { Pune: 5 },
      default: 0,
    };
    expect(problems({ numerics: ['price'], currency: 'INR' }, [price])).toEqual([]);
  });

  it('has each column once', () => {
    expect(problems({ dimensions: ['city', 'City'] })).toEqual([
      'analysis: must have each column once; city would be there twice',
    ]);
    expect(problems({ dimensions: ['amount'] })).toEqual([
      'analysis: must have each column once; amount would be there twice',
    ]);
    const day = { name: 'time_date', type: 'int', distribution: { type: 'uniform', min: 1, max: 2 } };
    expect(problems({ numerics: ['time_date'] }, [day])).toEqual([
      'analysis: must have each column once; time_date would be there twice',
    ]);
    const taken = { name: 'sum_amount', type: 'category', choices: { a: 1 } };
    expect(problems({ dimensions: ['sum_amount'] }, [taken])).toEqual([
      'analysis: must have each column once; sum_amount would be there twice',
    ]);
  });
});
