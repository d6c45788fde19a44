import { DeltaOracle, ascending, descending } from './delta-oracle';

jest.setTimeout(120_000);

/** Text as Spark takes it, so that no character of it is read as SQL. */
const sqlText = (text: string) => `CAST(X'${Buffer.from(text).toString('hex')}' AS STRING)`;

const ODD_TEXTS = [
  ...[
    '',
    ' ',
    ' a ',
    '%',
    '%2F',
    '%%20',
    'a/b',
    '/',
    '..',
    '.',
    'a=b',
    'a:b',
    'x?y#z',
    'a+b',
    'a&b',
    "it's",
    '"',
    '`',
    '\\',
    '\\N',
  ],
  ...[
    'é',
    'e\u0301',
    '日本',
    '😀',
    '\u00a0',
    '\t',
    'line\nline',
    '\u007f',
    '\u0001',
    '{}[]',
    '*',
    '~',
    'null',
    'NULL',
    '__HIVE_DEFAULT_PARTITION__',
  ],
  ...['2025-01-01', '1e3', 'true', 'A', 'a', '_hidden', '.hidden'],
];

const KEY = `a.key:%'"`;

const TYPED = 'day, at, clock, price, yes, small, large, narrow, ratio, bytes';
const TYPED_VALUES = `VALUES
  (1, DATE '2025-01-01', TIMESTAMP '2025-01-01 00:00:00', TIMESTAMP_NTZ '2025-01-01 00:00:00', 0.00BD, true, 1Y, 9223372036854775807L, float('1.5'), 1.5D, X'61'),
  (2, DATE '0001-01-01', TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP_NTZ '1969-12-31 23:59:59.999999', -12.30BD, false, -128Y, -9223372036854775808L, float('NaN'), double('-Infinity'), X'C3A9'),
  (3, DATE '9999-12-31', TIMESTAMP '2025-06-30 12:00:00.5', TIMESTAMP_NTZ '2025-06-30 12:00:00.5', 12345678.90BD, NULL, 0Y, 0L, float('-0.0'), double('NaN'), X''),
  (4, NULL, NULL, NULL, NULL, true, NULL, NULL, NULL, NULL, NULL),
  (5, DATE '1582-10-04', TIMESTAMP '0001-01-01 00:00:00', TIMESTAMP_NTZ '9999-12-31 23:59:59.999999', 0.01BD, false, 127Y, 9007199254740993L, float('3.4028235E38'), 1e300D, X'5C783631')`;

describe('odd values of partition columns', () => {
  let oracle: DeltaOracle;

  beforeAll(async () => {
    oracle = await DeltaOracle.open();
  });

  afterAll(() => oracle.close());

  it('are what Spark reads, of texts', async () => {
    const rows = ODD_TEXTS.map((text, id) => `(${id}, ${sqlText(text)})`);
    const [table, everyVersion] = [oracle.named('texts'), [{ version: 0 }, { version: 1 }, { version: 2 }]];
    await oracle.run(
      `CREATE TABLE ${table} USING delta PARTITIONED BY (\`${KEY}\`) AS
         SELECT CAST(id AS BIGINT) AS id, key AS \`${KEY}\`, upper(key) AS shown FROM (VALUES ${rows.join(', ')}, (1000, NULL)) AS row(id, key)`,
      `DELETE FROM ${table} WHERE \`${KEY}\` IN (${['a/b', '%', 'é', ' '].map(sqlText).join(', ')})`,
      `UPDATE ${table} SET shown = concat(shown, '!') WHERE id % 2 = 0`,
    );
    await oracle.expectSame('texts', everyVersion, [[], [ascending(KEY)], [descending(KEY)]]);
  });

  it('are what Spark reads, of every other type', async () => {
    const table = oracle.named('typed');
    const columns = TYPED.split(', ');
    await oracle.run(
      `CREATE TABLE ${table} USING delta PARTITIONED BY (${TYPED}) AS
         SELECT CAST(id AS BIGINT) AS id, day, at, clock, CAST(price AS DECIMAL(12, 2)) AS price, yes, small, large, narrow, ratio, bytes
         FROM (${TYPED_VALUES}) AS row(id, ${TYPED})`,
      `INSERT INTO ${table} SELECT id + 10, * EXCEPT (id) FROM ${table}`,
    );
    await oracle.expectSame('typed', [{ version: 0 }, { version: 1 }], [[], [ascending('at')]]);
    const snapshot = await oracle.snapshot('typed');
    const windows = columns.map((column, index) => `row_number() OVER (ORDER BY ${column}, id) AS r${index}`);
    const rows = await (await oracle.spark.sql(`SELECT id, ${windows.join(', ')} FROM ${table}`)).collect();
    for (const [index, column] of columns.entries()) {
      const request = { columns: ['id'], order: [ascending(column), ascending('id')], limit: 99, offset: 0 };
      const page = JSON.parse(String((await oracle.tables.readPage(snapshot, request)).bytes)) as {
        id: number;
      }[];
      const expected = rows.toSorted((one, other) => Number(one[`r${index}`]) - Number(other[`r${index}`]));
      expect({ column, ids: page.map(({ id }) => id) }).toEqual({
        column,
        ids: expected.map(({ id }) => Number(id)),
      });
    }
  });
});
