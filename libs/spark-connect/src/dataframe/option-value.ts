/** The value of a reader's or writer's option; it travels as text. */
export type OptionValue = string | number | bigint | boolean;

export function optionText(value: OptionValue): string {
  return String(value);
}
