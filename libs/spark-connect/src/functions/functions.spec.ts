import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as functions from './functions';
import { LIVE_TABLES } from './live-tables/live-tables';

const JARS = join(__dirname, '../../../../infra/spark/target/jars');

/** What takes a closure of the JVM. */
const OF_THE_JVM = new Set(['udf', 'udaf']);

/** Functions of a Scala object of their own (`avro`, `protobuf`), and `map` under its name in PySpark. */
const BESIDE = ['create_map', 'from_avro', 'from_protobuf', 'to_avro', 'to_protobuf'];

const ofSpark = namesInSpark();

test('the list is the one of the pinned Spark', () => {
  expect(ofSpark.length).toBeGreaterThan(460);
});

test("every function of Spark's list is here under its name", () => {
  const missing = ofSpark.filter((name) => !OF_THE_JVM.has(name) && !(name in functions));
  expect(missing).toEqual([]);
});

test('nothing else is here', () => {
  const others = Object.keys(functions).filter((name) => !ofSpark.includes(name));
  expect(others.sort()).toEqual(BESIDE);
});

test('every function has a live case, which calls it on a server', () => {
  const cases = Object.values(LIVE_TABLES).flatMap((table) => Object.keys(table));
  expect(cases.sort()).toEqual(Object.keys(functions).sort());
});

/** The public methods of `org.apache.spark.sql.functions`, as the JDK reads them from Spark's jar. */
function namesInSpark(): readonly string[] {
  const jar = readdirSync(JARS).find((file) => file.startsWith('spark-sql-api_'));
  if (jar === undefined) throw new Error(`${JARS} holds no spark-sql-api: \`npm run build\` fetches it`);
  const home = process.env['JAVA_HOME'];
  const javap = home === undefined ? 'javap' : join(home, 'bin', 'javap');
  const listing = execFileSync(javap, ['-classpath', join(JARS, jar), 'org.apache.spark.sql.functions'], {
    encoding: 'utf8',
  });
  const methods = [...listing.matchAll(/^ {2}public static [^(]* (\w+)\(/gm)];
  return [...new Set(methods.map(([, name]) => name ?? ''))].sort();
}
