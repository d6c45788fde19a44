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

/** Beside the compiled specs, so that the examples find the package as an application of the workspace does. */
const folder = join(__dirname, '..', 'dist', 'connect-docs');
const data = mkdtempSync(join(tmpdir(), 'connect-docs-'));

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
});

const examples = PAGES.flatMap((page) => {
  const blocks = [...readFileSync(join(LIBRARY, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  return blocks.map(([, text], index) => [`${page}, example ${String(index + 1)}`, text ?? ''] as const);
});

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
    expect(examples.length).toBeGreaterThan(3);
  });
});
