const TOKENS = /"(?:[^"\\]+|\\.)*"|[{}[\]:,]/g;

interface Level {
  /** Of an object; an array has none. */
  readonly keys: Set<string> | undefined;
  key: string;
  /** Of the entry of an array. */
  index: number;
}

/**
 * Path of the first member that an object of the text has twice, where readers of JSON disagree on which one counts.
 * @param json text that is JSON.
 */
export function repeatedKey(json: string): string | undefined {
  return repeatedKeySteps(json)
    ?.filter((step) => typeof step === 'string')
    .join('.');
}

/** The same path in its steps: keys of objects, and indexes of arrays. */
export function repeatedKeySteps(json: string): readonly (string | number)[] | undefined {
  const levels: Level[] = [];
  let text = '""';
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === ':') {
      if (!takeKey(levels.at(-1), JSON.parse(text) as string)) return levels.map(stepOf);
    } else if (token.startsWith('"')) text = token;
    else move(levels, token);
  }
  return undefined;
}

/** Into an object or an array, out of it, or on to its next entry. */
function move(levels: Level[], token: string): void {
  const level = levels.at(-1);
  if (token === '{') levels.push({ keys: new Set(), key: '', index: 0 });
  else if (token === '[') levels.push({ keys: undefined, key: '', index: 0 });
  else if (token !== ',') levels.pop();
  else if (level !== undefined) level.index++;
}

/** Whether the object has not had this key before. */
function takeKey(level: Level | undefined, key: string): boolean {
  if (level?.keys === undefined) return true;
  level.key = key;
  const isNew = !level.keys.has(key);
  level.keys.add(key);
  return isNew;
}

const stepOf = ({ keys, key, index }: Level): string | number => (keys === undefined ? index : key);
