import { createHash } from 'node:crypto';
import { linesOf } from './lines';
import { Records } from './records';
import type { RecordSettings } from './records';
import { REFERENCE_MS, definitionOf, recordsOf, settingsOf } from './records.fixture';
import { SCHEMA_FOLDER, readSchema, schemaPath } from './schema-files';

const FIELDS = [
  { name: 'id', type: 'uuid' },
  { name: 'time', type: 'datetime', start: '-7d', end: 'now' },
  { name: 'city', type: 'category', choices: { Pune: 2, Delhi: 1 } },
  { name: 'amount', type: 'float', distribution: { type: 'lognormal', mu: 6, sigma: 1 } },
];
const column = (name: string, records: ReturnType<typeof recordsOf>) => records.map((record) => record[name]);

describe('records', () => {
  it('are the same for the same seed, ids included, and others for another', () => {
    expect(recordsOf(FIELDS, 50)).toEqual(recordsOf(FIELDS, 50));
    const other = recordsOf(FIELDS, 50, { seed: '43' });
    for (const { name } of FIELDS) {
      expect(column(name, other)).not.toEqual(column(name, recordsOf(FIELDS, 50)));
    }
  });

  it('move with the reference time, and nothing else of them changes', () => {
    const later = recordsOf(FIELDS, 50, { referenceMs: REFERENCE_MS + 1000 });
    const moved = recordsOf(FIELDS, 50).map((record) => ({
      ...record,
      time: new Date(Date.parse(String(record['time'])) + 1000).toISOString(),
    }));
    expect(later).toEqual(moved);
  });

  it('begin with those of a smaller number', () => {
    expect(recordsOf(FIELDS, 200).slice(0, 20)).toEqual(recordsOf(FIELDS, 20));
  });

  it('keep their values where a field is added, taken away or moved', () => {
    const added = { name: 'score', type: 'int', distribution: { type: 'normal', mean: 5, stddev: 2 } };
    const others = recordsOf([added, ...FIELDS.slice(1).reverse()], 50);
    for (const { name } of FIELDS.slice(1)) {
      expect(column(name, others)).toEqual(column(name, recordsOf(FIELDS, 50)));
    }
  });

  it('keep the values that are not null where some become so', () => {
    const sparse = FIELDS.map((field) => ({ ...field, nullProbability: 0.25 }));
    const whole = recordsOf(FIELDS, 4000);
    const nulls = { id: 0, time: 0, city: 0, amount: 0 };
    recordsOf(sparse, 4000).forEach((record, index) => {
      for (const name of ['id', 'time', 'city', 'amount'] as const) {
        if (record[name] === null) nulls[name]++;
        else expect(record[name]).toBe(whole[index]?.[name]);
      }
    });
    // Four standard deviations.
    for (const count of Object.values(nulls)) expect(Math.abs(count - 1000)).toBeLessThan(110);
  });

  it('count the nulls of each field', () => {
    const definition = definitionOf([
      { name: 'never', type: 'constant', value: 1, nullProbability: 1 },
      { name: 'always', type: 'uuid' },
      { name: 'some', type: 'derived', operation: 'lookup', field: 'always', map: { x: 1 }, default: null },
    ]);
    const records = new Records(definition, settingsOf());
    for (let n = 0; n < 7; n++) records.next();
    expect(records.nulls).toEqual([7, 0, 7]);
  });
});

describe('the definitions that are shipped', () => {
  const shipped = (name: string) => readSchema(schemaPath(name, '--schema', SCHEMA_FOLDER), '--schema');

  function textOf(name: string, settings: RecordSettings): string {
    const definition = shipped(name);
    const { header, lineOf } = linesOf(definition.output.format, definition.fields);
    const records = new Records(definition, settings);
    return header + Array.from({ length: settings.records }, () => lineOf(records.next())).join('');
  }

  // Whoever changes one of these changes what everybody's seeds make: say so in the notes of the release.
  it.each([
    ['card_transactions', 'e4840beb67436ad437f29c4079d17f867066f1ca07b8c7d3a54a351a2f3fa4fb'],
    ['sensor_readings', '24319088c9494c9bb3f4409de86a2b2aa402b33b60607e7a24098c21d46782a5'],
  ])('make the same bytes in every version: %s', (name, digest) => {
    const text = textOf(name, settingsOf({ seed: '7', records: 2000 }));
    expect(createHash('sha256').update(text).digest('hex')).toBe(digest);
  });

  it('have amounts of a median of a few hundred rupees, and peaks in the evening', () => {
    const definition = shipped('card_transactions');
    const records = new Records(definition, settingsOf({ records: 20_000 }));
    const at = (name: string) => definition.fields.findIndex((field) => field.name === name);
    const [amount, time] = [at('amount'), at('event_time')];
    const made = Array.from({ length: 20_000 }, () => [...records.next()]);
    const amounts = made.map((record) => Number(record[amount])).sort((a, b) => a - b);
    expect(amounts[10_000]).toBeGreaterThan(400);
    expect(amounts[10_000]).toBeLessThan(500);
    const inHour = (hour: string) =>
      made.filter((record) => String(record[time]).slice(11, 13) === hour).length;
    // 2.1 to 0.1.
    expect(inHour('19') / inHour('03')).toBeGreaterThan(12);
    expect(inHour('19') / inHour('03')).toBeLessThan(35);
  });

  it('have keys of the values beside them', () => {
    const definition = shipped('card_transactions');
    const records = new Records(definition, settingsOf());
    for (let n = 0; n < 100; n++) {
      const [, , city, channel, category, card, , , , , , key] = records.next();
      expect(key).toBe([city, category, channel, card].join('|'));
    }
  });
});
