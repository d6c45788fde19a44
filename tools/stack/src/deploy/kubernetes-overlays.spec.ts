import { parse } from 'yaml';
import { containerOf, deployments, objectOf, readText } from './deployment.fixture';

/** The example of the guide. */
const exampleOverlay = (): string => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readText('docs/deploying.md')) ?? [];
  return yaml;
};

describe.each([
  ['for one node', readText('infra/k8s/overlays/single-node/kustomization.yaml')],
  ['of the guide', exampleOverlay()],
])('the overlay %s', (_name, text) => {
  const {
    patches,
    replicas = [],
    images = [],
  } = parse(text) as {
    patches: { target: { kind: string; name: string }; patch: string }[];
    replicas?: { name: string; count: number }[];
    images?: { name: string }[];
  };
  const operations = patches.flatMap(({ target, patch }) =>
    (parse(patch) as { op: string; path: string; value: unknown }[]).map((operation) => ({
      target,
      operation,
    })),
  );

  it('changes objects that there are', () => {
    for (const { target } of patches) expect(objectOf(target.kind, target.name)).toBeDefined();
    for (const { name } of replicas) expect(objectOf('Deployment', name)).toBeDefined();
    for (const { name } of images) {
      expect(deployments().map(({ metadata }) => containerOf(metadata.name).image)).toContainEqual(
        expect.stringMatching(`^${name}:`),
      );
    }
  });

  it('replaces fields that there are, an argument by one of the same name', () => {
    for (const { target, operation } of operations) {
      expect(operation.op).toBe('replace');
      const object = objectOf(target.kind, target.name);
      const path = operation.path.slice(1).split('/');
      expect(object).toHaveProperty(path);
      const isArgument = path.includes('args');
      if (isArgument) expect(nameOf(valueAt(object, path))).toBe(nameOf(operation.value));
    }
  });
});

const valueAt = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], object);

/** `--conf=name` of `--conf=name=value`. */
const nameOf = (argument: unknown): string => String(argument).split('=').slice(0, 2).join('=');
