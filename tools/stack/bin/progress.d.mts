export interface Step {
  /** Changes what the line says while the step runs. */
  note(text: string): void;
  done(text?: string): void;
  /** There was nothing to do. */
  skip(text?: string): void;
  fail(text?: string): void;
}

export interface Colours {
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

export interface Reporter {
  readonly colours: Colours;
  step(name: string, text: string): Step;
  say(text: string): void;
  close(): void;
}

export declare function createReporter(options?: {
  out?: NodeJS.WriteStream;
  env?: Record<string, string | undefined>;
}): Reporter;
