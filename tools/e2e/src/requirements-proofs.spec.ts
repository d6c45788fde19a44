import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const table = readFileSync(join(ROOT, 'docs', 'requirements.md'), 'utf8');

/** Files and folders that a page names: in code marks, below one of the checkout's folders. */
const namedIn = (page: string) =>
  [...page.matchAll(/`((?:apps|conf|docs|infra|libs|tools)\/[^`\s*]*)`/g)].map(([, path]) => path ?? '');

it.each([
  ['requirements.md', 100],
  ['architecture.md', 30],
])('docs/%s names only files that are there', (name, atLeast) => {
  const named = namedIn(readFileSync(join(ROOT, 'docs', name), 'utf8'));
  expect(named.length).toBeGreaterThan(atLeast);
  expect([...new Set(named)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

describe('the table of requirements', () => {
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
