import { SparkSession } from './spark-session';
import { ScriptedServer } from '../testing/scripted-server';

describe('a warning of the server about a conf', () => {
  let server: ScriptedServer;

  beforeEach(async () => {
    server = await ScriptedServer.start();
  });

  afterEach(() => {
    jest.restoreAllMocks();
    server.close();
  });

  it('is a warning of the process, each text once, also about the confs of the builder', async () => {
    const emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    server.confWarnings.push('spark.a is deprecated');
    const spark = SparkSession.builder()
      .remote(`sc://127.0.0.1:${String(server.port)}`)
      .config('spark.a', 1)
      .build();
    await spark.version();
    await spark.conf.set('spark.a', 2);
    server.confWarnings.push('spark.b is deprecated');
    await spark.conf.set('spark.b', 2);
    expect(emitted.mock.calls).toEqual([
      ['spark.a is deprecated', 'SparkConfWarning'],
      ['spark.b is deprecated', 'SparkConfWarning'],
    ]);
    await spark.close();
  });
});
