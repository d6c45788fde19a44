import { rmSync } from 'node:fs';
import type { Addresses } from './addresses';
import { writeAddresses } from './addresses';
import { answersOk, appPart } from './apps/app-part';
import type { AppName } from './apps/app-part';
import { appEnv } from './apps/app-env';
import type { PortName, StackConfig } from './config';
import type { Home } from './home/home';
import { formatKafka, kafkaPart } from './parts/kafka/kafka';
import { createTopics, readTopics } from './parts/kafka/topics';
import { migrate } from './parts/migrations';
import { ensureCluster } from './parts/postgres/cluster';
import type { Cluster } from './parts/postgres/cluster';
import { postgresPart } from './parts/postgres/postgres';
import { findRedis, redisPart } from './parts/redis';
import { requireAnswer } from './parts/external';
import { sparkPart } from './parts/spark';
import { anyFreePort } from './ports/probe';
import { OneShot } from './process/one-shot';
import type { OneShotSpec } from './process/one-shot';
import { Part } from './process/part';
import type { PartEvents, PartSpec } from './process/part';
import { RESTART_LIMITS, TESTED_RESTART_LIMITS } from './process/restart-budget';
import type { Reporter, Step } from './reporter';
import { until } from './until';

export interface StackPlan {
  readonly config: StackConfig;
  readonly home: Home;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly addresses: Addresses;
  /** Undefined where the person's own Postgres is used. */
  readonly cluster: Cluster | undefined;
  readonly fast: boolean;
}

const HEALTH_LIMIT_MS = 90_000;

const SERVERS = ['postgres', 'redis', 'kafka', 'spark'];

/** First whoever makes work, then whoever takes it in, then whoever does it. What is not named comes before all. */
const STOP_ORDER = ['generator', 'gateway', 'orchestrator', 'results'];

interface Stoppable {
  readonly name: string;
  readonly isRunning: boolean;
  stop(): Promise<void>;
}

/** Everything that runs, in the order it was started. */
export class Stack {
  private readonly running: Stoppable[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly plan: StackPlan,
    private readonly reporter: Reporter,
    private readonly events: PartEvents,
  ) {}

  /** Starts only the servers, all at the same time. */
  async startServers(): Promise<void> {
    await Promise.all([this.startPostgres(), this.startRedis(), this.startKafka(), this.startSpark()]);
  }

  /** Starts everything, each part as soon as what it stands on is there: the gateway answers before Spark is up. */
  async startAll(): Promise<void> {
    const registry = Promise.all([this.startPostgres().then(() => this.migrate()), this.startRedis()]);
    const compute = Promise.all([this.startKafka(), this.startSpark()]);
    await Promise.all([
      registry.then(() => Promise.all([this.startApp('results'), this.startApp('gateway')])),
      Promise.all([registry, compute]).then(() => this.startApp('orchestrator')),
    ]);
    await this.waitForHealth();
  }

  /** The orchestrator lives a little before it has its Spark session; who reads endpoints.json may use everything at once. */
  private async waitForHealth(): Promise<void> {
    const url = `${this.plan.addresses.gateway}/health`;
    await this.showing('health', url, () =>
      until(() => answersOk(url), {
        what: `the gateway to call itself healthy (${url})`,
        limitMs: HEALTH_LIMIT_MS,
        everyMs: 250,
        signal: this.stopping.signal,
      }),
    );
  }

  private async startApp(name: AppName): Promise<void> {
    const { config, addresses } = this.plan;
    const setup = { root: config.root, url: addresses[name], env: this.appEnv() };
    await this.run(name, addresses[name], () => appPart(name, setup));
  }

  /** The environment of an application. */
  appEnv(): Readonly<Record<string, string | undefined>> {
    const { config, home, addresses, ports } = this.plan;
    return appEnv(config, home, addresses, ports);
  }

  /** Says to everybody where things are. */
  publish(): void {
    writeAddresses(this.plan.home, this.plan.addresses);
  }

  /**
   * Starts one more part under supervision, with a line of its own.
   * @param prepare what must be done before its first start, shown as part of it
   */
  async run(
    name: string,
    what: string,
    specOf: () => PartSpec,
    prepare?: () => Promise<void>,
  ): Promise<void> {
    await this.showing(name, what, async () => {
      await prepare?.();
      this.stopping.signal.throwIfAborted();
      const limits = this.plan.fast ? TESTED_RESTART_LIMITS : RESTART_LIMITS;
      const part = new Part(specOf(), this.plan.home, this.events, limits);
      this.running.push(part);
      await part.start();
    });
  }

  /**
   * Runs a part that does its work and ends.
   * @param onLine told the newest line of its log from time to time
   */
  async runOnce(spec: OneShotSpec, what: string, onLine: (line: string) => string): Promise<void> {
    await this.showing(spec.name, what, async (step) => {
      const task = new OneShot(spec, this.plan.home);
      this.running.push(task);
      await task.run((line) => {
        step.note(`${what}  ${onLine(line)}`);
      });
    });
  }

  /** Shows a piece of work as one line. */
  async showing<T>(name: string, what: string, work: (step: Step) => Promise<T>): Promise<T> {
    this.stopping.signal.throwIfAborted();
    const step = this.reporter.step(name, what);
    try {
      const result = await work(step);
      step.done();
      return result;
    } catch (error) {
      if (this.stopping.signal.aborted) step.skip(`${what}  (interrupted)`);
      else step.fail();
      throw error;
    }
  }

  /** Drains and stops everything: the applications first, then what they stand on. */
  async stop(): Promise<void> {
    this.stopping.abort();
    rmSync(this.plan.home.endpointsFile, { force: true });
    const isServer = (part: Stoppable): boolean => SERVERS.includes(part.name);
    const rank = (part: Stoppable): number => STOP_ORDER.indexOf(part.name);
    const clients = this.running.filter((part) => !isServer(part)).sort((a, b) => rank(a) - rank(b));
    for (const part of clients) await this.stopPart(part);
    // Nobody uses the servers any more, so they can end at the same time.
    await Promise.all(this.running.filter(isServer).map((part) => this.stopPart(part)));
  }

  private async stopPart(part: Stoppable): Promise<void> {
    if (!part.isRunning) return;
    const step = this.reporter.step(part.name, 'stopping');
    await part.stop();
    step.done('stopped');
  }

  private async startPostgres(): Promise<void> {
    const { cluster, ports, fast, addresses } = this.plan;
    if (!cluster) {
      await this.useExternal('postgres', 'DATABASE_URL', addresses.postgres);
      return;
    }
    const what = `${cluster.binaries.version} embedded  127.0.0.1:${String(ports.postgres)}`;
    await this.run(
      'postgres',
      what,
      () => postgresPart(cluster, ports.postgres, fast),
      () => ensureCluster(cluster),
    );
  }

  private async migrate(): Promise<void> {
    await this.showing('migrate', 'the tables of the registry', async (step) => {
      const applied = await migrate(this.plan.addresses.postgres);
      step.done(applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`);
    });
  }

  private async startRedis(): Promise<void> {
    const { config, home, ports, addresses } = this.plan;
    if (config.external.redis !== undefined) {
      await this.useExternal('redis', 'REDIS_URL', addresses.redis);
      return;
    }
    await this.run('redis', `127.0.0.1:${String(ports.redis)}`, () =>
      redisPart(findRedis(config), home, ports.redis),
    );
  }

  private async startKafka(): Promise<void> {
    const { config, home, ports, addresses } = this.plan;
    if (config.external.kafka !== undefined) {
      // The orchestrator makes the topics that are missing there, and checks the others.
      await this.useExternal('kafka', 'KAFKA_BOOTSTRAP_SERVERS', addresses.kafka);
      return;
    }
    const kafkaPorts = { broker: ports.kafka, controller: await anyFreePort() };
    const spec = (): PartSpec => kafkaPart(config, home, kafkaPorts);
    await this.run('kafka', `KRaft, one node  ${addresses.kafka}`, spec, () =>
      formatKafka(config, home, kafkaPorts),
    );
    await this.showing('topics', 'conf/topics.json', async (step) => {
      const created = await createTopics(addresses.kafka, readTopics(config.root));
      step.done(created.length === 0 ? 'all there' : `created ${created.join(', ')}`);
    });
  }

  private async startSpark(): Promise<void> {
    const { config, home, ports, addresses } = this.plan;
    if (config.external.spark !== undefined) {
      await this.useExternal('spark', 'SPARK_REMOTE', addresses.sparkConnect);
      return;
    }
    const what = `Connect  ${addresses.sparkConnect}  ${config.sparkMaster}  UI :${String(ports.sparkUi)}`;
    await this.run('spark', what, () =>
      sparkPart(config, home, { connect: ports.sparkConnect, ui: ports.sparkUi }),
    );
  }

  private async useExternal(part: string, variable: string, address: string): Promise<void> {
    await this.showing(part, `yours, from ${variable}`, () => requireAnswer(part, variable, address));
  }
}
