import { rupees } from './rupees';

it.each([
  [0, '0.00'],
  [7, '0.07'],
  [50, '0.50'],
  [123_405, '1234.05'],
  [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
])('%i paise are %s rupees', (paise, text) => {
  expect(rupees(paise)).toBe(text);
});
