import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT, composeFile, readText } from './deployment.fixture';

const DOCKERFILES = ['infra/docker/node.Dockerfile', 'infra/docker/spark.Dockerfile'];

/** The instructions of a Dockerfile, with continued lines joined. */
function instructionsOf(file: string): readonly (readonly [string, string])[] {
  return readText(file)
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => {
      const [, instruction, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return instruction === undefined ? [] : [[instruction, String(rest)] as const];
    });
}

const all = (file: string, instruction: string): readonly string[] =>
  instructionsOf(file).flatMap(([name, rest]) => (name === instruction ? [rest] : []));

/** What a Dockerfile copies out of the checkout. */
const sourcesOf = (file: string): readonly string[] =>
  all(file, 'COPY')
    .filter((rest) => !rest.startsWith('--from='))
    .flatMap((rest) => rest.split(/\s+/).slice(0, -1));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, content = ''): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const shell = (script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync('sh', [join(ROOT, 'infra', 'docker', script), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });

describe.each(DOCKERFILES)('%s', (file) => {
  it('copies what is there, and what is sent to the builder', () => {
    const kept = readText('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(sourcesOf(file).length).toBeGreaterThan(2);
    for (const source of sourcesOf(file)) {
      // A copy out of an earlier stage into it, named by the project that is built.
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
      const isKept = kept.some((path) => source === path || source.startsWith(`${path}/`));
      expect([source, isKept]).toEqual([source, true]);
    }
  });

  it('starts from images of an exact version', () => {
    const images = all(file, 'ARG').filter((rest) => rest.includes('_IMAGE='));
    expect(images.length).toBeGreaterThan(1);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
    for (const from of all(file, 'FROM')) expect(from).toMatch(/^\$\{\w+_IMAGE\}/);
  });

  it('is built in stages and runs as somebody without rights', () => {
    expect(all(file, 'FROM').length).toBeGreaterThan(1);
    expect(all(file, 'USER').at(-1)).toBe('185:185');
    const last = instructionsOf(file).map(([name]) => name);
    expect(last.lastIndexOf('USER')).toBeGreaterThan(last.lastIndexOf('RUN'));
  });
});

describe('node.Dockerfile', () => {
  const [file = ''] = DOCKERFILES;

  it('installs from the lock file, and leaves only what runs', () => {
    const installs = all(file, 'RUN').filter((rest) => rest.includes('npm '));
    expect(installs).toEqual([
      expect.stringMatching(/npm ci$/),
      expect.stringContaining('npm ci --omit=dev --workspace="$PROJECT"'),
    ]);
  });

  it('generates what the build of the checkout generates', () => {
    const generating = readText('tools/stack/bin/generated.mjs');
    for (const path of ['libs/spark-connect/buf.gen.yaml', 'libs/registry/prisma/schema.prisma']) {
      expect(generating).toContain(path);
      expect(all(file, 'RUN').filter((rest) => rest.includes(path))).toHaveLength(1);
    }
  });

  it('is built for projects that there are', () => {
    const projects = Object.values(composeFile().services).flatMap(({ build }) =>
      build?.dockerfile === file ? [String(build.args?.['PROJECT'])] : [],
    );
    expect(new Set(projects)).toEqual(
      new Set(['apps/gateway', 'apps/orchestrator', 'apps/results', 'tools/seeder', 'tools/generator']),
    );
    for (const project of projects) expect(existsSync(join(ROOT, project, 'src', 'main.ts'))).toBe(true);
  });

  it('takes along every folder of the workspace: the seeder, for one, uses the generator', () => {
    const { workspaces } = JSON.parse(readText('package.json')) as { workspaces: string[] };
    const taken = all(file, 'COPY').filter((rest) => rest.startsWith('--from=build'));
    for (const [group] of workspaces.map((pattern) => pattern.split('/'))) {
      expect(taken).toContain(`--from=build /build/${String(group)} ./${String(group)}`);
    }
  });
});

describe('spark.Dockerfile', () => {
  const [, file = ''] = DOCKERFILES;

  it('is the Spark, the Scala and the Java of the class path', () => {
    const pom = readText('infra/spark/pom.xml');
    const property = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(pom)?.[1];
    expect(all(file, 'ARG')[0]).toBe(
      `SPARK_IMAGE=apache/spark:${property('spark.version')}-scala${property('scala.binary.version')}` +
        `-java${property('maven.compiler.release')}-ubuntu`,
    );
  });

  it('has the memory and the ports of the seed', () => {
    expect(all(file, 'ENV').join(' ')).toMatch(/SPARK_DRIVER_MEMORY=4g SPARK_EXECUTOR_MEMORY=8g/);
    expect(all(file, 'EXPOSE')).toEqual(['15002 4040']);
  });
});

describe('connect-server.sh', () => {
  const start = (args: readonly string[]) => {
    const program = write('bin/spark-submit', '#!/bin/sh\nfor a in "$@"; do echo "$a"; done\n');
    chmodSync(program, 0o755);
    const env = { SPARK_HOME: folder, SPARK_CONF_DIR: '/opt/millrace/conf' };
    return shell('connect-server.sh', args, env).stdout.trim().split('\n');
  };

  it('starts the Connect server with the settings of the checkout', () => {
    const args = start([]);
    const files = args.flatMap((argument) => /\/opt\/millrace\/conf\/(\S+)/.exec(argument)?.[1] ?? []);
    expect(files).toEqual(['spark-defaults.conf', 'fairscheduler.xml']);
    for (const name of files) expect(existsSync(join(ROOT, 'conf', name))).toBe(true);
    expect(args.slice(-3)).toEqual([
      '--class',
      'org.apache.spark.sql.connect.service.SparkConnectServer',
      'spark-internal',
    ]);
    expect(args).toContain('local[8,maxShare]');
  });

  it('sets all that conf/spark-defaults.conf leaves to who starts it', () => {
    const [heading = ''] = readText('conf/spark-defaults.conf').split('\n\n');
    const left = [...heading.matchAll(/spark\.[\w.]*[A-Za-z]/g)].map(([name]) => name);
    const given = start([]).join(' ');
    // A driver in a container of its own finds its own address.
    const own = ['spark.master', 'spark.driver.host', 'spark.driver.bindAddress'];
    expect(left.length).toBeGreaterThan(own.length);
    for (const name of left.filter((setting) => !own.includes(setting))) {
      expect(given).toContain(`${name}=`);
    }
  });

  it('lets arguments win, since the last of two counts', () => {
    const args = start(['--master', 'k8s://somewhere']);
    expect(args.lastIndexOf('k8s://somewhere')).toBeGreaterThan(args.indexOf('local[8,maxShare]'));
  });
});

describe('add-jars.sh', () => {
  it('adds what is missing, and no second version of what is there', () => {
    const ours = [
      'spark-sql-kafka-0-10_2.13-4.0.1',
      'delta-spark_4.0_2.13-4.3.1',
      'guava-32.0.0-jre',
      'xz-1.10',
    ];
    const theirs = ['guava-33.4.0-jre', 'xz-1.10', 'spark-sql_2.13-4.0.1'];
    for (const name of ours) write(`ours/${name}.jar`, 'ours');
    for (const name of theirs) write(`theirs/${name}.jar`, 'theirs');
    expect(shell('add-jars.sh', [join(folder, 'ours'), join(folder, 'theirs')])).toMatchObject({ status: 0 });
    expect(readdirSync(join(folder, 'theirs')).map((name) => basename(name, '.jar'))).toEqual(
      [...theirs, 'spark-sql-kafka-0-10_2.13-4.0.1', 'delta-spark_4.0_2.13-4.3.1'].sort(),
    );
  });

  it('fails where there is nothing to add from', () => {
    mkdirSync(join(folder, 'theirs'));
    expect(shell('add-jars.sh', [join(folder, 'nowhere'), join(folder, 'theirs')]).status).not.toBe(0);
  });
});
