import { StringType, IntegerType, StructType } from '../../types/data-type';
import { toJson } from '../../types/data-type-json';
import { frameOf, session } from '../frames';

const TEST_DATA = '../common/src/test/resources/query-tests/test-data';
const DATABASE = 'jdbc:h2:mem:testdb0;user=testUser;password=testPass';

const texts = frameOf(toJson(new StructType().add('value', StringType)));
const parsed = new StructType().add('c1', StringType).add('c2', IntegerType);

export const reads = {
  read: () =>
    session.read
      .format('csv')
      .schema('name STRING,age INT,job STRING')
      .options({ header: true, delimiter: ';' })
      .load(`${TEST_DATA}/people.csv`),
  read_csv: () => session.read.csv(`${TEST_DATA}/people.csv`),
  read_json: () => session.read.json(`${TEST_DATA}/people.json`),
  read_orc: () => session.read.orc(`${TEST_DATA}/users.orc`),
  read_parquet: () => session.read.parquet(`${TEST_DATA}/users.parquet`),
  read_text: () => session.read.text(`${TEST_DATA}/people.txt`),
  read_jdbc: () => session.read.jdbc(DATABASE, 'TEST.TIMETYPES'),
  read_jdbc_with_partition: () =>
    session.read.jdbc(DATABASE, 'TEST.EMP', {
      column: 'THEID',
      lowerBound: 0,
      upperBound: 4,
      numPartitions: 3,
    }),
  read_jdbc_with_predicates: () =>
    session.read.jdbc(DATABASE, 'TEST.PEOPLE', { predicates: ['THEID < 2', 'THEID >= 2'] }),
  read_table: () => session.read.table('myTable'),
  table: () => session.table('myTable'),
  table_API_with_options: () => session.read.options({ p1: 'v1', p2: 'v2' }).table('tempdb.myTable'),
  streaming_table_API_with_options: () =>
    session.readStream.options({ p1: 'v1', p2: 'v2' }).table('tempdb.myStreamingTable'),
  csv_from_dataset: () => session.read.schema(parsed).option('header', true).csv(texts),
  // Scala sends the names of options in small letters; what is the same to the server is sent here as it is written.
  json_from_dataset: () => session.read.schema(parsed).option('allowsinglequotes', true).json(texts),
};
