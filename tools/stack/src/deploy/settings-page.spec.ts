import { APPS, settingTextsOf } from './app-settings.fixture';
import type { SettingText } from './app-settings.fixture';
import { readText } from './deployment.fixture';

type Json = Readonly<Record<string, unknown>>;

const confOf = (name: string) => JSON.parse(readText(`conf/${name}`)) as Json;
const [defaults, production] = [confOf('pipeline.defaults.json'), confOf('pipeline.production.json')];

function valueIn(file: Json, key: string): string | undefined {
  const value = key.split('.').reduce<unknown>((inner, part) => (inner as Json | undefined)?.[part], file);
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.length === 0) return 'none';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function defaultOf({ key, secret, optional }: SettingText): string {
  const value = key === undefined ? undefined : valueIn(defaults, key);
  const ofImages = key === undefined ? undefined : valueIn(production, key);
  return `${value ?? (optional ? 'none' : 'required')}${ofImages === undefined ? '' : `, in the images ${ofImages}`}${secret ? ', a secret' : ''}`;
}

/** Pipes would end a cell. */
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

async function expectedRows(): Promise<readonly string[]> {
  const programs = new Map<
    string,
    { readonly text: SettingText; readonly of: string[]; readonly says: Set<string> }
  >();
  for (const app of APPS) {
    for (const text of await settingTextsOf(app)) {
      const row = programs.get(text.env) ?? { text, of: [], says: new Set() };
      row.of.push(app);
      row.says.add(text.description);
      programs.set(text.env, row);
    }
  }
  return [...programs.values()]
    .map(
      ({ text, of, says }) =>
        `| \`${text.env}\` | ${of.join(', ')} | ${defaultOf(text)} | ${cell([...says].join('; '))} |`,
    )
    .sort();
}

/** Rows of the page, without what Prettier adds to line columns up. */
const rowsOfPage = (): readonly string[] =>
  readText('docs/settings.md')
    .split('\n')
    .filter((line) => /^\| `[A-Z0-9_]+` /.test(line) && line.split(' | ').length === 4)
    .map((line) => line.replace(/ +/g, ' ').trim());

it('docs/settings.md has a row for every setting of the three services, as they say it themselves', async () => {
  expect(rowsOfPage()).toEqual(await expectedRows());
});
