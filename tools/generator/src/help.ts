import type { OptionNames } from './options';

const HELP_OPTIONS: ReadonlySet<string> = new Set(['--help', '-h']);

export const asksForHelp = (cliArguments: readonly string[]): boolean =>
  cliArguments.some((argument) => HELP_OPTIONS.has(argument));

/**
 * The text of `--help`: how the program is called, and a line for each option with the variable it goes before.
 * @param purposes what an option is for, by its variable.
 */
export function helpText(
  introduction: string,
  { flags, values }: OptionNames,
  purposes: Readonly<Record<string, string>>,
): string {
  const options = [
    ...Object.entries(values).map(([option, variable]) => ({ option: `${option} <value>`, variable })),
    ...Object.entries(flags).map(([option, variable]) => ({ option, variable })),
  ];
  const width = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length)) + 2;
  const optionWidth = width(options.map(({ option }) => option));
  const variableWidth = width(options.map(({ variable }) => variable));
  const lines = options.map(({ option, variable }) => {
    const purpose = purposes[variable] ?? '';
    return `  ${option.padEnd(optionWidth)}${variable.padEnd(variableWidth)}${purpose}\n`;
  });
  const help = '-h, --help'.padEnd(optionWidth + variableWidth);
  return `${introduction}\n\nOptions, each with the variable that it goes before\n${lines.join('')}  ${help}this text\n`;
}
