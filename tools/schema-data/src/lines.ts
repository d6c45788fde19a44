import { valueKindOf } from '@millrace/domain';
import type { DatasetField, DatasetFormat } from '@millrace/domain';
import { textOf } from './fields/field-value';
import type { FieldValue } from './fields/field-value';

/** A format of files with a record in each line. */
export interface Lines {
  /** Before the first record. */
  readonly header: string;
  readonly lineOf: (record: readonly FieldValue[]) => string;
}

export const linesOf = (format: DatasetFormat, fields: readonly DatasetField[]): Lines =>
  format === 'csv' ? csvLines(fields) : jsonLines(fields);

/** RFC 4180 says what must be quoted; an empty text is quoted, too, because an empty cell is null. */
const NEEDS_QUOTES = /[",\r\n]|^$/;

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** RFC 4180, with the names of the fields first. Lines end with a line feed, as everywhere on Unix. */
function csvLines(fields: readonly DatasetField[]): Lines {
  const cells = fields.map((field) => {
    const isPlain = valueKindOf(field) !== 'text' || field.type === 'uuid';
    return isPlain ? textOf : (value: FieldValue) => (value === null ? '' : quoted(String(value)));
  });
  return {
    header: `${fields.map(({ name }) => name).join(',')}\n`,
    lineOf: (record) => {
      let line = '';
      for (let index = 0; index < cells.length; index++) {
        if (index > 0) line += ',';
        line += cells[index]?.(record[index] ?? null) ?? '';
      }
      return `${line}\n`;
    },
  };
}

/** An object in each line, with every field; what is null is so. */
function jsonLines(fields: readonly DatasetField[]): Lines {
  const keys = fields.map(({ name }, index) => `${index === 0 ? '' : ','}${JSON.stringify(name)}:`);
  return {
    header: '',
    lineOf: (record) => {
      let line = '{';
      for (let index = 0; index < keys.length; index++) {
        const value = record[index] ?? null;
        line += `${keys[index] ?? ''}${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
      }
      return `${line}}\n`;
    },
  };
}
