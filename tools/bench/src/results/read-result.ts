import type { Output } from '../output';
import type { MeasuredStack } from '../stack';

/** The result that is read, and where the figures go. */
export interface ReadResult {
  readonly output: Output;
  readonly stack: MeasuredStack;
  /** Of the gateway. */
  readonly url: string;
  readonly batchId: string;
  readonly rowCount: number;
}
