import { ANALYSES, ANALYSIS_NAMES } from '@millrace/domain';
import { CHART_PLANS } from './chart-plans';

describe.each(ANALYSIS_NAMES)('the chart of %s', (name) => {
  const { labels, value, kind } = CHART_PLANS[name];
  const { columns, order } = ANALYSES[name];

  it('shows columns that the analysis has', () => {
    expect(columns.map((column) => column.name)).toEqual(expect.arrayContaining([...labels, value]));
    expect(columns.find((column) => column.name === value)?.type).toMatch(/^(double|bigint)$/);
  });

  it('has its bars in the order of the result, the largest first', () => {
    const [first] = order;
    expect(first).toEqual(
      kind === 'line' ? { column: labels[0], direction: 'asc' } : { column: value, direction: 'desc' },
    );
  });
});
