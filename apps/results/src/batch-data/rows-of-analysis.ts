import type { ColumnFilter, RowFilter } from '@millrace/delta';
import { InvalidRequest } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';

/** Which raw rows an analysis counts, and by which columns it groups them. */
interface CountedRows {
  readonly keys: readonly string[];
  readonly conditions: readonly RowFilter[];
}

const COMPLETED: RowFilter = { column: 'transaction_status', operator: 'eq', values: ['completed'] };
const FRAUD: RowFilter = {
  anyOf: [
    { column: 'is_fraudulent', operator: 'eq', values: ['true'] },
    { column: 'fraud_score', operator: 'gt', values: ['0.7'] },
  ],
};

/** The plans themselves are in `libs/pipelines`; a live spec counts every group of each against them. */
export const COUNTED_ROWS: Readonly<Record<AnalysisName, CountedRows>> = {
  revenue_by_category: { keys: ['category'], conditions: [COMPLETED] },
  revenue_by_region: { keys: ['region', 'city'], conditions: [COMPLETED] },
  payment_analysis: { keys: ['payment_method', 'card_network'], conditions: [COMPLETED] },
  customer_segmentation: { keys: ['customer_id', 'customer_tier'], conditions: [COMPLETED] },
  fraud_analysis: { keys: ['category', 'region', 'channel', 'payment_method'], conditions: [FRAUD] },
  hourly_trends: { keys: ['event_date', 'event_hour'], conditions: [COMPLETED] },
  channel_performance: { keys: ['channel'], conditions: [COMPLETED] },
  inventory_velocity: {
    keys: ['product_id', 'product_name', 'category', 'sub_category', 'brand'],
    conditions: [COMPLETED],
  },
};

/** Of the raw rows none has this column: the hour is that of its time. */
const HOUR = 'event_hour';

/**
 * The filters of a drill-down as filters of raw rows.
 *
 * @throws InvalidRequest for an hour without its day.
 */
export function rawFilters(filters: readonly ColumnFilter[]): ColumnFilter[] {
  return filters.flatMap((filter) => (filter.column === HOUR ? timesOfHour(filter, filters) : [filter]));
}

function timesOfHour({ operator, values }: ColumnFilter, filters: readonly ColumnFilter[]): ColumnFilter[] {
  if (operator === 'null' || operator === 'notnull') {
    return [{ column: 'event_timestamp', operator, values: [] }];
  }
  const day = filters.find((filter) => filter.column === 'event_date' && filter.operator === 'eq')?.values[0];
  const [hour] = /^(?:1?\d|2[0-3])$/.exec(values[0] ?? '') ?? [];
  const start = `${String(day)}T${String(hour).padStart(2, '0')}`;
  if (operator !== 'eq' || Number.isNaN(Date.parse(`${start}:00:00Z`))) {
    const message =
      'must name an hour from 0 to 23 as event_hour:eq:<hour>, together with event_date:eq:<day>';
    throw new InvalidRequest([{ path: 'filter', message }]);
  }
  // Not before the next hour: after the last one of year 9999 no time can be written.
  return [
    { column: 'event_timestamp', operator: 'ge', values: [`${start}:00:00Z`] },
    { column: 'event_timestamp', operator: 'le', values: [`${start}:59:59.999999Z`] },
  ];
}
