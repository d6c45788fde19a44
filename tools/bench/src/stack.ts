import { dirname, join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import type { Endpoints } from '@millrace/testing';
import type { BenchContext } from './suite';

/** The whole of Millrace, empty at first. */
export interface MeasuredStack {
  readonly endpoints: Endpoints;
  readonly deltaBasePath: string;
  /** Where it comes from, for the reader of the figures. */
  readonly origin: string;
  stop(): Promise<void>;
}

const SPARK_HEAP = '3g';

/** Measures on a stack, and lets go of it whatever happens. */
export async function withStack(
  { output }: Pick<BenchContext, 'output'>,
  measure: (stack: MeasuredStack) => Promise<void>,
): Promise<void> {
  output.progress('starting the stack');
  const stack = await openStack();
  try {
    output.fact('stack', stack.origin);
    await measure(stack);
  } finally {
    await stack.stop();
  }
}

/** The running stack that MILLRACE_ENDPOINTS names, or one of our own with a home and ports of its own. */
async function openStack(): Promise<MeasuredStack> {
  const given = process.env['MILLRACE_ENDPOINTS'];
  if (given !== undefined && given !== '') {
    return { ...placesOf(given), origin: 'MILLRACE_ENDPOINTS', stop: () => Promise.resolve() };
  }
  const { TestStack } = await import('@millrace/stack/test-stack');
  // Durable and well compiled: what is measured is how it runs for a person, who starts it once. Figures own stdout.
  const stack = await TestStack.start({
    flags: [],
    isQuickJvm: false,
    isShown: false,
    sparkHeap: SPARK_HEAP,
  });
  process.env['MILLRACE_ENDPOINTS'] = stack.endpoints;
  return {
    ...placesOf(stack.endpoints),
    origin: `started for this run, Spark with -Xmx${SPARK_HEAP}`,
    stop: async () => {
      delete process.env['MILLRACE_ENDPOINTS'];
      await stack.stop();
    },
  };
}

function placesOf(endpointsFile: string): Pick<MeasuredStack, 'endpoints' | 'deltaBasePath'> {
  return { endpoints: requireEndpoints(), deltaBasePath: join(dirname(endpointsFile), 'data', 'delta') };
}
