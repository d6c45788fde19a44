import { join } from 'node:path';
import type { Addresses } from '../addresses';
import type { PortName, StackConfig } from '../config';
import { secretOf } from '../home/home';
import type { Home } from '../home/home';

/** Where the tables lie. Spark writes them, the results service reads them. */
export function deltaBasePath(home: Home): string {
  return join(home.data, 'delta');
}

/** The settings of the applications, the generator and the seeder. */
export function appEnv(
  config: StackConfig,
  home: Home,
  addresses: Addresses,
  ports: Readonly<Record<PortName, number>>,
): Readonly<Record<string, string | undefined>> {
  return {
    ...config.inherited,
    NODE_ENV: config.inherited['NODE_ENV'] ?? 'production',
    MILLRACE_HOME: home.path,
    MILLRACE_HOST: '127.0.0.1',
    MILLRACE_INTERNAL_TOKEN: secretOf(home, 'internal-token'),
    GATEWAY_PORT: String(ports.gateway),
    RESULTS_PORT: String(ports.results),
    ORCHESTRATOR_PORT: String(ports.orchestrator),
    ORCHESTRATOR_URL: addresses.orchestrator,
    RESULTS_URL: addresses.results,
    DATABASE_URL: addresses.postgres,
    ...(config.external.postgres === undefined ? jdbcEnv(addresses.postgres) : {}),
    REDIS_URL: addresses.redis,
    KAFKA_BOOTSTRAP_SERVERS: addresses.kafka,
    // Our own broker is alone.
    ...(config.external.kafka === undefined ? { KAFKA_REPLICATION_FACTOR: '1' } : {}),
    SPARK_REMOTE: addresses.sparkConnect,
    SPARK_UI_URL: addresses.sparkUi,
    DELTA_BASE_PATH: deltaBasePath(home),
    CHECKPOINT_DIR: join(home.data, 'checkpoints'),
  };
}

/** Our own Postgres also takes the analyses of batches that ask for the sink `jdbc`; a person's own only when told so. */
function jdbcEnv(postgresUrl: string): Readonly<Record<string, string>> {
  const { host, pathname, username, password } = new URL(postgresUrl);
  return {
    JDBC_URL: `jdbc:postgresql://${host}${pathname}`,
    JDBC_USER: decodeURIComponent(username),
    JDBC_PASSWORD: decodeURIComponent(password),
  };
}
