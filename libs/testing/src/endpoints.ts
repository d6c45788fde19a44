import { readFileSync } from 'node:fs';

/** Addresses of the running stack, as `.millrace/endpoints.json` holds them. */
export interface Endpoints {
  /** http URLs. */
  readonly gateway: string;
  readonly results: string;
  readonly orchestrator: string;
  readonly sparkUi: string;
  /** `sc://host:port` */
  readonly sparkConnect: string;
  /** `host:port` */
  readonly kafka: string;
  /** Connection URLs. */
  readonly postgres: string;
  readonly redis: string;
}

/**
 * Addresses of the servers that the specs run against. `npm test` starts them and names the file in
 * `MILLRACE_ENDPOINTS`; a spec without its server fails with the cure instead of skipping.
 */
export function requireEndpoints(): Endpoints {
  const file = process.env['MILLRACE_ENDPOINTS'];
  if (file === undefined) {
    throw new Error(
      'This spec needs running servers: use `npm test`, or set MILLRACE_ENDPOINTS to the endpoints.json of a running stack',
    );
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Endpoints;
}
