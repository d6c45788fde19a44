import type { Relation } from '../generated/spark/connect/relations_pb';
import { ScriptedServer } from '../testing/scripted-server';
import { arrowOfIds, sessionOf } from '../testing/scripted-session';
import type { SparkSession } from './spark-session';

let server: ScriptedServer;
let spark: SparkSession;

beforeAll(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
});

afterAll(async () => {
  await spark.close();
  server.close();
});

function playAnswer(common?: { readonly planId: bigint }): void {
  server.play((stream) => {
    const relType = { case: 'localRelation', value: { data: arrowOfIds([1]) } } as const;
    const relation = { relType, ...(common === undefined ? {} : { common }) };
    stream.send('r1', { responseType: { case: 'sqlCommandResult', value: { relation } } });
    stream.complete('r2');
  });
}

const planIdOf = ({ relation }: { readonly relation: Relation }) => relation.common?.planId;

describe('the result of a statement', () => {
  it('has an id of its own, by which its columns name it', async () => {
    playAnswer();
    const tables = await spark.sql('SHOW TABLES');
    const planId = planIdOf(tables);
    expect(typeof planId).toBe('bigint');
    expect(tables.col('id').expression.exprType).toMatchObject({
      value: { unparsedIdentifier: 'id', planId },
    });
  });

  it('has another one each time, also where the server names one', async () => {
    const ids: (bigint | undefined)[] = [];
    for (const planId of [7n, 7n]) {
      playAnswer({ planId });
      ids.push(planIdOf(await spark.sql('SELECT 1')));
    }
    expect(new Set([...ids, 7n]).size).toBe(3);
  });
});
