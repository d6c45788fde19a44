import { readConfig } from '@millrace/platform';
import { configuredSinks, jdbcSettings } from './jdbc-settings';

const config = {
  jdbcUrl: undefined,
  jdbcUser: undefined,
  jdbcPassword: undefined,
  jdbcSchema: 'batch_results',
};

const parsed = (url: string) => jdbcSettings.jdbcUrl.schema.safeParse(url);
const problemOf = (url: string) => {
  const result = parsed(url);
  return result.success ? undefined : result.error.issues[0]?.message;
};

describe('settings of the JDBC sink', () => {
  it('give a sink only where there is a database', () => {
    expect(configuredSinks(config)).toEqual({});
    const jdbcUrl = { host: 'db', port: 5432, database: 'x', ssl: false };
    expect(configuredSinks({ ...config, jdbcUrl }).jdbc).toBeDefined();
  });

  it.each([
    ['jdbc:postgresql://db:5433/results', { host: 'db', port: 5433, database: 'results', ssl: false }],
    ['jdbc:postgresql://db/a%20b', { host: 'db', port: 5432, database: 'a b', ssl: false }],
    ['jdbc:postgresql://[::1]:5432/x', { host: '::1', port: 5432, database: 'x', ssl: false }],
    ['jdbc:postgresql://db/x?ssl=true', { host: 'db', port: 5432, database: 'x', ssl: true }],
    [
      'jdbc:postgresql://db/x?sslmode=require',
      { host: 'db', port: 5432, database: 'x', ssl: { rejectUnauthorized: false } },
    ],
  ])('take %s', (url, address) => {
    expect(parsed(url)).toEqual({ success: true, data: address });
  });

  it.each([
    ['postgresql://db:5432/results', /jdbc:postgresql:\/\/host:port\/database/],
    ['jdbc:mysql://db/results', /jdbc:postgresql:\/\/host:port\/database/],
    ['jdbc:postgresql:results', /jdbc:postgresql:\/\/host:port\/database/],
    ['jdbc:postgresql://db:0/results', /host:port/],
    ['jdbc:postgresql://db:99999/results', /host:port/],
    ['jdbc:postgresql://db/%zz', /host:port/],
    ['jdbc:postgresql://me:secret@db/results', /JDBC_USER and JDBC_PASSWORD/],
    ['jdbc:postgresql://db/results?password=secret', /parameter password.*JDBC_PASSWORD/],
    ['jdbc:postgresql://db/results?ssl=true&user=me', /parameter user.*JDBC_USER/],
    ['jdbc:postgresql://db/results?sslpassword=secret', /parameter sslpassword/],
    ['jdbc:postgresql://a:1,b:2/results', /one host/],
    ['jdbc:postgresql://db/results?sslmode=prefer', /parameter sslmode .*sslmode=require/],
    ['jdbc:postgresql://db/results?currentSchema=secret', /parameter currentSchema .*does not know/],
  ])('refuse %s', (url, sentence) => {
    expect(problemOf(url)).toMatch(sentence);
    expect(problemOf(url)).not.toContain('secret');
  });

  it('do not show a URL that they refuse: there may be a password in it', () => {
    const read = () =>
      readConfig(jdbcSettings, { JDBC_URL: 'jdbc:postgresql://me:hunter2@db/results', JDBC_SCHEMA: 'x' });
    expect(read).toThrow(/JDBC_URL: .*JDBC_USER/);
    expect(read).not.toThrow('hunter2');
  });

  it.each(['results"; DROP', 'Results', '', 'a.b'])('refuse the schema %j', (name) => {
    expect(jdbcSettings.jdbcSchema.schema.safeParse(name)).toMatchObject({ success: false });
  });
});
