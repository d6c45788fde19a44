import { SparkSession } from '../session/spark-session';
import { relationJson } from '../testing/plan-json';
import { LongType, StructType } from '../types/data-type';
import type { DataFrame } from './dataframe';

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();

afterAll(() => spark.close());

describe('a reader becomes a read', () => {
  it.each<[string, DataFrame, unknown]>([
    [
      'of a path, with options and a schema',
      spark.read
        .format('delta')
        .options({ versionAsOf: 3, flag: true })
        .schema(new StructType().add('a', LongType))
        .load('/t'),
      {
        read: {
          dataSource: {
            format: 'delta',
            options: { versionAsOf: '3', flag: 'true' },
            paths: ['/t'],
            schema: '{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}}]}',
          },
        },
      },
    ],
    [
      'of several paths',
      spark.read.parquet('/a', '/b'),
      { read: { dataSource: { format: 'parquet', paths: ['/a', '/b'] } } },
    ],
    [
      'of XML',
      spark.read.option('rowTag', 'r').xml('/x'),
      { read: { dataSource: { format: 'xml', options: { rowTag: 'r' }, paths: ['/x'] } } },
    ],
    [
      'of a stream without a path',
      spark.readStream.format('kafka').option('subscribe', 't').load(),
      { read: { dataSource: { format: 'kafka', options: { subscribe: 't' } }, isStreaming: true } },
    ],
    [
      'of a stream of files',
      spark.readStream.schema('a INT').json('/in'),
      { read: { dataSource: { format: 'json', schema: 'a INT', paths: ['/in'] }, isStreaming: true } },
    ],
    [
      'of lines, and nothing but lines',
      spark.read.textFile('/t'),
      {
        project: {
          input: { read: { dataSource: { format: 'text', paths: ['/t'] } } },
          expressions: [{ unresolvedAttribute: { unparsedIdentifier: 'value' } }],
        },
      },
    ],
    [
      'of a database, with its own options last',
      spark.read.jdbc('u', 't', { properties: { user: 'me', URL: 'overridden' } }),
      { read: { dataSource: { format: 'jdbc', options: { user: 'me', url: 'u', dbtable: 't' } } } },
    ],
    [
      'of texts without a schema',
      spark.read.json(spark.range(3)),
      { parse: { input: { range: { start: '0', end: '3', step: '1' } }, format: 'PARSE_FORMAT_JSON' } },
    ],
  ])('%s', (_name, dataFrame, expected) => {
    expect(relationJson(dataFrame)).toEqual(expected);
  });

  it('in which the last of an option holds, however it is written', () => {
    const frame = spark.read.option('Header', true).option('header', false).option('HEADER', true).load();
    expect(relationJson(frame)).toEqual({ read: { dataSource: { options: { HEADER: 'true' } } } });
  });

  it('unless it contradicts itself', () => {
    expect(() => spark.read.schema('a INT').textFile('/t')).toThrow(TypeError);
    expect(() => spark.read.schema('a INT').csv(spark.range(3))).toThrow(TypeError);
  });
});
