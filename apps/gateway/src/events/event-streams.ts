import { ServiceUnavailable } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config';
import { GATEWAY_CONFIG } from '../ports';
import { OPENING_FRAME, SHUTDOWN_FRAME } from './event-frames';
import { EventSink } from './event-sink';
import { EVENT_TIMING } from './event-timing';
import type { EventTiming } from './event-timing';

const RETRY_AFTER_SECONDS = 5;
const CLOSE_TIMEOUT_MS = 1_000;

/** `no-transform` and the last one keep proxies from compressing and from collecting what must go out at once. */
const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** The open event streams of this process: so many and no more, and all closed when it ends. */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly open = new Set<EventSink>();
  private isClosing = false;

  constructor(
    @Inject(GATEWAY_CONFIG)
    private readonly config: Pick<GatewayConfig, 'eventConnections'>,
    @Inject(EVENT_TIMING) private readonly timing: EventTiming,
  ) {}

  get size(): number {
    return this.open.size;
  }

  /**
   * Answers with a stream and lets `run` write to it until it is done or the client is gone.
   * @throws ServiceUnavailable when there are too many, before anything is written.
   */
  async serve(
    request: FastifyRequest,
    reply: FastifyReply,
    run: (sink: EventSink) => Promise<void>,
  ): Promise<void> {
    this.refuseTooMany();
    // Fastify answers HEAD with the handler of GET: headers are all that it may send.
    if (request.method === 'HEAD') {
      void reply.headers(STREAM_HEADERS).send('');
      return;
    }
    reply.hijack();
    const sink = new EventSink(reply.raw, this.timing.patienceMs);
    this.open.add(sink);
    try {
      reply.raw.writeHead(200, { ...reply.getHeaders(), ...STREAM_HEADERS } as Record<string, string>);
      if (await sink.write(OPENING_FRAME)) await run(sink);
      await sink.end(this.timing.patienceMs);
    } finally {
      this.open.delete(sink);
    }
  }

  /** Before the server closes, which waits for every open response. */
  async onModuleDestroy(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.open].map((sink) => sink.end(CLOSE_TIMEOUT_MS, SHUTDOWN_FRAME)));
  }

  private refuseTooMany(): void {
    if (!this.isClosing && this.open.size < this.config.eventConnections) return;
    const message = this.isClosing
      ? 'The service is shutting down'
      : `${this.open.size} event streams are open already: close some, or connect again later`;
    throw new ServiceUnavailable(message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
}
