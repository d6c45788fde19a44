import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const table = readFileSync(join(ROOT, 'docs', 'requirements.md'), 'utf8');

/** Files and folders that the table names: in code marks, below one of the checkout's folders. */
const named = [...table.matchAll(/`((?:apps|conf|docs|infra|libs|tools)\/[^`\s*]*)`/g)].map(
  ([, path]) => path,
);

describe('the table of requirements', () => {
  it('names only files that are there', () => {
    expect(named.length).toBeGreaterThan(100);
    expect([...new Set(named)].filter((path) => !existsSync(join(ROOT, path ?? '')))).toEqual([]);
  });

  it('counts its own rows', () => {
    const states = [...table.matchAll(/^\| [A-E]-\d+[a-d]? \|(?:[^|\\]|\\.)*\| ([a-z ]+) \|/gm)].map(
      ([, state]) => state,
    );
    const count = (state: string) => String(states.filter((one) => one === state).length);
    const [built, inPart] = [count('built'), count('in part')];
    const [replaced, notYet] = [count('replaced'), count('not yet')];
    const sentence = `Today: ${built} built, ${inPart} in part, ${replaced} replaced, ${notYet} not yet.`;
    expect(table).toContain(sentence);
  });
});
