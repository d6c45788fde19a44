import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { RelationSchema, type Relation } from '../generated/spark/connect/relations_pb';

const EXTENSION = '.proto.bin';

/** What Spark's `PlanGenerationTestSuite` leaves, unpacked from its tests jar by `infra/spark/pom.xml`. */
const QUERY_TESTS = join(__dirname, '../../../../infra/spark/target/golden/query-tests');

/** The plans Spark's own Scala client builds, by name. */
export function readGoldenPlans(): ReadonlyMap<string, Relation> {
  const folder = join(QUERY_TESTS, 'queries');
  if (!existsSync(folder))
    throw new Error(`${folder} is not there: \`npm run build\` fetches the golden plans`);
  const names = readdirSync(folder).filter((file) => file.endsWith(EXTENSION));
  return new Map(
    names.map((file) => [
      file.slice(0, -EXTENSION.length),
      fromBinary(RelationSchema, readFileSync(join(folder, file))),
    ]),
  );
}

/** A file the golden plans were built from, such as a protobuf descriptor. */
export function readTestData(name: string): Uint8Array {
  return readFileSync(join(QUERY_TESTS, 'test-data', name));
}
