import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** The checkout. */
export const ROOT = resolve(__dirname, '..', '..', '..', '..');

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly args?: Variables };
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Variables;
  readonly env_file?: readonly { readonly path: string; readonly required: boolean }[];
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval?: string;
    readonly timeout?: string;
    readonly retries?: number;
  };
}

export type Variables = Readonly<Record<string, string | number>>;

/** `docker-compose.yml` as Compose reads it where no variable is set. */
export function composeFile(environment: Variables = {}): {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
} {
  let text = readText('docker-compose.yml');
  // The innermost first: a fallback may be a variable, too.
  const variable = /\$\{(\w+):-([^${}]*)\}/g;
  while (variable.test(text)) {
    text = text.replace(variable, (_, name: string, fallback: string) =>
      String(environment[name] ?? fallback),
    );
  }
  return parse(text, { merge: true }) as ReturnType<typeof composeFile>;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly tcpSocket?: { readonly port: string };
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly enableServiceLinks?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext?: Readonly<Record<string, unknown>>;
    readonly initContainers?: readonly Container[];
    readonly containers: readonly Container[];
    readonly volumes?: readonly {
      readonly name: string;
      readonly configMap?: { readonly name: string };
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
  };
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas: number;
    readonly strategy?: { readonly type: string };
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: PodTemplate;
  } & Readonly<Record<string, unknown>>;
}

const BASE = 'infra/k8s/base';
const KUSTOMIZATION = 'kustomization.yaml';

/** The files of the base, and those of them that it lists. */
export function manifestFiles(): { readonly there: readonly string[]; readonly listed: readonly string[] } {
  const { resources } = parse(readText(`${BASE}/${KUSTOMIZATION}`)) as { resources: string[] };
  return { there: readdirSync(join(ROOT, BASE)).filter((name) => name !== KUSTOMIZATION), listed: resources };
}

/** Every object of the base. */
export function kubernetesObjects(): readonly KubernetesObject[] {
  return manifestFiles().listed.flatMap((file) =>
    parseAllDocuments(readText(`${BASE}/${file}`)).map((document) => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.join(', ')}`);
      return document.toJS() as KubernetesObject;
    }),
  );
}

export const objectsOf = (kind: string): readonly KubernetesObject[] =>
  kubernetesObjects().filter((object) => object.kind === kind);

export const deployments = (): readonly Deployment[] => objectsOf('Deployment') as readonly Deployment[];

export function objectOf(kind: string, name: string): KubernetesObject {
  const found = objectsOf(kind).find((object) => object.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name} in ${BASE}`);
  return found;
}

export function containerOf(deployment: string): Container {
  const [container] = (objectOf('Deployment', deployment) as Deployment).spec.template.spec.containers;
  if (container === undefined) throw new Error(`the Deployment ${deployment} has no container`);
  return container;
}

/** The template of the pods that Spark makes. */
export function executorPod(): KubernetesObject & PodTemplate {
  const text = objectOf('ConfigMap', 'spark-executor').data?.['pod.yaml'] ?? '';
  return parse(text) as ReturnType<typeof executorPod>;
}
