import { RequestMethod } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { LogLevel } from '../config/shared-settings';

/** Probes come every second and say nothing. */
const QUIET = /^\/(internal\/)?health(\/|\?|$)/;

/** Nest's middleware sees a path without what it matched, and the whole of it here. */
type RawRequest = IncomingMessage & { readonly originalUrl?: string };

/** JSON lines on standard output: one for each request, and what the apps log. Headers (tokens) are never logged. */
export function loggingOptions(serviceName: string, level: LogLevel): Params {
  return {
    pinoHttp: {
      name: serviceName,
      level,
      autoLogging: { ignore: (request: RawRequest) => QUIET.test(request.originalUrl ?? request.url ?? '') },
      customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) =>
        error !== undefined || response.statusCode >= 500 ? 'warn' : 'info',
      // The error filter has logged the cause; here it would only be "failed with status code 503" with a stack.
      customErrorObject: (_request, _response, _error, line: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(line).filter(([name]) => name !== 'err')),
      customErrorMessage: () => 'request failed',
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
      serializers: {
        req: (request: { method?: string; url?: string }) => ({ method: request.method, url: request.url }),
        res: (response: { statusCode?: number }) => ({ statusCode: response.statusCode }),
      },
    },
    // Nest 11's spelling of "every route": its default prints a warning at each start.
    forRoutes: [{ path: '{*path}', method: RequestMethod.ALL }],
  };
}
