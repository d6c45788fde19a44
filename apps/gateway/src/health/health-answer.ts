import type { ErrorBody } from '@millrace/domain';
import type { ReadinessReport } from './readiness';
import { formatUptime } from './uptime';

export interface HealthAnswer {
  readonly httpStatus: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The contract's body, and warnings where there are any; when Spark is away it is an error body as well. */
export function healthAnswer(
  { isHealthy, warnings }: { readonly isHealthy: boolean; readonly warnings: readonly string[] },
  uptimeSeconds: number,
  requestId: string,
): HealthAnswer {
  const uptime = formatUptime(uptimeSeconds);
  const seeTo = warnings.length > 0 ? { warnings } : {};
  if (isHealthy) return { httpStatus: 200, body: { status: 'healthy', spark: true, uptime, ...seeTo } };
  return {
    httpStatus: 503,
    body: {
      status: 'unhealthy',
      spark: false,
      uptime,
      ...seeTo,
      ...unavailable(
        'Spark is not available: it, or the orchestrator that drives it, is stopped or cannot be reached',
        requestId,
      ),
    },
  };
}

export function readinessAnswer(report: ReadinessReport, requestId: string): HealthAnswer {
  const { checks } = report;
  if (report.isReady) return { httpStatus: 200, body: { status: 'ready', checks } };
  const failing = Object.entries(checks).flatMap(([name, isWell]) => (isWell ? [] : [name]));
  return {
    httpStatus: 503,
    body: { status: 'not_ready', checks, ...unavailable(`Not ready: ${failing.join(', ')}`, requestId) },
  };
}

/** The members of an error body that do not collide with the body's own `status`. */
function unavailable(message: string, requestId: string): Omit<ErrorBody, 'status'> {
  return { error: 'SERVICE_UNAVAILABLE', message, timestamp: new Date().toISOString(), requestId };
}
