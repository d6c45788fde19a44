import type { Progress, Signals } from '@millrace/generator';

/** What a command speaks to, and who may stop it. */
export interface Terminal extends Signals {
  /** Writes the result and a line end to stdout, where a program may read it. */
  readonly out: (text: string) => void;
  /** For people: stderr. */
  readonly progress: Progress;
}
