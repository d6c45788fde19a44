import { APPS, isApp, routesOf, settingsOf } from './app-settings.fixture';
import type { AppName, AppSettings } from './app-settings.fixture';
import { composeFile, containerOf, objectOf, readText } from './deployment.fixture';
import type { Variables } from './deployment.fixture';

/** Variables that Node itself reads. */
const OF_NODE = ['NODE_OPTIONS', 'TZ'];

/** What the Secret holds where it is right. */
const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://millrace:a-password@postgres.example:5432/millrace',
  REDIS_URL: 'rediss://:a-password@redis.example:6379',
  MILLRACE_INTERNAL_TOKEN: 'a-token-of-32-characters-or-more',
  MILLRACE_API_TOKEN: 'another-token-of-32-characters-or-more',
  MILLRACE_OPS_TOKEN: 'a-third-token-of-32-characters-or-more',
  KAFKA_SASL_USERNAME: 'millrace',
  KAFKA_SASL_PASSWORD: 'a-password',
  JDBC_USER: 'analyst',
  JDBC_PASSWORD: 'a-password',
  MILLRACE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};

/** What the image sets. */
const OF_IMAGE: Variables = Object.fromEntries(
  [...(/^ENV (.+)$/m.exec(readText('infra/docker/node.Dockerfile'))?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(
    ([, name, value]) => [String(name), String(value)] as const,
  ),
);

function composeEnvironment(app: AppName): Variables {
  return composeFile().services[app]?.environment ?? {};
}

function kubernetesEnvironment(app: AppName): { readonly own: Variables; readonly common: Variables } {
  const { env = [], envFrom = [] } = containerOf(app);
  const valueOf = ({ name, value, valueFrom }: (typeof env)[number]) =>
    value ?? SECRETS[valueFrom?.secretKeyRef?.key ?? ''] ?? `${name} is in no Secret`;
  return {
    own: Object.fromEntries(env.map((variable) => [variable.name, valueOf(variable)])),
    common: Object.assign(
      {},
      ...envFrom.map((source) => objectOf('ConfigMap', source.configMapRef.name).data),
    ) as Variables,
  };
}

const unread = (variables: Variables, { read }: AppSettings): readonly string[] =>
  Object.keys(variables).filter((name) => !read.has(name) && !OF_NODE.includes(name));

const inCompose = (app: AppName) => settingsOf(app, { ...OF_IMAGE, ...composeEnvironment(app) });

/** With the secrets that are optional, and so with the settings that belong to them. */
const WITH_SECRETS: Variables = {
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  JDBC_URL: 'jdbc:postgresql://warehouse.example:5432/analyses',
};

function inKubernetes(app: AppName): Promise<AppSettings> {
  const { own, common } = kubernetesEnvironment(app);
  return settingsOf(app, { ...OF_IMAGE, ...WITH_SECRETS, ...common, ...own });
}

const urlsOf = ({ config }: AppSettings): readonly URL[] =>
  ['orchestratorUrl', 'resultsUrl'].flatMap((name) =>
    typeof config[name] === 'string' ? [new URL(config[name])] : [],
  );

it('runs the images as production', () => {
  expect(OF_IMAGE).toMatchObject({ NODE_ENV: 'production', TZ: 'UTC', MALLOC_ARENA_MAX: '2' });
});

it('refuses an environment that a program would refuse', async () => {
  await expect(settingsOf('gateway', { ...SECRETS, GATEWAY_PORT: 'eighty' })).rejects.toThrow(
    /GATEWAY_PORT: must be a whole number/,
  );
});

describe.each(APPS)('%s in Compose', (app) => {
  it('starts with its environment, and reads all of it', async () => {
    expect(unread(composeEnvironment(app), await inCompose(app))).toEqual([]);
  });

  it('has what the person has in .env', async () => {
    expect(composeFile().services[app]?.env_file).toEqual([{ path: '.env', required: false }]);
    const { environment } = composeFile({ POSTGRES_PASSWORD: 'mine' }).services[app] ?? {};
    // What containers find each other by is not for the person to change.
    const ports = { GATEWAY_PORT: '1', ORCHESTRATOR_PORT: '1', RESULTS_PORT: '1' };
    const given = { LOG_LEVEL: 'warn', ...ports, DELTA_BASE_PATH: '/elsewhere' };
    const { config } = await settingsOf(app, { ...OF_IMAGE, ...given, ...environment });
    const { config: without } = await inCompose(app);
    expect([config['port'], config['deltaBasePath']]).toEqual([without['port'], without['deltaBasePath']]);
    expect(config['logLevel']).toBe('warn');
    expect(config['databaseUrl']).toContain(':mine@');
  });

  it('is asked for its health where it answers', async () => {
    const { config } = await inCompose(app);
    const test = composeFile().services[app]?.healthcheck?.test.join(' ') ?? '';
    const [, port, path] = /http:\/\/127\.0\.0\.1:(\d+)(\/[\w/]+)'/.exec(test) ?? [];
    expect(Number(port)).toBe(config['port']);
    expect(await routesOf(app)).toContain(path);
  });

  it('calls the others where they listen', async () => {
    for (const { hostname, port } of urlsOf(await inCompose(app))) {
      const { config } = await inCompose(isApp(hostname) ? hostname : app);
      expect([hostname, Number(port)]).toEqual([hostname, config['port']]);
      expect(config['host']).toBe('0.0.0.0');
    }
  });

  it('has the tables in the volume, if it uses them', async () => {
    const { config } = await inCompose(app);
    const mounted = (composeFile().services[app]?.volumes ?? []).map((mount) => mount.split(':')[1]);
    const folders = [config['deltaBasePath'], config['checkpointDir']].filter(Boolean).map(String);
    for (const folder of folders) expect(mounted).toContain(`/${String(folder.split('/')[1])}`);
    expect(mounted.includes('/data')).toBe(folders.length > 0);
  });

  it('may drain for as long as it takes', async () => {
    const { config } = await inCompose(app);
    const graceSeconds = Number.parseInt(composeFile().services[app]?.stop_grace_period ?? '', 10);
    expect(graceSeconds * 1_000).toBeGreaterThan(Number(config['drainTimeoutMs']));
  });
});

describe.each(APPS)('%s on Kubernetes', (app) => {
  it('starts with its environment, and reads what is there for it alone', async () => {
    const { own } = kubernetesEnvironment(app);
    expect(Object.values(own)).not.toContainEqual(expect.stringContaining('is in no Secret'));
    expect(unread(own, await inKubernetes(app))).toEqual([]);
  });

  it('is probed where it answers', async () => {
    const { config } = await inKubernetes(app);
    const { ports = [], startupProbe, livenessProbe, readinessProbe } = containerOf(app);
    const routes = await routesOf(app);
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect(routes).toContain(probe?.httpGet?.path);
      const port = ports.find(({ name }) => name === probe?.httpGet?.port);
      expect(port?.containerPort).toBe(config['port']);
    }
    // Whether its servers are there must not have it started again.
    expect(livenessProbe?.httpGet?.path).toBe('/health/live');
  });

  it('calls the others through Services that lead to where they listen', async () => {
    for (const { hostname, port } of urlsOf(await inKubernetes(app))) {
      const { ports } = objectOf('Service', hostname).spec as unknown as {
        ports: { port: number; targetPort: string }[];
      };
      const { config } = await inKubernetes(isApp(hostname) ? hostname : app);
      expect(ports).toEqual([expect.objectContaining({ port: Number(port), targetPort: 'http-api' })]);
      expect(Number(port)).toBe(config['port']);
    }
  });

  it('has the tables in the volume, if it uses them', async () => {
    const { config } = await inKubernetes(app);
    const mounted = (containerOf(app).volumeMounts ?? []).map(({ mountPath }) => mountPath);
    const folders = [config['deltaBasePath'], config['checkpointDir']].filter(Boolean).map(String);
    for (const folder of folders) expect(mounted).toContain(`/${String(folder.split('/')[1])}`);
    expect(mounted.includes('/data')).toBe(folders.length > 0);
  });

  it('may drain for as long as it takes', async () => {
    const { config } = await inKubernetes(app);
    const { template } = objectOf('Deployment', app).spec as unknown as {
      template: { spec: { terminationGracePeriodSeconds: number } };
    };
    expect(template.spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(
      Number(config['drainTimeoutMs']),
    );
  });
});

it('has nothing in the common settings that no program reads', async () => {
  const settings = await Promise.all(APPS.map((app) => inKubernetes(app)));
  const names = Object.keys(objectOf('ConfigMap', 'millrace').data ?? {});
  expect(names.filter((name) => !settings.some(({ read }) => read.has(name)))).toEqual([]);
});
