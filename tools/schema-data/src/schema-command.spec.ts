import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandHome } from './command-home.fixture';

describe('the command', () => {
  let home: CommandHome;
  beforeEach(() => {
    home = new CommandHome();
  });
  afterEach(() => {
    home.remove();
  });

  describe('schema validate', () => {
    it('says what a valid definition has', async () => {
      const path = join(home.schemas, 'cards.json');
      const { code, printed } = await home.run(['validate', '--schema', path]);
      expect([code, printed]).toEqual([0, `${path} is valid: cards, 3 fields, 20 records, no analysis`]);
    });

    it('takes the example of the documentation', async () => {
      const page = join(__dirname, '..', '..', '..', 'docs', 'schema-driven.md');
      const [, example = ''] = /```json\n(.+?)```/s.exec(readFileSync(page, 'utf8')) ?? [];
      const path = home.writeSchema('visits', JSON.parse(example) as object);
      const { printed } = await home.run(['validate', '--schema', 'visits']);
      expect(printed).toBe(`${path} is valid: visits, 6 fields, 10,000 records, analysis by device`);
    });

    it('names everything that is wrong', async () => {
      const distribution = { type: 'lognormal', mu: 1, sigma: 0 };
      const path = home.writeSchema('bad', {
        name: 'bad',
        fields: [
          { name: 'a', type: 'float', distribution },
          { name: 'b', type: 'boolean', probability: 2 },
        ],
      });
      const { code, printed } = await home.run(['validate', '--schema', 'bad']);
      expect(code).toBe(1);
      expect(printed.split('\n')).toEqual([
        `${path} is not valid:`,
        '  fields[0].distribution.sigma: must be above 0',
        '  fields[1].probability: must be at most 1',
      ]);
      const { printed: json } = await home.run(['validate', '--schema', 'bad', '--json']);
      expect(JSON.parse(json)).toEqual({
        path,
        isValid: false,
        problems: [
          { path: 'fields[0].distribution.sigma', message: 'must be above 0' },
          { path: 'fields[1].probability', message: 'must be at most 1' },
        ],
      });
    });

    it('finds what only making the records shows', async () => {
      const fields = [{ name: 'n', type: 'sequence', start: Number.MAX_SAFE_INTEGER }];
      home.writeSchema('long', { name: 'long', records: 2, fields });
      expect((await home.run(['validate', '--schema', 'long'])).printed).toContain(
        'fields[0].step: must keep',
      );
    });
  });

  describe('schema list', () => {
    it('tells each definition, and which are not valid', async () => {
      home.writeSchema('bad', { name: 'bad', fields: [] });
      const { code, printed } = await home.run(['list']);
      expect(code).toBe(0);
      expect(printed.split('\n')).toEqual([
        'bad                     not valid, 1 problem: npm run schema -- validate --schema bad',
        'cards                   3 fields, 20 records, .csv                Cards',
      ]);
      expect(JSON.parse((await home.run(['list', '--json'])).printed)).toEqual({
        folder: home.schemas,
        schemas: [
          { schema: 'bad', problems: 1 },
          {
            schema: 'cards',
            title: 'Cards',
            fields: 3,
            records: 20,
            format: 'csv',
            gzip: false,
            problems: 0,
          },
        ],
      });
    });
  });

  describe('the help', () => {
    it.each([[[]], [['--help']], [['-h']]])('lists the commands: %j', async (args) => {
      const { code, printed, said } = await home.run(args);
      expect([code, said]).toEqual([0, '']);
      for (const name of ['generate', 'validate', 'list'])
        expect(printed).toMatch(new RegExp(`^  ${name} `, 'm'));
    });

    it('comes with a command that there is not', async () => {
      const { code, printed, said } = await home.run(['generat']);
      expect([code, said]).toEqual([2, 'schema: generat is not a command\n']);
      expect(printed).toContain('  generate ');
    });

    it.each([
      ['generate', 9],
      ['validate', 3],
      ['list', 1],
    ])('of %s tells every option with its variable and what it is for', async (command, count) => {
      const { code, printed } = await home.run([command, '--help']);
      expect(code).toBe(0);
      const options = [...printed.matchAll(/^ {2}(--[a-z-]+)(?: <value>)? +[A-Z_]+ {2,}\S/gm)];
      expect(options).toHaveLength(count);
      const { said } = await home.run([command, '--nonsense']);
      for (const [, option] of options) expect(said).toMatch(new RegExp(` ${String(option)}(,|$)`, 'm'));
    });
  });
});
