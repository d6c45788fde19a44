import { NOT_AN_OBJECT, TRANSACTION_COLUMNS, TRANSACTION_CONTRACT, violationOf } from '@millrace/domain';
import { refusalsOf } from './contract-checker.fixture';
import { BROKEN_RULES, MALFORMED_KINDS, malform } from './malformed';
import type { Malformed, MalformedKind } from './malformed';
import { makePools } from './pools';
import { RandomFamily } from './random';
import { makeTransaction, transactionMix } from './transaction';

const NOW_MS = Date.UTC(2025, 5, 1);
const pools = makePools();
const mix = transactionMix(pools);
const draws = RandomFamily.of('events');
const spoiling = RandomFamily.of('spoiling');

const eventAt = (index: number) => makeTransaction(draws.at(index), pools, new Date(NOW_MS), mix);
const spoiled: readonly Malformed[] = Array.from({ length: 5000 }, (_, index) =>
  malform(spoiling.at(index), eventAt(index)),
);
const reasonsOf = (kind: MalformedKind) =>
  spoiled.filter((each) => each.kind === kind).map(({ value }) => refusalsOf(value, NOW_MS));

describe('malform', () => {
  it('never makes a value that keeps the contract', () => {
    expect(spoiled.filter(({ value }) => refusalsOf(value, NOW_MS).length === 0)).toEqual([]);
  });

  it('makes every kind, about equally often', () => {
    for (const kind of MALFORMED_KINDS) {
      // 1000 of each expected, standard deviation 28; the seed is fixed.
      expect(Math.abs(reasonsOf(kind).length - 1000)).toBeLessThan(4 * 28);
    }
  });

  it.each(['truncated', 'not_json'] as const)('makes no JSON object where it is %s', (kind) => {
    expect(new Set(reasonsOf(kind).flat())).toEqual(new Set([NOT_AN_OBJECT]));
  });

  it('leaves out each required field', () => {
    const missing = new Set(reasonsOf('missing_field').map(([reason]) => reason));
    const required = TRANSACTION_COLUMNS.filter(({ nullable }) => !nullable);
    expect(missing).toEqual(new Set(required.map(({ name }) => `${name}: missing`)));
  });

  it('gives a wrong type to required fields only: elsewhere a lenient reader may take it for null', () => {
    const required = new Set(TRANSACTION_COLUMNS.filter(({ nullable }) => !nullable).map(({ name }) => name));
    for (const [reason = ''] of reasonsOf('wrong_type')) {
      expect(reason).toMatch(/: not of type /);
      expect(required).toContain(reason.split(':')[0]);
    }
  });

  it('breaks each rule of the contract, but those that JSON cannot break', () => {
    const broken = new Set(reasonsOf('broken_rule').flat());
    const breakable = TRANSACTION_CONTRACT.filter(
      (rule) =>
        rule.kind !== 'required' && !(rule.kind === 'range' && rule.min === null && rule.max === null),
    );
    expect(breakable.map(violationOf).filter((reason) => !broken.has(reason))).toEqual([]);
  });

  it.each(BROKEN_RULES.map((_, index) => index))(
    'is refused for broken rule %d, whatever the event',
    (index) => {
      for (let at = 0; at < 200; at++) {
        const event = eventAt(at);
        const changes = Object.fromEntries(BROKEN_RULES[index]?.(event) ?? []) as object;
        expect(refusalsOf(JSON.stringify({ ...event, ...changes }), NOW_MS)).not.toEqual([]);
      }
    },
  );
});
