import { parseArgs } from 'node:util';

export const REGISTRY_ACTIONS = ['audit', 'rebuild'] as const;
export type RegistryAction = (typeof REGISTRY_ACTIONS)[number];

export const HELP = `Usage: npm run registry -- audit|rebuild [--json]

  audit     lists where the registry and the files of batches do not agree; changes nothing
  rebuild   gives each folder of a batch that has no row one, from its Delta logs; changes no row that is there

  --json      one JSON document on standard output (with npm run --silent nothing else is)
  -h, --help  this text

Works on the running local stack (MILLRACE_HOME, .millrace unless set), or on what DATABASE_URL and DELTA_BASE_PATH
name. Exit code 0: all is well; 1: there are findings, or batches that could not be rebuilt in full; 2: wrong usage, or
the registry or the files cannot be reached.
`;

export type RegistryArguments =
  | { readonly kind: 'run'; readonly action: RegistryAction; readonly json: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly message: string };

export function parseArguments(args: readonly string[]): RegistryArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return { kind: 'help' };
    const [name, ...more] = positionals;
    const action = REGISTRY_ACTIONS.find((known) => known === name);
    if (action === undefined || more.length > 0) {
      return { kind: 'usage', message: `say one of: ${REGISTRY_ACTIONS.join(', ')}` };
    }
    return { kind: 'run', action, json: values.json };
  } catch (error) {
    return { kind: 'usage', message: error instanceof Error ? error.message : String(error) };
  }
}
