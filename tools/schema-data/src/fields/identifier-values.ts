import { PATTERN_LETTERS, isTextSequence } from '@millrace/domain';
import type { PatternField, SequenceField } from '@millrace/domain';
import type { Random } from '@millrace/generator';
import type { FieldContext, MakeValue } from './field-value';

export const uuidValues =
  ({ random }: FieldContext): MakeValue =>
  () =>
    random.uuid();

/** @throws InvalidDatasetDefinition where the numbers grow beyond those that are exact. */
export function sequenceValues(field: SequenceField, { records, refuse }: FieldContext): MakeValue {
  const { start, step, prefix = '', pad = 0 } = field;
  if (!Number.isSafeInteger(start + step * (records - 1))) {
    throw refuse(['step'], `must keep the numbers of ${records} records within 2^53`);
  }
  let next = start;
  const take = (): number => {
    const taken = next;
    next += step;
    return taken;
  };
  return isTextSequence(field) ? () => prefix + padded(take(), pad) : take;
}

function padded(number: number, digits: number): string {
  const sign = number < 0 ? '-' : '';
  return sign + String(Math.abs(number)).padStart(digits, '0');
}

/** Texts, and between them the characters of which one is drawn. */
type Piece = { readonly text: string } | { readonly letters: string };

export function patternValues({ pattern }: PatternField, { random }: FieldContext): MakeValue {
  const pieces = piecesOf(pattern);
  return () => {
    let text = '';
    for (const piece of pieces) text += 'text' in piece ? piece.text : letterOf(piece.letters, random);
    return text;
  };
}

const letterOf = (letters: string, random: Random): string =>
  letters.charAt(random.integer(0, letters.length - 1));

function piecesOf(pattern: string): readonly Piece[] {
  return Array.from(pattern.matchAll(/\\(.)|[#%?*]|[^\\#%?*]+/gu), ([piece, escaped]) => {
    const isLetter = Object.hasOwn(PATTERN_LETTERS, piece);
    return isLetter
      ? { letters: PATTERN_LETTERS[piece as keyof typeof PATTERN_LETTERS] }
      : { text: escaped ?? piece };
  });
}
