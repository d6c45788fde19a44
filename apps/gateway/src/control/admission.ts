import { Unauthorized } from '@millrace/domain';
import { carriesToken, isLoopback } from '@millrace/platform';
import type { FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config';

const READING = ['GET', 'HEAD', 'OPTIONS'];
/** Answered whoever asks. */
export const PROBES = ['/health', '/health/live', '/health/ready'];

type AdmissionConfig = Pick<GatewayConfig, 'host' | 'apiToken' | 'opsToken'>;

/**
 * Who may ask. Without a token only this machine can reach the API; then the danger is a web page in this machine's
 * browser, so its requests are told by the headers that browsers set.
 */
export function admission(config: AdmissionConfig): (request: FastifyRequest) => void {
  return (request) => {
    // The route, not the URL: one route is reached by many spellings (`/%6fps/queues`, `http://host/ops/queues`).
    const route = request.routeOptions.url ?? '';
    if (PROBES.includes(route)) return;
    const { authorization } = request.headers;
    if (config.opsToken !== undefined && /^\/ops(\/|$)/.test(route)) {
      if (!carriesToken(authorization, config.opsToken))
        throw new Unauthorized('This page needs the ops token');
    } else if (config.apiToken !== undefined) {
      if (!carriesToken(authorization, config.apiToken))
        throw new Unauthorized('The API needs the bearer token');
    } else if (isLoopback(config.host)) {
      refuseForeignHost(request);
    }
    refuseForeignPage(request);
  };
}

/** A name that somebody else made point to this machine (DNS rebinding) is not one of its own. */
function refuseForeignHost({ hostname }: FastifyRequest): void {
  const name = hostname.replace(/^\[|\]$/g, '');
  if (!isLoopback(name)) throw new Unauthorized('Without an API token only loopback host names are answered');
}

/** A page of another site can make a browser send a POST; it cannot make it hide where the page is from. */
function refuseForeignPage(request: FastifyRequest): void {
  if (READING.includes(request.method)) return;
  const { origin } = request.headers;
  const isForeign =
    request.headers['sec-fetch-site'] === 'cross-site' ||
    (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.host));
  if (isForeign) throw new Unauthorized('Requests that pages of other sites make are refused');
}
