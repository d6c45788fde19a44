import { StringType, StructField, StructType } from 'spark-connect-js';
import type { DataFrame, RowObject, SparkSession } from 'spark-connect-js';
import { CONTRACT_METRICS } from '../pipeline';
import { useSpark } from '../testing/use-spark';
import { WATERMARK, productRevenue } from './product-revenue';
import { streamedSales } from './streamed-sales';

jest.setTimeout(240_000);

let spark: SparkSession;

useSpark((session) => (spark = session));

const VALUE = new StructType([new StructField('value', StringType)]);

function kafkaRows(events: readonly unknown[]): DataFrame {
  const values = events.map((event) => [typeof event === 'string' ? event : JSON.stringify(event)]);
  return spark.createDataFrame(values, VALUE);
}

/** As texts: times to the microsecond, amounts with their cents. */
async function sales(events: readonly unknown[]): Promise<RowObject[]> {
  const columns = ['product', 'CAST(order_ts AS STRING) AS at', 'CAST(line_amount AS STRING) AS amount'];
  return streamedSales(kafkaRows(events))
    .selectExpr(...columns)
    .collect();
}

describe('events of sales', () => {
  it('have the first time that can be read, in any of its forms', async () => {
    const rows = await sales([
      { event_time: '2025-01-15T10:00:00.123456Z', order_time: '2024-01-01 00:00:00' },
      { event_time: '2025-01-15T10:00:00+05:30' },
      { event_time: 'soon', order_time: '2025-01-15 10:20' },
      { order_date: '20250115' },
      { order_date: '2025/1/5', timestamp: '2025-01-01' },
      { timestamp: ' 20250115T101500 ' },
      { timestamp: '2025.01.15 7:08:09' },
    ]);
    expect(rows.map(({ at }) => at)).toEqual([
      '2025-01-15 10:00:00.123456',
      '2025-01-15 04:30:00',
      '2025-01-15 10:20:00',
      '2025-01-15 00:00:00',
      '2025-01-05 00:00:00',
      '2025-01-15 07:08:09',
    ]);
  });

  it('without a time, or with one of a far day, are counted and dropped', async () => {
    let observed: unknown;
    const events = [
      { event_time: '2025-01-15' },
      { product: 'tea' },
      { event_time: '10:00' },
      { event_time: 'now' },
      { event_time: '2025-02-30 10:00:00' },
      { event_time: '9999-12-31' },
      '[]',
      'no JSON',
      '',
      'null',
    ];
    const rows = await streamedSales(kafkaRows(events)).collect({
      onObservedMetrics: ({ name, values }) => {
        if (name === CONTRACT_METRICS) observed = values;
      },
    });
    expect(rows).toHaveLength(1);
    expect(observed).toEqual({ received: 10n, rejected: 9n });
  });

  it('have the amount of all, else quantity times price, else 0', async () => {
    const at = { event_time: '2025-01-15' };
    const rows = await sales([
      { ...at, total_price: '160.205', quantity: 9, unit_price: 9 },
      { ...at, total_price: 'free', quantity: '3', price: '0.335' },
      { ...at, total_price: null, quantity: 3, unit_price: 0.1 },
      { ...at, amount: 5 },
      { ...at, quantity: 'many', unit_price: '1' },
      { ...at, total_price: 'Infinity' },
      { ...at, total_price: 9_999_999_999_999.99 },
    ]);
    const amounts = ['160.21', '1.01', '0.30', '5.00', '0.00', '0.00', '9999999999999.99'];
    expect(rows.map(({ amount }) => amount)).toEqual(amounts);
  });

  it('have the product of batches', async () => {
    const at = { event_time: '2025-01-15' };
    const rows = await sales([{ ...at, product: ' ', item: ' tea ' }, at, { ...at, product: 'cake' }]);
    expect(rows.map(({ product }) => product)).toEqual(['tea', 'UNKNOWN', 'cake']);
  });
});

describe('revenue by product', () => {
  it.each([WATERMARK, null])(
    'is of overlapping windows, with their start and without their end: lateness %s',
    async (lateness) => {
      const sale = (time: string, total_price: string) => ({
        event_time: `2025-01-15 ${time}`,
        product: 'tea',
        total_price,
      });
      const events = [sale('10:00:00', '0.10'), sale('10:14:59.999999', '0.20'), sale('10:15:00', '0.40')];
      const windows = await productRevenue(streamedSales(kafkaRows(events)), lateness)
        .selectExpr(
          'product',
          'revenue',
          "concat_ws(' ', date_format(window_start, 'HH:mm'), date_format(window_end, 'HH:mm')) AS hour",
        )
        .orderBy('hour')
        .collect();
      expect(windows).toEqual(
        [
          ['09:15 10:15', 0.3],
          ['09:30 10:30', 0.7],
          ['09:45 10:45', 0.7],
          ['10:00 11:00', 0.7],
          ['10:15 11:15', 0.4],
        ].map(([hour, revenue]) => ({ product: 'tea', revenue, hour })),
      );
    },
  );
});
