import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { StackConfig } from '../../config';
import { dataFolder, emptyFolder, temporaryFolder } from '../../home/home';
import type { Home } from '../../home/home';
import { writeAtomically } from '../../home/write-atomically';
import { PartFailure } from '../../part-failure';
import { isListening } from '../../ports/probe';
import type { PartSpec } from '../../process/part';
import { requireJars } from '../jars';
import { javaFailure } from './java-failure';
import { answersMetadata } from './topics';

const run = promisify(execFile);

export interface KafkaPorts {
  readonly broker: number;
  readonly controller: number;
}

/** `server.properties` of one process that is both broker and controller. */
export function serverProperties(ports: KafkaPorts, logFolder: string): string {
  const broker = `127.0.0.1:${String(ports.broker)}`;
  const controller = `127.0.0.1:${String(ports.controller)}`;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://${broker},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${broker}`,
    'controller.listener.names': 'CONTROLLER',
    // Named here and not in the metadata log, so that the port may differ from run to run.
    'controller.quorum.voters': `1@${controller}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logFolder.replaceAll('\\', '\\\\'),
    'num.partitions': 3,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed is let back in when its old registration has expired.
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 1000,
    // Threads cost memory, and one machine needs few.
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${String(value)}\n`)
    .join('');
}

/** Gives the broker its identity at first use. */
export async function formatKafka(config: StackConfig, home: Home, ports: KafkaPorts): Promise<void> {
  const logFolder = dataFolder(home, 'kafka');
  const file = propertiesFile(home);
  writeAtomically(file, serverProperties(ports, logFolder));
  if (existsSync(join(logFolder, 'meta.properties'))) return;
  const clusterId = `--cluster-id=${newClusterId()}`;
  const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', clusterId, '-c', file];
  try {
    await run(config.java, ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...javaOptions(config), ...format]);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const why = javaFailure(stderr) || String(error);
    throw new PartFailure('kafka', `the storage of Kafka could not be formatted: ${why}`, { error });
  }
}

/** As Kafka's own `Uuid.randomUuid`: never with a dash in front, which a command line takes for an option. */
export function newClusterId(random: () => Buffer = () => randomBytes(16)): string {
  for (;;) {
    const id = random().toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

/** The embedded broker. */
export function kafkaPart(config: StackConfig, home: Home, ports: KafkaPorts): PartSpec {
  return {
    name: 'kafka',
    command: config.java,
    args: [
      ...['-Xms64m', `-Xmx${config.kafkaHeap}`, '-XX:+UseSerialGC', '-XX:MinHeapFreeRatio=20'],
      ...['-XX:MaxHeapFreeRatio=40', '-XX:ReservedCodeCacheSize=64m', ...javaOptions(config)],
      ...[`-Djava.io.tmpdir=${temporaryFolder(home, 'kafka')}`, 'kafka.Kafka', propertiesFile(home)],
    ],
    cwd: dataFolder(home, 'kafka'),
    beforeStart: () => {
      emptyFolder(temporaryFolder(home, 'kafka'));
    },
    env: { ...config.inherited, TZ: 'UTC' },
    stopLimitMs: 20_000,
    waitsFor: `Kafka to answer on port ${String(ports.broker)}`,
    readyLimitMs: 90_000,
    isReady: async () =>
      (await isListening(ports.broker)) && (await answersMetadata(`127.0.0.1:${String(ports.broker)}`)),
  };
}

function propertiesFile(home: Home): string {
  return join(home.run, 'kafka.properties');
}

function javaOptions(config: StackConfig): readonly string[] {
  const logging = pathToFileURL(join(config.root, 'conf', 'log4j2.properties')).href;
  return [`-Dlog4j2.configurationFile=${logging}`, '-cp', requireJars(config.root, 'kafka')];
}
