import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './load-config';
import { choice, flag, originList, text, textList, url, wholeNumber } from './schema';
import { optionalSecret, optionalSetting, secret, setting } from './setting';

const shape = {
  port: setting({ env: 'PORT', key: 'pipeline.http.port', schema: wholeNumber({ max: 9 }), description: '' }),
  host: setting({ env: 'HOST', key: 'pipeline.http.host', schema: text(), description: '' }),
  folder: optionalSetting({ env: 'FOLDER', key: 'pipeline.folder', schema: text(), description: '' }),
  password: secret({ env: 'PASSWORD', schema: text({ minLength: 8 }), description: '' }),
  token: optionalSecret({ env: 'TOKEN', schema: text(), description: '' }),
};

describe('readConfig', () => {
  let conf: string;

  beforeEach(() => {
    conf = mkdtempSync(join(tmpdir(), 'platform-conf-'));
    write('pipeline.defaults.json', { pipeline: { http: { port: 1, host: 'here' } } });
  });

  afterEach(() => {
    rmSync(conf, { recursive: true });
  });

  const write = (name: string, content: unknown) => {
    writeFileSync(join(conf, name), JSON.stringify(content));
  };
  const read = (variables: Record<string, string> = {}) =>
    readConfig(shape, { MILLRACE_CONF: conf, PASSWORD: 'long-enough', ...variables });

  it('takes the defaults where nothing else says otherwise', () => {
    expect(read()).toEqual({
      port: 1,
      host: 'here',
      folder: undefined,
      password: 'long-enough',
      token: undefined,
    });
  });

  it('lets the file of the stage win over the defaults, key by key', () => {
    write('pipeline.production.json', { pipeline: { http: { port: 2 } } });
    expect(read({ NODE_ENV: 'production' })).toMatchObject({ port: 2, host: 'here' });
    expect(read({ NODE_ENV: 'development' })).toMatchObject({ port: 1 });
    expect(read({ NODE_ENV: '../elsewhere' })).toMatchObject({ port: 1 });
  });

  it('lets the environment win over every file, unless the variable is empty', () => {
    write('pipeline.production.json', { pipeline: { http: { port: 2 } } });
    expect(read({ NODE_ENV: 'production', PORT: '3' })).toMatchObject({ port: 3 });
    expect(read({ PORT: '' })).toMatchObject({ port: 1 });
  });

  it('gives an object that nobody can change', () => {
    expect(Object.isFrozen(read())).toBe(true);
  });

  it('lists every problem with its variable, and no secret', () => {
    write('pipeline.defaults.json', {});
    expect(() => readConfig(shape, { MILLRACE_CONF: conf, PORT: '10', PASSWORD: 'hunter2' })).toThrow(
      [
        'The settings are not right:',
        '  PORT: must be a whole number from 0 to 9 (is "10")',
        '  HOST: is required (or pipeline.http.host in conf/)',
        '  PASSWORD: must have at least 8 characters',
      ].join('\n'),
    );
  });

  it('never takes a secret from a file', () => {
    write('pipeline.defaults.json', { pipeline: { http: { port: 1, host: 'x' } }, PASSWORD: 'in-a-file' });
    expect(() => readConfig(shape, { MILLRACE_CONF: conf })).toThrow('PASSWORD: is required');
  });

  it('names a file that cannot be read', () => {
    writeFileSync(join(conf, 'pipeline.defaults.json'), '{');
    expect(() => read()).toThrow(conf);
  });

  it('checks rules between settings', () => {
    const rule = () => [{ name: 'PORT', message: 'is never right' }];
    expect(() => readConfig(shape, { MILLRACE_CONF: conf, PASSWORD: 'long-enough' }, [rule])).toThrow(
      'PORT: is never right',
    );
  });

  it('finds the folder of the repository from anywhere', () => {
    const port = setting({ env: 'NONE', key: 'pipeline.http.port', schema: wholeNumber(), description: '' });
    expect(readConfig({ port }, {})).toEqual({ port: 8080 });
  });
});

describe('the schemas of settings', () => {
  const valueOf = (result: { success: boolean; data?: unknown }) =>
    result.success ? result.data : 'refused';

  it.each([
    ['8', 8],
    [8, 8],
    ['8.5', 'refused'],
    ['', 'refused'],
    ['1e3', 'refused'],
    [null, 'refused'],
  ])('wholeNumber reads %j', (value, expected) => {
    expect(valueOf(wholeNumber().safeParse(value))).toBe(expected);
  });

  it.each([
    ['true', true],
    ['0', false],
    [false, false],
    ['yes', 'refused'],
  ])('flag reads %j', (value, expected) => {
    expect(valueOf(flag().safeParse(value))).toBe(expected);
  });

  it.each([
    ['redis://host:1/', 'redis://host:1'],
    ['http://host', 'refused'],
    ['host:1', 'refused'],
  ])('url reads %j', (value, expected) => {
    expect(valueOf(url(['redis:']).safeParse(value))).toBe(expected);
  });

  it('textList reads commas and arrays', () => {
    expect(valueOf(textList().safeParse('a, b'))).toEqual(['a', 'b']);
    expect(valueOf(textList().safeParse(['a']))).toEqual(['a']);
    expect(valueOf(textList().safeParse(',a'))).toBe('refused');
  });

  it.each([
    ['https://a.example, HTTP://b.example:80/', ['https://a.example', 'http://b.example']],
    [[], []],
    [['http://127.0.0.1:9000'], ['http://127.0.0.1:9000']],
    ['https://a.example/hook', 'refused'],
    ['https://user@a.example', 'refused'],
    ['https://a.example?x', 'refused'],
    ['ftp://a.example', 'refused'],
    ['a.example', 'refused'],
    [null, 'refused'],
  ])('originList reads %j', (value, expected) => {
    expect(valueOf(originList().safeParse(value))).toEqual(expected);
  });

  it('choice takes what is in the list', () => {
    expect(valueOf(choice(['a', 'b']).safeParse('b'))).toBe('b');
    expect(valueOf(choice(['a', 'b']).safeParse('c'))).toBe('refused');
  });
});
