import { PassThrough } from 'node:stream';
import { Output } from './output';

function printed(print: (output: Output) => void): { figures: string; notes: string } {
  const [figures, notes] = [new PassThrough(), new PassThrough()];
  print(new Output(figures, notes));
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  return { figures: textOf(figures), notes: textOf(notes) };
}

describe('the output of a suite', () => {
  it.each([
    [1.04, /1\.04x +goal: at most 1\.10x, met\n$/],
    [1.1, /1\.10x +goal: at most 1\.10x, met\n$/],
    [1.2, /1\.20x +goal: at most 1\.10x, NOT met\n$/],
  ])('says of %d whether the goal is met', (figure, line) => {
    const { figures } = printed((output) => {
      output.goal('ratio', figure, { atMost: 1.1, unit: 'x' }, 2);
    });
    expect(figures).toMatch(line);
  });

  it('keeps progress apart from the figures, and short where it cannot be overwritten', () => {
    const { figures, notes } = printed((output) => {
      output.progress('one');
      output.progress('two');
      output.row('rows', ['1', '2']);
    });
    expect(figures).toMatch(/^ {2}rows +1 +2\n$/);
    expect(notes).toBe('  ... one\n');
  });
});
