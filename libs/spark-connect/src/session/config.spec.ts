import { SparkSession } from './spark-session';
import { defaultRemote } from './config';
import { ScriptedServer } from '../testing/scripted-server';

const KEY = 'SPARK_REMOTE';
const before = process.env[KEY];

afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(process.env, KEY);
  else process.env[KEY] = before;
});

describe('a builder that was not told where to connect', () => {
  it('takes SPARK_REMOTE, as it is when the session is built', async () => {
    const server = await ScriptedServer.start();
    const builder = SparkSession.builder();
    process.env[KEY] = `sc://127.0.0.1:${String(server.port)}/;user_id=me`;
    const spark = builder.build();
    expect(spark.userId).toBe('me');
    await expect(spark.version()).resolves.toBe('4.0.1');
    await spark.close();
    server.close();
  });

  it('prefers what it is told', async () => {
    process.env[KEY] = 'sc://127.0.0.1:1/;user_id=me';
    const spark = SparkSession.builder().remote('sc://127.0.0.1:1/;user_id=you').build();
    expect(spark.userId).toBe('you');
    await spark.close();
  });

  it.each([undefined, ''])('takes the default port of this machine where the variable is %p', (value) => {
    Reflect.deleteProperty(process.env, KEY);
    if (value !== undefined) process.env[KEY] = value;
    expect(defaultRemote()).toBe('sc://localhost:15002');
  });
});
