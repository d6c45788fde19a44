import { join, resolve } from 'node:path';
import { z } from 'zod';

/** Ports of the parts where nothing else is asked for. */
export const DEFAULT_PORTS = {
  gateway: 8080,
  results: 8081,
  orchestrator: 8082,
  sparkUi: 4040,
  sparkConnect: 15002,
  kafka: 19092,
  postgres: 15432,
  redis: 16379,
} as const;

export type PortName = keyof typeof DEFAULT_PORTS;

/** The variable with which a person fixes a port. */
export const PORT_VARIABLES: Readonly<Record<PortName, string>> = {
  gateway: 'GATEWAY_PORT',
  results: 'RESULTS_PORT',
  orchestrator: 'ORCHESTRATOR_PORT',
  sparkUi: 'SPARK_UI_PORT',
  sparkConnect: 'SPARK_CONNECT_PORT',
  kafka: 'KAFKA_PORT',
  postgres: 'POSTGRES_PORT',
  redis: 'REDIS_PORT',
};

const port = z.coerce.number().int().min(0).max(65_535);
const heap = z.string().regex(/^\d+[mg]$/i, 'is a size such as 1200m or 2g');

const settingsSchema = z.object({
  MILLRACE_HOME: z.string().min(1).optional(),
  JAVA_HOME: z.string().min(1).optional(),
  DATABASE_URL: z.string().min(1).optional(),
  REDIS_URL: z.string().min(1).optional(),
  KAFKA_BOOTSTRAP_SERVERS: z.string().min(1).optional(),
  SPARK_REMOTE: z.string().startsWith('sc://', 'is a URL such as sc://host:15002').optional(),
  SPARK_UI_URL: z.url().optional(),
  SPARK_MASTER: z.string().min(1).default('local[8,maxShare]'),
  SPARK_HEAP: heap.default('1200m'),
  KAFKA_HEAP: heap.default('384m'),
  // The port variables one by one, so that a wrong one is named.
  GATEWAY_PORT: port.optional(),
  RESULTS_PORT: port.optional(),
  ORCHESTRATOR_PORT: port.optional(),
  SPARK_UI_PORT: port.optional(),
  SPARK_CONNECT_PORT: port.optional(),
  KAFKA_PORT: port.optional(),
  POSTGRES_PORT: port.optional(),
  REDIS_PORT: port.optional(),
});

export interface StackConfig {
  /** The checkout: where `package.json`, `conf/` and `infra/` are. */
  readonly root: string;
  readonly home: string;
  /** The `java` to run servers with. */
  readonly java: string;
  /** Servers of the person's own, used instead of starting ours. */
  readonly external: {
    readonly postgres: string | undefined;
    readonly redis: string | undefined;
    readonly kafka: string | undefined;
    readonly spark: string | undefined;
    readonly sparkUi: string | undefined;
  };
  /** Only what was asked for; 0 means any free port. */
  readonly ports: Readonly<Partial<Record<PortName, number>>>;
  readonly sparkMaster: string;
  readonly sparkHeap: string;
  readonly kafkaHeap: string;
  /** What children inherit: the person's own environment. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

/** A setting in the environment is wrong. The message names every one. */
export class WrongSettings extends Error {}

/** Reads and checks the environment. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, root: string): StackConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(set);
  if (!parsed.success) {
    throw new WrongSettings(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    );
  }
  const settings = parsed.data;
  const ports = Object.entries(PORT_VARIABLES).flatMap(([name, variable]) => {
    const value = settings[variable as keyof typeof settings];
    return typeof value === 'number' ? [[name, value] as const] : [];
  });
  return {
    root,
    home: resolve(root, settings.MILLRACE_HOME ?? '.millrace'),
    java: settings.JAVA_HOME === undefined ? 'java' : join(settings.JAVA_HOME, 'bin', 'java'),
    external: {
      postgres: settings.DATABASE_URL,
      redis: settings.REDIS_URL,
      kafka: settings.KAFKA_BOOTSTRAP_SERVERS,
      spark: settings.SPARK_REMOTE,
      sparkUi: settings.SPARK_UI_URL,
    },
    ports: Object.fromEntries(ports),
    sparkMaster: settings.SPARK_MASTER,
    sparkHeap: settings.SPARK_HEAP,
    kafkaHeap: settings.KAFKA_HEAP,
    inherited: env,
  };
}
