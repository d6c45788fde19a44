import 'reflect-metadata';
import type { DynamicModule, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import type { LogLevel } from '../config/shared-settings';
import { Drain } from '../drain/drain';
import { drainWithProcess, isProcessDraining, leaveProcess } from '../drain/process-drains';
import { endOnCrash } from '../drain/crashes';
import { within } from '../drain/within';
import { requireDecodableQuery } from './decodable-query';
import { errorAnswer } from './error-body';
import { ErrorFilter } from './error.filter';
import { fastifyOptions } from './fastify-options';
import { readOnlyJson } from './json-body';
import { PlatformModule } from './platform.module';
import { REQUEST_ID_HEADER } from './request-id';
import { RouteTable } from './route-table';
import { sendError } from './send-error';
import { SECURITY_HEADERS } from './security-headers';

export interface ServiceOptions {
  /** In every log line. */
  readonly name: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /** What `InternalAuthGuard` compares with. */
  readonly internalToken: string;
  /**
   * Runs for every request before anything else, also for routes that are not Nest's (pages of plugins). What it
   * throws becomes the error answer.
   */
  readonly admit?: (request: FastifyRequest) => void;
  /** Registers Fastify plugins and pages when the app is made but not yet initialized. */
  readonly prepare?: (app: NestFastifyApplication) => void | Promise<void>;
  /** How the process ends after a drain; `process.exit` unless a spec wants to live on. */
  readonly exit?: (exitCode: number) => void;
  /** How long closing the app may take at the end of a drain; then the process ends all the same. 10 s unless told. */
  readonly closeTimeoutMs?: number;
}

export interface Service {
  /** Initialized: `app.inject(...)` answers without a port. */
  readonly app: NestFastifyApplication;
  readonly drain: Drain;
  /** What it answers. */
  readonly routes: RouteTable;
  /** Listens and gives the URL in use. Fails when the process was told to end meanwhile. */
  listen(): Promise<string>;
}

const NEST_OPTIONS: Pick<NestApplicationOptions, 'logger' | 'bodyParser' | 'abortOnError'> = {
  // Until the app is made only what goes wrong is worth a line, not each route and module.
  logger: ['fatal', 'error', 'warn'],
  bodyParser: false,
  abortOnError: false,
};

const CLOSE_TIMEOUT_MS = 10_000;

/**
 * An app of ours: Nest on Fastify with our errors, request ids, logs, limits and shutdown. It drains on signals from
 * here on, also before it listens: what happens until then (waiting for a lease, say) may take long.
 */
export async function createService(
  appModule: Type | DynamicModule,
  options: ServiceOptions,
): Promise<Service> {
  const adapter = new FastifyAdapter(fastifyOptions());
  const instance = adapter.getInstance<FastifyInstance>();
  const routes = new RouteTable(instance);
  addHooks(instance, options);
  readOnlyJson(instance);

  let isEnding = false;
  const drain: Drain = new Drain(async (exitCode) => {
    isEnding = true;
    await closeAnyway(app, options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS);
    (options.exit ?? process.exit)(exitCode);
    leaveProcess(drain);
  });
  instance.addHook('onClose', (_instance, done) => {
    // Closed by its owner. At the end of a drain a signal must still find its listener, to the last.
    if (!isEnding) leaveProcess(drain);
    done();
  });
  const root = PlatformModule.around(appModule, {
    serviceName: options.name,
    logLevel: options.logLevel,
    internalToken: options.internalToken,
    drain,
  });
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    root,
    adapter,
    NEST_OPTIONS,
  );
  app.useGlobalFilters(new ErrorFilter(routes));
  await options.prepare?.(app);
  await app.init();
  app.useLogger(app.get(Logger));
  await instance.ready();
  drainWithProcess(drain);
  return { app, drain, routes, listen: () => listen(app, drain, options) };
}

/**
 * Runs the `main` of an app. A failure to start is one readable message and exit code 1; one that nobody catches later
 * is one line on standard error, a short drain, and exit code 1.
 */
export function runMain(main: () => Promise<void>): void {
  endOnCrash();
  main().catch((error: unknown) => {
    // Told to end while it started: that is why it could not, and the drain ends the process.
    if (isProcessDraining()) return;
    process.stderr.write(`${startFailure(error)}\n`);
    process.exit(1);
  });
}

async function listen(app: NestFastifyApplication, drain: Drain, options: ServiceOptions): Promise<string> {
  if (drain.isDraining) throw new Error(`${options.name} was told to end before it listened`);
  await app.listen(options.port, options.host);
  const url = await app.getUrl();
  app.get(Logger).log(`${options.name} listens on ${url}`);
  return url;
}

/** A client that hangs (Redis is away, say) must not keep the process, nor change how it ended. */
async function closeAnyway(app: NestFastifyApplication, timeoutMs: number): Promise<void> {
  const logger = app.get(Logger);
  try {
    const outcome = await within(timeoutMs, app.close());
    if (outcome === 'late') logger.warn(`Closing took longer than ${String(timeoutMs)} ms: ending anyway`);
  } catch (error) {
    logger.warn({ err: error }, 'Closing failed: ending anyway');
  }
}

function addHooks(instance: FastifyInstance, options: ServiceOptions): void {
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ ...SECURITY_HEADERS, [REQUEST_ID_HEADER]: request.id });
    done();
  });
  instance.addHook('onRequest', (request, reply, done) => {
    try {
      options.admit?.(request);
      requireDecodableQuery(request.url);
    } catch (error) {
      // Sent from here: pages of plugins have error handlers of their own.
      sendError(reply, errorAnswer(error, request.id, new Date()));
      return;
    }
    done();
  });
}

function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return `Could not start: ${String(error)}`;
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Could not start: port ${String(error.port)} is taken by another process; free it or choose another port`;
  }
  return `Could not start: ${error.stack ?? error.message}`;
}
