const TOKENS = /"(?:[^"\\]+|\\.)*"|[{}[\]:]/g;

interface Level {
  /** Of an object; an array has none. */
  readonly keys: Set<string> | undefined;
  key: string;
}

/**
 * Path of the first member that an object of the text has twice, where readers of JSON disagree on which one counts.
 * @param json text that is JSON.
 */
export function repeatedKey(json: string): string | undefined {
  const levels: Level[] = [];
  let text = '""';
  for (const [token] of json.matchAll(TOKENS)) {
    const level = levels.at(-1);
    if (token === '{') levels.push({ keys: new Set(), key: '' });
    else if (token === '[') levels.push({ keys: undefined, key: '' });
    else if (token === '}' || token === ']') levels.pop();
    else if (token !== ':') text = token;
    else if (level?.keys !== undefined) {
      level.key = JSON.parse(text) as string;
      if (level.keys.has(level.key)) return pathOf(levels);
      level.keys.add(level.key);
    }
  }
  return undefined;
}

function pathOf(levels: readonly Level[]): string {
  return levels.flatMap(({ keys, key }) => (keys === undefined ? [] : [key])).join('.');
}
