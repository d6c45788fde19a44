import type { DeltaField, DeltaType } from '@millrace/delta';

/** A text in JSON, or a number: what is left to tell apart once every number is a text. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const TIME = /^(.*:\d\d)(?:\.(\d+))?(Z?)$/;

/** A row as values that compare equal where the row is, whoever spelled its JSON: exact numbers, microseconds, keys in order. */
export function exactRow(json: string, schema: readonly DeltaField[]): Record<string, unknown> {
  const texts = json.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${token}"`));
  return exactFields(JSON.parse(texts), schema);
}

function exactFields(value: unknown, fields: readonly DeltaField[]): Record<string, unknown> {
  const members = membersOf(value);
  const names = fields.map(({ name }) => name);
  const strange = Object.keys(members).filter((name) => !names.includes(name));
  if (strange.length > 0) throw new Error(`No fields of the schema: ${strange.join(', ')}`);
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      if (members[name] === undefined) throw new Error(`No ${name} in ${JSON.stringify(value)}`);
      return [name, exact(members[name], type)];
    }),
  );
}

function exact(value: unknown, type: DeltaType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'struct':
      return exactFields(value, type.fields);
    case 'array':
      if (!Array.isArray(value)) throw new TypeError(`No list: ${JSON.stringify(value)}`);
      return value.map((element: unknown) => exact(element, type.element));
    case 'map':
      return Object.entries(membersOf(value))
        .map(([key, member]) => [key, exact(member, type.value)])
        .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
    case 'decimal':
      return String(unscaled(textOf(value), type.scale));
    case 'primitive':
      return exactText(textOf(value), type.name);
  }
}

function exactText(text: string, type: string): string {
  switch (type) {
    case 'float':
      return floating(Math.fround(Number(text)));
    case 'double':
      return floating(Number(text));
    case 'timestamp':
    case 'timestamp_ntz':
      return text.replace(
        TIME,
        (_, rest: string, digits = '', zone: string) => `${rest}.${String(digits).padEnd(6, '0')}${zone}`,
      );
    default:
      return text;
  }
}

const floating = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** The digits of a decimal, `12.3` of scale 2 being 1230; an exponent is only another spelling. */
export function unscaled(text: string, scale: number): bigint {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '') throw new TypeError(`No number: ${text}`);
  const zeros = scale - fraction.length + Number(exponent);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const factor = 10n ** BigInt(Math.abs(zeros));
  if (zeros < 0 && digits % factor !== 0n) throw new RangeError(`${text} has more than ${scale} digits`);
  return zeros < 0 ? digits / factor : digits * factor;
}

function membersOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`No object: ${JSON.stringify(value)}`);
  }
  return value as Record<string, unknown>;
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw new TypeError(`No text: ${JSON.stringify(value)}`);
  return value;
}
