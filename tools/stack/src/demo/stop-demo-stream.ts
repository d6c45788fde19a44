import type { Reporter } from '../reporter';
import type { StackPlan } from '../stack';
import { GatewayClient } from './gateway-client';

const STOP_LIMIT_MS = 45_000;

/**
 * A demo that ends in order stops its stream, too: otherwise the stream would go on by itself at the next start, as it
 * must after a crash.
 */
export async function stopDemoStream(
  { config, addresses }: Pick<StackPlan, 'config' | 'addresses'>,
  reporter: Reporter,
): Promise<void> {
  const limit = AbortSignal.timeout(STOP_LIMIT_MS);
  const gateway = new GatewayClient(addresses.gateway, limit, config.inherited['MILLRACE_API_TOKEN']);
  try {
    if (await gateway.stopStream()) reporter.say(' stream       stopped after its micro-batch');
  } catch {
    // The gateway has left already (`POST /stop`) or cannot reach Spark: the parts are stopped one by one all the same.
  }
}
