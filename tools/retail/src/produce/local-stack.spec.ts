import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidSettings } from '@millrace/generator';
import { kafkaOfLocalStack } from './local-stack';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'retail-stack-'));
});

afterEach(() => {
  rmSync(checkout, { recursive: true });
});

function runs(home: string, endpoints: string): void {
  mkdirSync(join(checkout, home), { recursive: true });
  writeFileSync(join(checkout, home, 'endpoints.json'), endpoints);
}

describe('the Kafka of the local stack', () => {
  it('is where the stack in the home says', () => {
    runs('.millrace', '{"kafka":"127.0.0.1:19092"}');
    runs('other', '{"kafka":"127.0.0.1:29092"}');
    expect(kafkaOfLocalStack({}, checkout)).toEqual(['127.0.0.1:19092']);
    expect(kafkaOfLocalStack({ MILLRACE_HOME: '' }, checkout)).toEqual(['127.0.0.1:19092']);
    expect(kafkaOfLocalStack({ MILLRACE_HOME: 'other' }, checkout)).toEqual(['127.0.0.1:29092']);
    expect(kafkaOfLocalStack({ MILLRACE_HOME: join(checkout, 'other') }, '/')).toEqual(['127.0.0.1:29092']);
  });

  it('is none while no stack runs', () => {
    expect(kafkaOfLocalStack({}, checkout)).toBeUndefined();
  });

  it.each(['{', '{}', '{"kafka":7}', '{"kafka":"somewhere"}'])(
    'is asked for where the stack says %s',
    (text) => {
      runs('.millrace', text);
      expect(() => kafkaOfLocalStack({}, checkout)).toThrow(InvalidSettings);
      expect(() => kafkaOfLocalStack({}, checkout)).toThrow(
        /endpoints\.json does not name .*--bootstrap-servers$/,
      );
    },
  );
});
