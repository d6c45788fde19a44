import type { FixtureSchema } from './fixtures';

/** Of each type: how the table spells it, and values as SQL of the writer. */
const COLUMNS: Readonly<Record<string, readonly [unknown, string]>> = {
  id: ['integer', 'i'],
  text: ['string', `CASE i WHEN 1 THEN '' WHEN 2 THEN 'é"😀' END`],
  whole: ['long', 'CASE i WHEN 1 THEN 9223372036854775807 WHEN 2 THEN -9223372036854775808 END::BIGINT'],
  small: ['short', 'CASE i WHEN 1 THEN -32768 WHEN 2 THEN 32767 END::SMALLINT'],
  tiny: ['byte', 'CASE i WHEN 1 THEN -128 WHEN 2 THEN 127 END::TINYINT'],
  single: ['float', 'CASE i WHEN 1 THEN 0.5 WHEN 2 THEN -2 END::FLOAT'],
  real: ['double', `CASE i WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' END::DOUBLE`],
  flag: ['boolean', 'CASE i WHEN 1 THEN true WHEN 2 THEN false END'],
  raw: ['binary', `CASE i WHEN 1 THEN '\\x00\\xFF'::BLOB WHEN 2 THEN ''::BLOB END`],
  day: ['date', `CASE i WHEN 1 THEN DATE '1969-12-31' WHEN 2 THEN DATE '2100-02-28' END`],
  at: [
    'timestamp',
    `CASE i WHEN 1 THEN TIMESTAMPTZ '1969-12-31 23:59:59.999999+00' WHEN 2 THEN TIMESTAMPTZ '2262-01-01 00:00:00.000001+00' END`,
  ],
  clock: ['timestamp_ntz', `CASE i WHEN 1 THEN TIMESTAMP '2025-01-15 08:00:00.000001' END`],
  price: [
    'decimal(38,2)',
    `CASE i WHEN 1 THEN '-999999999999999999999999999999999999.99' WHEN 2 THEN '0.01' END::DECIMAL(38,2)`,
  ],
  tags: [
    { type: 'array', elementType: 'string', containsNull: true },
    `CASE i WHEN 1 THEN ['a', NULL] WHEN 2 THEN []::VARCHAR[] END`,
  ],
  place: [
    { type: 'struct', fields: [{ name: 'x', type: 'long', nullable: true, metadata: {} }] },
    `CASE i WHEN 1 THEN {'x': 5::BIGINT} WHEN 2 THEN {'x': NULL::BIGINT} END`,
  ],
  counts: [
    { type: 'map', keyType: 'string', valueType: 'integer', valueContainsNull: true },
    `CASE i WHEN 1 THEN MAP {'k': 7, 'n': NULL} END`,
  ],
};

export const SCHEMA_OF_EVERY_TYPE: FixtureSchema = Object.fromEntries(
  Object.entries(COLUMNS).map(([name, [type]]) => [name, type]),
);

/** Three rows: of extreme values, of others, and of nulls. */
export const ROWS_OF_EVERY_TYPE = `SELECT ${Object.entries(COLUMNS)
  .map(([name, [, sql]]) => `${sql} AS ${name}`)
  .join(', ')} FROM range(1, 4) AS rows(i)`;
