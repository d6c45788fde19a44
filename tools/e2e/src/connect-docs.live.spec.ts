import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireEndpoints } from '@millrace/testing';
import ts from 'typescript';

jest.setTimeout(120_000);

const run = promisify(execFile);
const LIBRARY = join(__dirname, '..', '..', '..', 'libs', 'spark-connect');
const PAGES = ['README.md', 'docs/differences-from-pyspark.md'];

/** Beside the compiled specs, where the package finds what it depends on. */
const folder = join(__dirname, '..', 'dist', 'connect-docs');
const data = mkdtempSync(join(tmpdir(), 'connect-docs-'));

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await installPacked(join(folder, 'node_modules', 'spark-connect-js'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
});

const examples = PAGES.flatMap((page) => {
  const blocks = [...readFileSync(join(LIBRARY, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  return blocks.map(([, text], index) => [`${page}, example ${String(index + 1)}`, text ?? ''] as const);
});

/** The library as `npm pack` gives it to others, so that a file missing there is missing here. */
async function installPacked(target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', data], { cwd: LIBRARY });
  const [packed] = JSON.parse(stdout) as [{ readonly filename: string }];
  await run('tar', ['-xzf', join(data, packed.filename), '-C', target, '--strip-components=1']);
}

/** The example for the servers of this run. */
function forThisStack(text: string): string {
  const { sparkConnect, kafka } = requireEndpoints();
  return text
    .replaceAll('sc://127.0.0.1:15002', sparkConnect)
    .replaceAll('127.0.0.1:9092', kafka)
    .replaceAll("'/data", `'${data}`);
}

function typeErrors(file: string): string[] {
  const program = ts.createProgram([file], {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
  });
  const problems = ts.getPreEmitDiagnostics(program);
  return problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe("the documentation of 'spark-connect-js'", () => {
  it.each(examples)('%s compiles, runs and ends by itself', async (name, text) => {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.mts`);
    writeFileSync(file, forThisStack(text));
    expect(typeErrors(file)).toEqual([]);
    const script = file.replace(/mts$/, 'mjs');
    const options = { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } };
    writeFileSync(script, ts.transpileModule(readFileSync(file, 'utf8'), options).outputText);
    const { stderr } = await run(process.execPath, [script], { timeout: 60_000 });
    expect(stderr).toBe('');
  });

  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });
});
