import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './deployment.fixture';
import type { KubernetesObject } from './deployment.fixture';

const FILE = join(ROOT, 'tools', 'stack', 'src', 'deploy', 'manifests.generated.ts');

/** `networking.k8s.io/v1` is the module `networking/v1`, `rbac.authorization.k8s.io/v1` is `rbac/v1`, `v1` is `core/v1`. */
function moduleOf(apiVersion: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `kubernetes-types/${String(group?.split('.')[0])}/${String(version)}`;
}

/**
 * Checks objects against the types that are made from the API description of Kubernetes: names and types of all fields, what is
 * required, and that nothing is there that Kubernetes does not know.
 * @returns what is wrong; nothing where all is well
 */
export function problemsOf(objects: readonly KubernetesObject[]): readonly string[] {
  const source = objects
    .map(
      (object, index) =>
        `const object${index}: import('${moduleOf(object.apiVersion)}').${object.kind} = ${JSON.stringify(object)};\n`,
    )
    .join('');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === FILE || disk.fileExists(name),
    getSourceFile: (name, ...more) =>
      name === FILE
        ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2023)
        : disk.getSourceFile(name, ...more),
  };
  const program = ts.createProgram([FILE], options, host);
  return ts.getPreEmitDiagnostics(program).map((problem) => {
    const line = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
    const { kind, metadata } = objects[line] ?? {};
    const what = ts.flattenDiagnosticMessageText(problem.messageText, ' ');
    return `${String(kind)} ${String(metadata?.name)}: ${what}`;
  });
}
