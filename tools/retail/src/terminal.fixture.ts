import { Progress } from '@millrace/generator';
import type { Terminal } from './terminal';

/** A terminal that keeps what is written to it, and that a spec can stop. */
export class KeepingTerminal implements Terminal {
  stdout = '';
  stderr = '';
  private readonly stopping = new AbortController();
  readonly stop: AbortSignal = this.stopping.signal;
  readonly giveUp: AbortSignal = new AbortController().signal;
  readonly progress = new Progress({
    name: 'retail',
    out: {
      write: (text) => {
        this.stderr += text;
      },
    },
  });

  readonly out = (text: string): void => {
    this.stdout += `${text}\n`;
  };

  /** As Ctrl-C. */
  interrupt(): void {
    this.stopping.abort();
  }
}
