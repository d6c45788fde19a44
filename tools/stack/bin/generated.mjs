import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { ROOT, logFile } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { Stamp, filesUnder, hashContents, hashListing, whenStale } from './stamps.mjs';

const STAMPS = join(ROOT, 'node_modules', '.millrace');
const inRoot = (...parts) => join(ROOT, ...parts);
const versionOf = (name) => inRoot('node_modules', ...name.split('/'), 'package.json');

/** Code that is generated and not committed. */
const GENERATORS = [
  {
    name: 'protocol',
    text: "libs/spark-connect/src/generated, from the server's own .proto files",
    output: inRoot('libs/spark-connect/src/generated'),
    inputs: () => [
      inRoot('libs/spark-connect/buf.gen.yaml'),
      ...(filesUnder(inRoot('infra/spark/target/proto')).length > 0 ? protoFiles() : []),
      versionOf('@bufbuild/buf'),
      versionOf('@bufbuild/protoc-gen-es'),
    ],
    args: [
      inRoot('node_modules/@bufbuild/buf/bin/buf'),
      'generate',
      '--template',
      'libs/spark-connect/buf.gen.yaml',
    ],
    env: {},
  },
  {
    name: 'registry',
    text: 'libs/registry/src/generated, the Prisma client',
    output: inRoot('libs/registry/src/generated'),
    inputs: () => [
      inRoot('libs/registry/prisma/schema.prisma'),
      versionOf('prisma'),
      versionOf('@prisma/client'),
    ],
    args: [
      inRoot('node_modules/prisma/build/index.js'),
      'generate',
      '--schema',
      'libs/registry/prisma/schema.prisma',
    ],
    env: {
      // Prisma wants to download an engine that generating does not use; any program that exists keeps it from that.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  },
];

function protoFiles() {
  return [inRoot('infra/spark/target/proto'), inRoot('libs/spark-connect/proto')].flatMap((folder) =>
    filesUnder(folder, (name) => name.endsWith('.proto')),
  );
}

function stampOf(generator) {
  return new Stamp(join(STAMPS, `${generator.name}.json`), {
    inputs: () => hashContents(ROOT, generator.inputs()),
    outputs: () => {
      const files = filesUnder(generator.output, (name) => name.endsWith('.ts'));
      // Never equal to a stored stamp: nothing there is not a result.
      return files.length === 0 ? `nothing ${Math.random()}` : hashListing(ROOT, files);
    },
  });
}

/** Generates what is missing or out of date. */
export async function generateCode(reporter) {
  for (const generator of GENERATORS)
    await whenStale(stampOf(generator), () => generate(generator, reporter));
}

async function generate({ name, text, args, env }, reporter) {
  const step = reporter.step('generate', text);
  const log = logFile(`generate-${name}`);
  const result = await runCommand(process.execPath, args, { cwd: ROOT, env, log });
  if (result.ok) {
    step.done();
    return;
  }
  step.fail();
  throw new Failure(`generating ${text} failed`, { log, tail: result.lines.slice(-20) });
}
