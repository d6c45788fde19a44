import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StackConfig } from '../config';
import { dataFolder, emptyFolder, temporaryFolder } from '../home/home';
import type { Home } from '../home/home';
import { isListening } from '../ports/probe';
import type { PartSpec } from '../process/part';
import { requireJars } from './jars';

export interface SparkPorts {
  readonly connect: number;
  readonly ui: number;
}

/** The first request loads most of Spark's planner. */
const VERSION_LIMIT_MS = 20_000;

/** Packages Spark reaches into; its own launcher opens the same (`JavaModuleOptions`). */
const OPENED_PACKAGES = [
  ...['java.lang', 'java.lang.invoke', 'java.lang.reflect', 'java.io', 'java.net', 'java.nio', 'java.util'],
  ...['java.util.concurrent', 'java.util.concurrent.atomic', 'jdk.internal.ref', 'sun.nio.ch', 'sun.nio.cs'],
  ...['sun.security.action', 'sun.util.calendar'],
];

const MODULE_OPTIONS = [
  '-XX:+IgnoreUnrecognizedVMOptions',
  '--add-modules=jdk.incubator.vector',
  ...OPENED_PACKAGES.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  '--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
  '-Djdk.reflect.useDirectMethodHandle=false',
  '-Dio.netty.tryReflectionSetAccessible=true',
  '-Dio.netty.allocator.type=pooled',
  '-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE',
  '--enable-native-access=ALL-UNNAMED',
];

/** Gives memory back to the system when the application idles, which on a laptop is most of the time. */
const MEMORY_OPTIONS = [
  '-XX:+UseG1GC',
  '-XX:G1PeriodicGCInterval=30000',
  '-XX:MinHeapFreeRatio=10',
  '-XX:MaxHeapFreeRatio=30',
  '-XX:MaxDirectMemorySize=512m',
  '-XX:ReservedCodeCacheSize=192m',
];

/** The Spark Connect server. */
export function sparkPart(config: StackConfig, home: Home, ports: SparkPorts): PartSpec {
  const folder = dataFolder(home, 'spark');
  const temporary = temporaryFolder(home, 'spark');
  return {
    name: 'spark',
    command: config.java,
    args: [
      `-Xmx${config.sparkHeap}`,
      ...MEMORY_OPTIONS,
      ...MODULE_OPTIONS,
      '-Duser.timezone=UTC',
      `-Djava.io.tmpdir=${temporary}`,
      `-Dlog4j2.configurationFile=${pathToFileURL(join(config.root, 'conf', 'log4j2.properties')).href}`,
      ...['-cp', requireJars(config.root, 'spark'), 'org.apache.spark.deploy.SparkSubmit'],
      ...[
        '--properties-file',
        join(config.root, 'conf', 'spark-defaults.conf'),
        '--master',
        config.sparkMaster,
      ],
      ...Object.entries(localSettings(config, folder, ports)).flatMap(([name, value]) => [
        '--conf',
        `${name}=${value}`,
      ]),
      ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer', 'spark-internal'],
    ],
    cwd: folder,
    beforeStart: () => {
      emptyFolder(temporary);
    },
    // The UI binds to this address and to no other setting.
    env: { ...config.inherited, SPARK_LOCAL_IP: '127.0.0.1', TZ: 'UTC' },
    stopLimitMs: 30_000,
    waitsFor: `the Spark Connect server to accept connections on port ${String(ports.connect)}`,
    readyLimitMs: 180_000,
    isReady: async () =>
      (await isListening(ports.connect)) && (await answersVersion(`sc://127.0.0.1:${String(ports.connect)}`)),
  };
}

function localSettings(config: StackConfig, folder: string, ports: SparkPorts): Record<string, string> {
  const local = join(folder, 'local');
  mkdirSync(local, { recursive: true });
  return {
    'spark.scheduler.allocation.file': join(config.root, 'conf', 'fairscheduler.xml'),
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': String(ports.connect),
    'spark.ui.port': String(ports.ui),
    // A busy port is our business: Spark moving on by itself would make endpoints.json wrong.
    'spark.port.maxRetries': '0',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.local.dir': local,
    'spark.sql.warehouse.dir': join(folder, 'warehouse'),
  };
}

/** Whether the server answers a request: it listens a little before it can. */
async function answersVersion(remote: string): Promise<boolean> {
  // Loaded at this point only: gRPC and Arrow take a moment, in which the server already boots.
  const { SparkSession } = await import('spark-connect-js');
  const session = SparkSession.builder().remote(remote).build();
  try {
    return (await session.version({ deadlineMs: VERSION_LIMIT_MS })) !== '';
  } catch {
    return false;
  } finally {
    await session.release().catch(() => undefined);
    await session.close();
  }
}
