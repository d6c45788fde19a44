import { ArrayType, CollatedStringType, MapType, StringType, type DataType } from './data-type';

/** A STRING type. */
interface Text {
  readonly collation?: string;
}

/** The member of a column's metadata that tells the collations of the texts in it by their paths, such as `name.element`. */
export const COLLATIONS_KEY = '__COLLATIONS';

const DEFAULT_COLLATION = 'UTF8_BINARY';

export function isCollated(type: Text): type is Required<Text> {
  return type.collation !== undefined && type.collation !== DEFAULT_COLLATION;
}

/** The type of a column without collations, and what its metadata has to say of them. */
export function takeCollations(
  type: DataType,
  name: string,
): { readonly type: DataType; readonly collations: Readonly<Record<string, string>> } {
  const collations: Record<string, string> = {};
  const bare = mapTexts(type, name, (text, path) => {
    if (isCollated(text)) collations[path] = `${providerOf(text.collation)}.${text.collation}`;
    return StringType;
  });
  return { type: bare, collations };
}

/**
 * The opposite of {@link takeCollations}.
 * @throws TypeError for a collation of a provider that Spark does not have.
 */
export function putCollations(
  type: DataType,
  name: string,
  collations: Readonly<Record<string, unknown>>,
): DataType {
  return mapTexts(type, name, (text, path) =>
    Object.hasOwn(collations, path) ? collatedAs(collations[path]) : textOf(text),
  );
}

/** Replaces each text of a column, also in arrays and maps; the fields of a struct have metadata of their own. */
function mapTexts(type: DataType, path: string, replaced: (text: Text, path: string) => DataType): DataType {
  switch (type.kind) {
    case 'string':
      return replaced(type, path);
    case 'array':
      return new ArrayType(mapTexts(type.elementType, `${path}.element`, replaced), type.containsNull);
    case 'map':
      return new MapType(
        mapTexts(type.keyType, `${path}.key`, replaced),
        mapTexts(type.valueType, `${path}.value`, replaced),
        type.valueContainsNull,
      );
    default:
      return type;
  }
}

function textOf(type: Text): DataType {
  return isCollated(type) ? new CollatedStringType(type.collation) : StringType;
}

/** Who defines a collation: Spark those of UTF-8 bytes, ICU those of languages. */
function providerOf(collation: string): 'spark' | 'icu' {
  return collation.startsWith('UTF8') ? 'spark' : 'icu';
}

/** Newer servers leave the provider out. */
function collatedAs(name: unknown): CollatedStringType {
  const collation = /^(?:(?:spark|icu)\.)?(\w+)$/.exec(String(name))?.[1];
  if (collation === undefined) throw new TypeError(`not a collation of Spark: ${String(name)}`);
  return new CollatedStringType(collation);
}
