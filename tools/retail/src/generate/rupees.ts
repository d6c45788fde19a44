/** Whole paise as rupees with two decimals, without any rounding: 123405 is `1234.05`. At most 2^53 paise, none negative. */
export function rupees(paise: number): string {
  const rest = paise % 100;
  return `${(paise - rest) / 100}.${String(rest).padStart(2, '0')}`;
}
