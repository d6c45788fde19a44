import type { DeltaType } from '@millrace/delta';
import { valueForm } from './column-value';

const FLOAT: DeltaType = { kind: 'primitive', name: 'float' };
const PART: DeltaType = { kind: 'decimal', precision: 2, scale: 2 };

it.each([
  [FLOAT, ['1e38', '-0', '1e-60'], ['1e39', '-1e39']],
  [PART, ['0.25', '-0.5', '0'], ['1', '-1.00', '00', '0.255']],
])('of $kind what the column can hold is a value, and nothing else', (type, values, others) => {
  const form = valueForm(type);
  expect(values.filter((text) => form?.isValue(text) === false)).toEqual([]);
  expect(others.filter((text) => form?.isValue(text) === true)).toEqual([]);
});
