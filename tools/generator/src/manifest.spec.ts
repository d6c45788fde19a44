import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGeneratorSettings } from './config';
import { ManifestFile, manifestHead } from './manifest';
import { Progress } from './progress';
import { Run } from './run';
import { InvalidSettings } from './settings';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

describe('ManifestFile', () => {
  it('replaces the file at once and leaves nothing beside it', () => {
    const file = new ManifestFile('MANIFEST', join(folder, 'm.json'));
    file.write(manifestHead('seeder', new Date(0), null));
    file.write(manifestHead('seeder', new Date(0), 'done'));
    expect(readdirSync(folder)).toEqual(['m.json']);
    expect(read(join(folder, 'm.json'))).toMatchObject({ tool: 'seeder', end: 'done' });
  });

  it('names the setting where the file cannot be written', () => {
    const file = new ManifestFile('--manifest', join(folder, 'none', 'm.json'));
    const write = () => {
      file.write(manifestHead('seeder', new Date(), null));
    };
    expect(write).toThrow(InvalidSettings);
    expect(write).toThrow(/^--manifest must be a file that can be written \(.*ENOENT/);
  });
});

describe('Run', () => {
  const progress = new Progress({ out: { write: () => true }, name: 'generator' });
  const settings = (...options: string[]) =>
    readGeneratorSettings({}, ['--seed', '7', '--count', '10', ...options]);

  it('writes its manifest before anything is sent, and again at the end, whatever that was', () => {
    const path = join(folder, 'm.json');
    const run = new Run(settings('--manifest', path, '--late-rate', '0.5'), progress);
    expect(read(path)).toMatchObject({
      tool: 'generator',
      end: null,
      endedAt: null,
      isExact: false,
      sent: 0,
    });
    run.conclude('stopped');
    expect(read(path)).toMatchObject({
      end: 'stopped',
      isExact: true,
      sent: 0,
      distinctValid: 0,
      firstEventTime: null,
      settings: { seed: '7', maxEvents: 10, faults: { malformed: 0, duplicate: 0, late: 0.5 } },
    });
  });

  it('refuses to begin where its manifest cannot be written', () => {
    expect(() => new Run(settings('--manifest', join(folder, 'none', 'm.json')), progress)).toThrow(
      InvalidSettings,
    );
  });

  it('ends with one JSON document for machines, a few lines for people', () => {
    expect(JSON.parse(new Run(settings('--json'), progress).conclude('done'))).toMatchObject({ end: 'done' });
    expect(new Run(settings(), progress).conclude('done')).toMatch(
      /^0 events acknowledged by Kafka \(topic transactions-stream\)/,
    );
  });
});
