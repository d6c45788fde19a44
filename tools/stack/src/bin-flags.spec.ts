import { evaluateInBin } from './bin-module.fixture';

const parse = (...args: string[]): unknown =>
  evaluateInBin('flags.mjs', `m.parseStartFlags(${JSON.stringify(args)})`);

describe('the flags of npm start', () => {
  it('shows the demo with 100,000 records and stays, when nothing is asked for', () => {
    expect(parse()).toEqual({
      kind: 'run',
      options: {
        exit: false,
        serversOnly: false,
        demo: true,
        reset: false,
        records: 100_000,
        yes: false,
        fast: false,
        untilStdinCloses: false,
      },
    });
  });

  it('takes every flag', () => {
    const answer = parse('--exit', '--no-demo', '--reset', '--scale', 'large', '--yes');
    expect(answer).toMatchObject({
      options: { exit: true, demo: false, reset: true, records: 5_000_000, yes: true },
    });
  });

  it('shows no demo without applications', () => {
    expect(parse('--servers-only')).toMatchObject({ options: { serversOnly: true, demo: false } });
  });

  it.each([
    [['--verbose'], 'unknown flag --verbose'],
    [['now'], 'unexpected argument now'],
    [['--scale', 'huge'], '--scale is one of small, medium, large; got "huge"'],
  ])('refuses %j', (args, message) => {
    expect(parse(...args)).toEqual({ kind: 'usage', message });
  });
});
