/** 31 columns of the kinds a table of transactions has; of five of them some values are NULL, of one all. */
const COLUMNS = [
  'id',
  'id * 7919 % 50021 AS account_id',
  'id * 104729 % 999983 AS merchant_id',
  'id * 9007199254 AS trace_id',
  'cast(id % 12 + 1 AS int) AS quantity',
  'cast(id * 31 % 400 AS int) AS store_id',
  'if(id % 7 = 0, null, cast(id % 100000 AS int)) AS coupon_id',
  'cast(id % 365 AS smallint) AS day_of_year',
  'cast(id % 100 AS tinyint) AS channel',
  'id / 3.0D AS rating',
  'id * 37 % 180000 / 1000.0D - 90 AS latitude',
  'id * 41 % 360000 / 1000.0D - 180 AS longitude',
  'if(id % 11 = 0, null, sqrt(id)) AS risk',
  'cast(id % 1000 / 8.0D AS float) AS weight',
  'cast(id * 17 % 1000000 / 100.0D AS decimal(12, 2)) AS price',
  'cast(id * 3 % 100000 / 100.0D AS decimal(12, 2)) AS tax',
  'cast(id * -13 % 100000000 / 10000.0D AS decimal(20, 4)) AS balance',
  "concat('evt-', hex(id * 1000003), '-', hex(id)) AS event_id",
  "concat('user', id % 50021, '@example.com') AS email",
  "elt(cast(id % 5 AS int) + 1, 'DE', 'US', 'FR', 'JP', 'BR') AS country",
  "elt(cast(id % 4 AS int) + 1, 'Köln', 'São Paulo', 'Tokyo', 'Reims') AS city",
  "elt(cast(id % 3 AS int) + 1, 'grocery', 'clothing', 'electronics') AS category",
  "elt(cast(id % 3 AS int) + 1, 'CREDIT_CARD', 'PAYPAL', 'CASH') AS payment_method",
  "if(id % 3 = 0, null, concat('order ', id, ' was left at the door of the neighbour')) AS note",
  'timestamp_micros(1767225600000000 + id * 1000123) AS event_at',
  'timestamp_micros(1767225602500000 + id * 1000123) AS received_at',
  'if(id % 5 = 0, null, timestamp_micros(1767312000000000 + id * 999)) AS settled_at',
  "date_add(DATE'2024-01-01', cast(id % 730 AS int)) AS event_date",
  'id % 97 = 0 AS is_fraud',
  'if(id % 13 = 0, null, id % 2 = 0) AS is_refund',
  'cast(null AS string) AS parent_id',
] as const;

/** Eight of them, for results of which the server's driver must hold five million rows. */
const FEW_COLUMNS = COLUMNS.filter((column) =>
  /^id$|AS (account_id|quantity|rating|price|country|event_at|is_fraud)$/.test(column),
);

/** How many columns a result has. */
export type Width = 'wide' | 'narrow';

export function columnsOf(width: Width): readonly string[] {
  return width === 'wide' ? COLUMNS : FEW_COLUMNS;
}

/** A query whose rows are computed on the way: the server reads no files. */
export function tableQuery(width: Width, rows: number): string {
  return `SELECT ${columnsOf(width).join(', ')} FROM range(0, ${rows}, 1, 8)`;
}
