const NAME_WIDTH = 46;
const FIGURE_WIDTH = 12;
/** Where progress is not overwritten in place, a line is written this often. */
const LINE_EVERY_MS = 5_000;

/** A goal: the figure must not be above, or not below, it. */
export type Goal = { readonly unit: string } & ({ readonly atMost: number } | { readonly atLeast: number });

/** Where text goes; a terminal can take it back. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Back to the start of the line, and away with what is on it. */
const ERASE_LINE = '\r\u001B[K';

/** Figures go to one stream, so that they can be kept; what happens meanwhile goes to the other. */
export class Output {
  private lineAt = 0;
  private isDirty = false;

  constructor(
    private readonly figures: TextSink,
    private readonly notes: TextSink,
  ) {}

  section(title: string): void {
    this.print(`\n${title}`);
  }

  fact(name: string, value: string): void {
    this.print(`  ${name.padEnd(NAME_WIDTH)}${value}`);
  }

  /** One line of a table. */
  row(name: string, figures: readonly string[]): void {
    const cells = figures.map((figure) => ` ${figure.padStart(FIGURE_WIDTH - 1)}`).join('');
    this.print(`  ${name.padEnd(NAME_WIDTH)}${cells}`);
  }

  /** A figure beside its goal. */
  goal(name: string, figure: number, goal: Goal, digits: number): void {
    const [words, bound] = 'atMost' in goal ? ['at most', goal.atMost] : ['at least', goal.atLeast];
    const isMet = 'atMost' in goal ? figure <= bound : figure >= bound;
    const shown = (value: number) => `${value.toFixed(digits)}${goal.unit}`;
    const verdict = isMet ? 'met' : 'NOT met';
    this.print(
      `  ${name.padEnd(NAME_WIDTH)}${shown(figure).padStart(FIGURE_WIDTH)}   goal: ${words} ${shown(bound)}, ${verdict}`,
    );
  }

  note(text: string): void {
    this.print(`  ${text}`);
  }

  /** What is being done; the next output takes its place. */
  progress(text: string): void {
    if (this.notes.isTTY === true) {
      this.clear();
      this.notes.write(`  ... ${text}`);
      this.isDirty = true;
      return;
    }
    if (Date.now() - this.lineAt < LINE_EVERY_MS) return;
    this.lineAt = Date.now();
    this.notes.write(`  ... ${text}\n`);
  }

  private print(line: string): void {
    this.clear();
    this.figures.write(`${line}\n`);
  }

  private clear(): void {
    if (!this.isDirty) return;
    this.notes.write(ERASE_LINE);
    this.isDirty = false;
  }
}
