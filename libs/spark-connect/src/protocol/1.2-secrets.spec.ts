import { inspect } from 'node:util';
import { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { selfSignedCertificate } from '../testing/self-signed-certificate';

describe('1.2 what is secret', () => {
  test('is not shown by anything that is logged: token, client key, confs, headers', async () => {
    const pair = selfSignedCertificate();
    const server = await ScriptedServer.start(pair);
    const { certificate, key } = pair;
    const builder = SparkSession.builder()
      .remote(`sc://localhost:${String(server.port)}/;token=hush-token;x-key=hush-parameter`)
      .tls({ rootCertificates: certificate, clientCertificate: certificate, clientKey: key })
      .schedulerPool('hush-pool')
      .config('spark.hadoop.fs.s3a.secret.key', 'hush-conf');
    const spark = builder.build();
    await spark.version();
    expect(server.calls.at(-1)?.headers).toMatchObject({ authorization: 'Bearer hush-token' });
    const view = spark.withHeaders({ 'x-other': 'hush-header' });
    const [keyLine = ''] = key.split('\n').slice(1);
    for (const logged of [builder, spark, view, view.range(1), view.read, view.streams, view.newSession()]) {
      const shown = inspect(logged, { depth: null, showHidden: true, maxStringLength: null });
      expect(shown).not.toContain('hush');
      expect(shown).not.toContain(keyLine);
    }
    await spark.close();
    server.close();
  });
});
