import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { KafkaSaslMechanism } from '@millrace/domain';
import { accepts, freePorts, guardOf, javaCommand } from './spark-server';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '..', '..', '..', '..');
const START_LIMIT_MS = 90_000;
const POLL_MS = 100;
const STORE_PASSWORD = 'store-password';
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/**
 * A broker of a test's own that lets nobody in without a name and a password, by PLAIN and by SCRAM, in the open and over TLS with a
 * certificate that it has signed itself. It ends with this process.
 */
export class SecuredKafka {
  readonly username = 'millrace';
  /** In every password. */
  readonly secret = randomBytes(8).toString('hex');
  private broker: ChildProcess | undefined;
  private guard: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly ports: readonly number[],
  ) {}

  static async start(): Promise<SecuredKafka> {
    const folder = mkdtempSync(join(tmpdir(), 'secured-kafka-'));
    const kafka = new SecuredKafka(folder, await freePorts(4));
    try {
      await kafka.makeCertificate();
      await kafka.format();
      await kafka.run();
    } catch (error) {
      await kafka.stop();
      throw error;
    }
    return kafka;
  }

  /** What must be quoted in a JAAS configuration is in that of PLAIN; the tool that makes users of SCRAM takes no quotes. */
  passwordOf(mechanism: KafkaSaslMechanism): string {
    return mechanism === 'PLAIN' ? `p"w\\${this.secret}` : this.secret;
  }

  /** `host:port` of the listener SASL_PLAINTEXT. */
  get inTheOpen(): string {
    return this.address(0);
  }

  /** `host:port` of the listener SASL_SSL. */
  get overTls(): string {
    return this.address(1);
  }

  /** The certificate, as clients must know it. */
  get caFile(): string {
    return join(this.folder, 'ca.pem');
  }

  async stop(): Promise<void> {
    const { broker, guard } = this;
    this.broker = undefined;
    this.guard = undefined;
    if (broker !== undefined && broker.exitCode === null && broker.signalCode === null) {
      const exited = once(broker, 'exit');
      broker.kill('SIGKILL');
      await exited;
    }
    guard?.kill('SIGKILL');
    guard?.stdin?.destroy();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private address(index: number): string {
    return `127.0.0.1:${String(this.ports[index])}`;
  }

  private async makeCertificate(): Promise<void> {
    const java = javaCommand();
    const keytool = java === 'java' ? 'keytool' : join(dirname(java), 'keytool');
    const store = ['-alias', 'broker', '-keystore', this.keystore, '-storepass', STORE_PASSWORD];
    const name = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-validity', '2'];
    await run(keytool, ['-genkeypair', ...store, '-storetype', 'PKCS12', '-keyalg', 'EC', ...name]);
    await run(keytool, ['-exportcert', '-rfc', ...store, '-file', this.caFile]);
  }

  private async format(): Promise<void> {
    writeFileSync(this.properties, this.settings());
    const users = SCRAM.flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${this.username},password=${this.passwordOf(mechanism)}]`,
    ]);
    const id = `--cluster-id=A${randomBytes(16).toString('base64url').slice(1)}`;
    const tool = ['kafka.tools.StorageTool', 'format', id, '-c', this.properties, ...users];
    await run(javaCommand(), ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...this.javaOptions(), ...tool]);
  }

  private settings(): string {
    const [open = 0, tls = 0, internal = 0, controller = 0] = this.ports;
    const plain =
      'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
      `user_${this.username}="${escaped(this.passwordOf('PLAIN'))}";`;
    const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
    const listeners = {
      SASL_PLAINTEXT: open,
      SASL_SSL: tls,
      INTERNAL: internal,
    };
    const list = Object.entries(listeners).map(([name, port]) => `${name}://127.0.0.1:${String(port)}`);
    const settings: Record<string, string> = {
      'process.roles': 'broker,controller',
      'node.id': '1',
      listeners: [...list, `CONTROLLER://127.0.0.1:${String(controller)}`].join(','),
      'advertised.listeners': list.join(','),
      'controller.listener.names': 'CONTROLLER',
      'controller.quorum.voters': `1@127.0.0.1:${String(controller)}`,
      'inter.broker.listener.name': 'INTERNAL',
      'listener.security.protocol.map':
        'SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'log.dirs': join(this.folder, 'data'),
      'auto.create.topics.enable': 'false',
      'offsets.topic.replication.factor': '1',
      'offsets.topic.num.partitions': '1',
      'transaction.state.log.replication.factor': '1',
      'transaction.state.log.min.isr': '1',
      'group.initial.rebalance.delay.ms': '0',
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': this.keystore,
      'ssl.keystore.password': STORE_PASSWORD,
    };
    for (const listener of ['sasl_plaintext', 'sasl_ssl']) {
      const of = `listener.name.${listener}`;
      settings[`${of}.sasl.enabled.mechanisms`] = ['PLAIN', ...SCRAM].join(',');
      settings[`${of}.plain.sasl.jaas.config`] = plain;
      for (const mechanism of SCRAM) settings[`${of}.${mechanism.toLowerCase()}.sasl.jaas.config`] = scram;
    }
    return Object.entries(settings)
      .map(([name, value]) => `${name}=${escapedBackslashes(value)}\n`)
      .join('');
  }

  private async run(): Promise<void> {
    const log = join(this.folder, 'kafka.log');
    const file = openSync(log, 'a');
    const memory = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const broker = spawn(javaCommand(), [...memory, ...this.javaOptions(), 'kafka.Kafka', this.properties], {
      cwd: this.folder,
      env: { ...process.env, TZ: 'UTC' },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    broker.unref();
    this.broker = broker;
    this.guard = guardOf(broker, this.folder);
    const until = Date.now() + START_LIMIT_MS;
    while (Date.now() < until && broker.exitCode === null && broker.signalCode === null) {
      // It begins to listen when it is ready for clients.
      if ((await accepts(this.ports[1] ?? 0)) && readFileSync(log, 'utf8').includes('Kafka Server started'))
        return;
      await delay(POLL_MS);
    }
    const tail = readFileSync(log, 'utf8').split('\n').slice(-30).join('\n');
    throw new Error(`the secured broker of this test did not start\n${tail}`);
  }

  private get keystore(): string {
    return join(this.folder, 'broker.p12');
  }

  private get properties(): string {
    return join(this.folder, 'kafka.properties');
  }

  private javaOptions(): string[] {
    const jars = join(ROOT, 'infra', 'kafka', 'target', 'jars', '*');
    return [`-Dlog4j2.configurationFile=${join(ROOT, 'conf', 'log4j2.properties')}`, '-cp', jars];
  }
}

/** As JAAS reads it back between quotes. */
const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** As `.properties` read it back. */
const escapedBackslashes = (text: string) => text.replaceAll('\\', '\\\\');
