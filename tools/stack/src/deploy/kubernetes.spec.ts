import { dirname } from 'node:path';
import {
  containerOf,
  deployments,
  executorPod,
  kubernetesObjects,
  manifestFiles,
  objectOf,
  objectsOf,
  readText,
} from './deployment.fixture';
import type { Container, PodTemplate } from './deployment.fixture';
import { problemsOf } from './kubernetes-types.fixture';

type Labels = Readonly<Record<string, string>>;

const pods: readonly (PodTemplate & { readonly of: string })[] = [
  ...deployments().map(({ metadata, spec }) => ({ ...spec.template, of: metadata.name })),
  { ...executorPod(), of: 'executor' },
];
const containers = pods.flatMap(({ of, spec }) =>
  [...(spec.initContainers ?? []), ...spec.containers].map((container) => [of, container] as const),
);

const covers = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

const podsOf = (selector: Labels) => pods.filter(({ metadata }) => covers(selector, metadata.labels));

describe('the manifests', () => {
  it('are all listed', () => {
    const { there, listed } = manifestFiles();
    expect([...listed].sort()).toEqual([...there].sort());
  });

  it('are what Kubernetes allows', () => {
    expect(problemsOf([...kubernetesObjects(), executorPod()])).toEqual([]);
  });

  it('would be refused with a field that Kubernetes does not know, or with a wrong one', () => {
    const deployment = objectOf('Deployment', 'gateway');
    const withTypo = { ...deployment, spec: { ...deployment.spec, replica: 2 } };
    const withText = { ...deployment, spec: { ...deployment.spec, replicas: '2' } };
    expect(problemsOf([withTypo])).toEqual([expect.stringMatching(/replica\W* does not exist/)]);
    expect(problemsOf([withText])).toEqual([expect.stringContaining("not assignable to type 'number'")]);
  });

  it('have no two objects of one kind and name', () => {
    const names = kubernetesObjects().map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('Services', () => {
  const services = objectsOf('Service').map(({ metadata, spec }) => ({
    name: metadata.name,
    ...(spec as unknown as { selector: Labels; ports: { name: string; targetPort: string }[] }),
  }));

  it('have the one of the seed, which leads to the gateways and to the UI of Spark', () => {
    const { metadata, spec } = objectOf('Service', 'unified-pipeline-api');
    expect(metadata.labels).toEqual({ app: 'unified-pipeline' });
    expect(spec).toEqual({
      type: 'ClusterIP',
      selector: { app: 'unified-pipeline', component: 'driver' },
      ports: [
        { name: 'http-api', port: 8080, targetPort: 'http-api' },
        { name: 'spark-ui', port: 4040, targetPort: 'spark-ui' },
      ],
    });
    const portOf = (deployment: string, port: string) =>
      containerOf(deployment).ports?.find(({ name }) => name === port)?.containerPort;
    expect([portOf('gateway', 'http-api'), portOf('spark', 'spark-ui')]).toEqual([8080, 4040]);
    expect([portOf('gateway', 'spark-ui'), portOf('spark', 'http-api')]).toEqual([undefined, undefined]);
  });

  it.each(services)('$name leads to pods that have its ports', ({ selector, ports }) => {
    const names = podsOf(selector).flatMap(({ spec }) =>
      spec.containers.flatMap((container) => (container.ports ?? []).map(({ name }) => name)),
    );
    for (const { targetPort } of ports) expect(names.filter((name) => name === targetPort)).toHaveLength(1);
  });
});

describe('pods', () => {
  it.each(deployments())('of $metadata.name are told from those of the others', ({ spec, metadata }) => {
    expect(podsOf(spec.selector.matchLabels).map(({ of }) => of)).toEqual([metadata.name]);
  });

  it.each(pods)('of $of may do what the strictest standard allows', ({ spec }) => {
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 185,
      fsGroup: 185,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it.each(pods)(
    'of $of have no variables that nobody wrote, such as the ORCHESTRATOR_PORT of a Service',
    ({ spec }) => {
      expect(spec.enableServiceLinks).toBe(false);
    },
  );

  it.each(containers)('of %s have containers without rights', (_of, { securityContext }) => {
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it.each(containers)('of %s say what they need', (of, { resources }) => {
    // Spark says it for its executors.
    if (of === 'executor') expect(resources).toBeUndefined();
    else {
      expect(Object.keys(resources?.requests ?? {}).sort()).toEqual(['cpu', 'memory']);
      expect(resources?.limits).toHaveProperty('memory');
    }
  });

  it.each(pods)('of $of mount volumes that are there', ({ spec }) => {
    const mounted = spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    expect([...mounted].sort()).toEqual((spec.volumes ?? []).map(({ name }) => name).sort());
    for (const { configMap, persistentVolumeClaim: claim } of spec.volumes ?? []) {
      if (configMap) expect(objectOf('ConfigMap', configMap.name)).toBeDefined();
      if (claim) expect(objectOf('PersistentVolumeClaim', claim.claimName)).toBeDefined();
    }
  });

  it.each(['orchestrator', 'spark'])('of %s are never two at once', (name) => {
    expect(objectOf('Deployment', name).spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
    });
  });

  it('take secrets from one Secret, whose keys the guide names', () => {
    const keys = containers.flatMap(([, { env = [] }]) =>
      env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
    );
    expect(new Set(keys.map(({ name }) => name))).toEqual(new Set(['millrace']));
    const guide = readText('docs/deploying.md');
    for (const { key } of keys) expect(guide).toContain(key);
  });
});

describe('Spark', () => {
  const settings = new Map(
    (containerOf('spark').args ?? [])
      .filter((argument) => argument.startsWith('--conf='))
      .map((argument) => argument.slice('--conf='.length).split(/=(.*)/s) as [string, string]),
  );

  it('scales its executors with the work', () => {
    expect(containerOf('spark').args?.[0]).toBe('--master=k8s://https://kubernetes.default.svc');
    expect(settings.get('spark.dynamicAllocation.enabled')).toBe('true');
    expect(settings.get('spark.dynamicAllocation.shuffleTracking.enabled')).toBe('true');
    expect(settings.get('spark.decommission.enabled')).toBe('true');
  });

  it('always has as many slots as the streaming pool is promised', () => {
    const pool = /<pool name="streaming-pool">[\s\S]*?<minShare>(\d+)</.exec(
      readText('conf/fairscheduler.xml'),
    );
    const slots =
      Number(settings.get('spark.dynamicAllocation.minExecutors')) *
      Number(settings.get('spark.executor.cores'));
    expect(slots).toBeGreaterThanOrEqual(Number(pool?.[1]));
  });

  it('makes executors of its own image, from the template that is mounted', () => {
    const { image, volumeMounts = [] } = containerOf('spark');
    expect(settings.get('spark.kubernetes.container.image')).toBe(image);
    const file = settings.get('spark.kubernetes.executor.podTemplateFile') ?? '';
    expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain(dirname(file));
    expect(objectOf('ConfigMap', 'spark-executor').data).toHaveProperty([
      file.slice(dirname(file).length + 1),
    ]);
  });

  it('is found by its executors', () => {
    const portOf = (name: string) =>
      containerOf('spark').ports?.find((port) => port.name === name)?.containerPort;
    expect(Number(settings.get('spark.driver.port'))).toBe(portOf('driver'));
    expect(Number(settings.get('spark.driver.blockManager.port'))).toBe(portOf('block-manager'));
    expect(settings.get('spark.driver.host')).toBe('spark.$(POD_NAMESPACE).svc');
    expect(objectOf('Service', 'spark').spec).toMatchObject({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      ports: [{ port: portOf('connect') }, { port: portOf('driver') }, { port: portOf('block-manager') }],
    });
  });

  it('runs where it may write, its executors too', () => {
    for (const container of [containerOf('spark'), executorPod().spec.containers[0]]) {
      expect(container?.volumeMounts?.map(({ mountPath }) => mountPath)).toContain(container?.workingDir);
    }
  });

  it('writes tables where its executors do', () => {
    const mountsOf = (container: Container | undefined) =>
      (container?.volumeMounts ?? []).filter(({ name }) => name === 'tables');
    expect(mountsOf(executorPod().spec.containers[0])).toEqual(mountsOf(containerOf('spark')));
  });

  it('may make and end pods, and its executors may do nothing', () => {
    const { rules } = objectOf('Role', 'spark') as unknown as {
      rules: { resources: string[]; verbs: string[] }[];
    };
    expect(rules).toHaveLength(1);
    expect(rules[0]?.resources).toContain('pods');
    expect(rules[0]?.verbs).toEqual(expect.arrayContaining(['create', 'delete', 'list', 'watch']));
    expect(
      objectOf('ServiceAccount', String(pods.find(({ of }) => of === 'spark')?.spec.serviceAccountName)),
    );
    const account = settings.get('spark.kubernetes.authenticate.executor.serviceAccountName') ?? '';
    expect(objectOf('ServiceAccount', account)).toMatchObject({ automountServiceAccountToken: false });
  });
});

describe('budgets and policies', () => {
  const selecting = [...objectsOf('PodDisruptionBudget'), ...objectsOf('NetworkPolicy')].map((object) => {
    const { selector, podSelector = selector } = object.spec as {
      selector?: { matchLabels?: Labels };
      podSelector?: { matchLabels?: Labels };
    };
    return { name: `${object.kind} ${object.metadata.name}`, labels: podSelector?.matchLabels ?? {} };
  });

  it.each(selecting)('$name is for pods that there are', ({ labels }) => {
    expect(podsOf(labels).length).toBeGreaterThan(0);
  });

  it('protect what has replicas', () => {
    const replicated = deployments().filter(({ spec }) => spec.replicas > 1);
    expect(replicated.map(({ metadata }) => metadata.name)).toEqual(['gateway', 'results']);
    for (const { metadata } of replicated)
      expect(objectOf('PodDisruptionBudget', metadata.name)).toBeDefined();
  });

  it('let only the orchestrator speak to Spark Connect', () => {
    const { ingress } = objectOf('NetworkPolicy', 'spark').spec as {
      ingress: { from: unknown[]; ports: { port: string }[] }[];
    };
    const connecting = ingress.filter(({ ports }) => ports.some(({ port }) => port === 'connect'));
    expect(connecting.map(({ from }) => from)).toEqual([
      [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'orchestrator' } } }],
    ]);
  });

  it('close what nobody named', () => {
    expect(objectOf('NetworkPolicy', 'nobody-unless-named').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress'],
    });
  });
});
