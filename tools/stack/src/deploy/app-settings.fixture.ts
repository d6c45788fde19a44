import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './deployment.fixture';
import type { Variables } from './deployment.fixture';

/** What reads the settings of each program, as its `main.ts` calls it. */
const READERS = {
  gateway: ['apps/gateway/src/config.ts', 'readGatewayConfig', 'gatewaySettings'],
  orchestrator: ['apps/orchestrator/src/config.ts', 'readOrchestratorConfig', 'orchestratorSettings'],
  results: ['apps/results/src/config.ts', 'readResultsConfig', 'resultsSettings'],
} as const;

export type AppName = keyof typeof READERS;

export const APPS = Object.keys(READERS) as AppName[];

export const isApp = (name: string): name is AppName => APPS.some((app) => app === name);

export interface AppSettings {
  /** The settings that the program would run with. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Every variable that it looked at. */
  readonly read: ReadonlySet<string>;
}

/**
 * Reads the settings of a program as it does itself, in this environment and in no other. The program is data here, not a part that
 * this package may build on: so it is loaded by its file's name.
 * @throws where it would not start
 */
export async function settingsOf(app: AppName, variables: Variables): Promise<AppSettings> {
  const [file, name] = READERS[app];
  const module = (await import(join(ROOT, file))) as Record<string, () => AppSettings['config']>;
  const read = new Set<string>();
  const given = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)]));
  return { config: within(spy(given, read), () => module[name]?.() ?? {}), read };
}

/** What a program says of one of its settings. */
export interface SettingText {
  readonly env: string;
  readonly key?: string;
  readonly description: string;
  readonly secret: boolean;
  readonly optional: boolean;
}

export async function settingTextsOf(app: AppName): Promise<readonly SettingText[]> {
  const [file, , name] = READERS[app];
  const module = (await import(join(ROOT, file))) as Record<string, Readonly<Record<string, SettingText>>>;
  return Object.values(module[name] ?? {});
}

function spy(given: NodeJS.ProcessEnv, read: Set<string>): NodeJS.ProcessEnv {
  return new Proxy(given, {
    get: (target, key) => {
      if (typeof key === 'string') read.add(key);
      return Reflect.get(target, key) as unknown;
    },
  });
}

/** A program that does not like its settings prints why and ends its process; here that is an error. */
function within<T>(environment: NodeJS.ProcessEnv, work: () => T): T {
  const { env, stderr } = process;
  const exit = process.exit.bind(process);
  const write = stderr.write.bind(stderr);
  let printed = '';
  process.env = environment;
  process.exit = () => {
    throw new Error(printed);
  };
  stderr.write = (text: string | Uint8Array) => {
    printed += String(text);
    return true;
  };
  try {
    return work();
  } finally {
    process.env = env;
    process.exit = exit;
    stderr.write = write;
  }
}

/** The paths that an app answers a GET on, as its controllers declare them. */
export async function routesOf(app: AppName): Promise<readonly string[]> {
  const folder = join(ROOT, 'apps', app, 'src');
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('health.controller.ts'));
  const modules = await Promise.all(
    files.map(async (file) => (await import(join(folder, file))) as Record<string, unknown>),
  );
  return modules.flatMap((module) => Object.values(module).filter(isClass).flatMap(pathsOf));
}

type Class = abstract new (...args: never[]) => object;

/** Nest brings it with the controllers. */
const metadata = Reflect as unknown as {
  getMetadata(key: string, target: unknown): unknown;
};

const isClass = (value: unknown): value is Class => typeof value === 'function';

function pathsOf(controller: Class): string[] {
  const prefix = String(metadata.getMetadata('path', controller));
  const prototype = controller.prototype as Readonly<Record<string, unknown>>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const path = metadata.getMetadata('path', prototype[name]);
    return typeof path === 'string' ? [`/${prefix}/${path}`.replace(/\/+$/, '')] : [];
  });
}
