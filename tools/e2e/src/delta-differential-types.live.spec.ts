import { DeltaOracle, ascending, descending } from './delta-oracle';

jest.setTimeout(120_000);

const TABLE = 'types';
const PLAIN = [
  'b',
  's',
  'i',
  'l',
  'f',
  'd',
  'yes',
  'small',
  'large',
  'fraction',
  'day',
  'at',
  'clock',
  'text',
  'bytes',
];

/** Every type, with the values at its ends, and null. */
const VALUES = `VALUES
  (1, -128Y, -32768S, -2147483648, -9223372036854775808L, float('NaN'), double('NaN'), true, 0.00BD,
    -99999999999999999999999999999999999999BD, 0.5BD, DATE '0001-01-01', TIMESTAMP '1900-01-01 00:00:00.000001', TIMESTAMP_NTZ '1900-01-01 00:00:00.000001', '', X''),
  (2, 127Y, 32767S, 2147483647, 9223372036854775807L, float('Infinity'), double('Infinity'), false, 99999999.99BD,
    99999999999999999999999999999999999999BD, 0.9999999999BD, DATE '9999-12-31', TIMESTAMP '9999-12-31 23:59:59.999999', TIMESTAMP_NTZ '9999-12-31 23:59:59.999999', 'ÿ', X'FF00'),
  (3, 0Y, 0S, 0, 0L, float('-Infinity'), double('-Infinity'), NULL, -99999999.99BD, 0BD, -0.0000000001BD, DATE '1582-10-15',
    TIMESTAMP '1969-12-31 23:59:59.999', TIMESTAMP_NTZ '1969-12-31 23:59:59.999', '\\u0000"\\\\\\n', X'22'),
  (4, 1Y, 1S, 1, 9007199254740993L, float('-0.0'), double('-0.0'), true, 0.01BD, 1BD, 0.0000000001BD, DATE '1970-01-01',
    TIMESTAMP '1970-01-01 00:00:00', TIMESTAMP_NTZ '1970-01-01 00:00:00', '😀', X'5C'),
  (5, -1Y, -1S, -1, -9007199254740993L, float('1.17549435E-38'), double('4.9E-324'), false, -0.01BD, -1BD, 0BD, DATE '1969-12-31',
    TIMESTAMP '2024-03-31 01:30:00.1234', TIMESTAMP_NTZ '2024-03-31 02:30:00.1234', '\\uFFFD', X'80'),
  (6, 10Y, 256S, 65536, 4294967296L, float('3.4028235E38'), double('1.7976931348623157E308'), true, 10BD, 10BD, 0.1BD, DATE '1900-02-28',
    TIMESTAMP '0001-01-01 00:00:00', TIMESTAMP_NTZ '0001-01-01 00:00:00', 'z', X'00'),
  (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`;

const NESTED = `
  CASE WHEN id <> 7 THEN array(l, NULL, ~l) END AS list,
  CASE id WHEN 1 THEN array() WHEN 2 THEN array(array(d), NULL, array()) WHEN 3 THEN array(array(NULL, d)) END AS lists,
  CASE id WHEN 1 THEN map() WHEN 2 THEN map('', at, text, NULL) ELSE map('b', at, 'a', at) END AS by_name,
  CASE WHEN id % 2 = 0 THEN map(i, named_struct('deep', array(large))) END AS by_number,
  CASE WHEN id <> 5 THEN named_struct('x', i, 'Text', text, 'in', CASE WHEN id <> 4 THEN named_struct('bytes', bytes, 'day', day) END) END AS parts,
  array(named_struct('v', s, 'at', clock), NULL) AS structs`;

describe('a table of every type, that changes its schema', () => {
  let oracle: DeltaOracle;

  beforeAll(async () => {
    oracle = await DeltaOracle.open();
    const table = oracle.named(TABLE);
    const columns = ['id', ...PLAIN].join(', ');
    await oracle.run(
      `CREATE TABLE ${table} USING delta AS SELECT *, ${NESTED} FROM (SELECT CAST(id AS BIGINT) AS id, b, s, i, l, f, d, yes,
         CAST(small AS DECIMAL(10, 2)) AS small, CAST(large AS DECIMAL(38, 0)) AS large, CAST(fraction AS DECIMAL(10, 10)) AS fraction,
         day, at, clock, text, bytes FROM (${VALUES}) AS row(${columns}))`,
      `ALTER TABLE ${table} ADD COLUMNS (added DECIMAL(20, 4), \`odd.:%\` STRING, numbers ARRAY<INT>)`,
      `INSERT INTO ${table} SELECT * EXCEPT (added, \`odd.:%\`, numbers), id / 3, 'odd', array(1, NULL) FROM ${table} WHERE id < 5`,
      `ALTER TABLE ${table} ADD COLUMNS (parts.late STRUCT<a: INT, b: STRING>, parts.\`in\`.later TIMESTAMP, structs.element.more MAP<STRING, DATE>,
         by_number.value.flag BOOLEAN, first INT)`,
      `UPDATE ${table} SET first = 1, parts.late = named_struct('a', 4, 'b', 'late') WHERE id % 2 = 0`,
      `INSERT INTO ${table} (id, parts, structs) VALUES (100,
         named_struct('x', 1, 'Text', 't', 'in', named_struct('bytes', X'01', 'day', DATE '2025-01-01', 'later', TIMESTAMP '2025-01-01 00:00:00'),
           'late', named_struct('a', NULL, 'b', 'x')),
         array(named_struct('v', 3S, 'at', NULL, 'more', map('k', DATE '2025-01-01'))))`,
      `ALTER TABLE ${table} ALTER COLUMN first AFTER id`,
      `OPTIMIZE ${table}`,
    );
  });

  afterAll(() => oracle.close());

  it('is what Spark reads at each version', async () => {
    const { version: newest } = await oracle.snapshot(TABLE);
    expect(newest).toBe(7);
    const versions = Array.from({ length: newest + 1 }, (_, version) => ({ version }));
    await oracle.expectSame(TABLE, versions, [[], [descending('f')], [ascending('bytes')]]);
  });

  it('is in the order that Spark sorts by, of each plain column', async () => {
    const snapshot = await oracle.snapshot(TABLE, { version: 0 });
    const ranks = PLAIN.flatMap((column) => [`${column} ASC`, `${column} DESC`]);
    const windows = ranks.map((rank, index) => `row_number() OVER (ORDER BY ${rank}, id) AS r${index}`);
    const ranked = await oracle.spark.sql(
      `SELECT id, ${windows.join(', ')} FROM ${oracle.named(TABLE)} VERSION AS OF 0`,
    );
    const rows = await ranked.collect();
    for (const [index, rank] of ranks.entries()) {
      const [column = '', direction] = rank.split(' ');
      const order = [direction === 'ASC' ? ascending(column) : descending(column), ascending('id')];
      const page = await oracle.tables.readPage(snapshot, { columns: ['id'], order, limit: 99, offset: 0 });
      const ids = (JSON.parse(String(page.bytes)) as { id: number }[]).map(({ id }) => id);
      const expected = rows.toSorted((one, other) => Number(one[`r${index}`]) - Number(other[`r${index}`]));
      expect({ rank, ids }).toEqual({ rank, ids: expected.map(({ id }) => Number(id)) });
    }
  });
});
