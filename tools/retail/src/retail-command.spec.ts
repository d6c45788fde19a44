import { runRetail } from './retail-command';
import { KeepingTerminal } from './terminal.fixture';

async function run(...cliArguments: string[]) {
  const terminal = new KeepingTerminal();
  const code = await runRetail(cliArguments, {}, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

describe('npm run retail', () => {
  it.each([
    [['--help'], 'Usage: npm run retail -- generate|produce'],
    [['generate', '--help'], 'Usage: npm run retail -- generate [options]'],
    [['produce', '--days', '1', '-h'], 'Usage: npm run retail -- produce [options]'],
  ])('%j explains itself on stdout', async (cliArguments, usage) => {
    const { code, stdout, stderr } = await run(...cliArguments);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.startsWith(usage)).toBe(true);
  });

  it.each([
    [[], 'a command is needed'],
    [['generates'], 'unknown command generates'],
    [['toString'], 'unknown command toString'],
  ])('%j is told what there is', async (cliArguments, message) => {
    const { code, stdout, stderr } = await run(...cliArguments);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith(`retail: ${message}\n\nUsage: npm run retail --`)).toBe(true);
  });

  it('names a bad option and prints nothing on stdout', async () => {
    expect(await run('produce', '--rate', 'fast')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'retail: --rate must be a number from 0 to 1000000 (it is "fast")\n',
    });
  });
});
