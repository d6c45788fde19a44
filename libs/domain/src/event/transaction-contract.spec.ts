import { violationOf } from './contract-rule';
import { TRANSACTION_CONTRACT } from './transaction-contract';
import { TRANSACTION_COLUMNS, transactionEventSchema } from './transaction-event';

const fields: ReadonlySet<string> = new Set(TRANSACTION_COLUMNS.map(({ name }) => name));

describe('the contract of transactions', () => {
  it('is about fields of the event', () => {
    const named = TRANSACTION_CONTRACT.flatMap((rule) =>
      'other' in rule ? [rule.field, rule.other] : [rule.field],
    );
    expect(named.filter((field) => !fields.has(field))).toEqual([]);
  });

  it('gives each violation a reason of its own that begins with the field', () => {
    const reasons = TRANSACTION_CONTRACT.map(violationOf);
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(TRANSACTION_CONTRACT.every((rule) => violationOf(rule).startsWith(`${rule.field}: `))).toBe(true);
  });

  it('requires what the schema requires', () => {
    const required = TRANSACTION_CONTRACT.filter(({ kind }) => kind === 'required').map(({ field }) => field);
    expect(required).toEqual(TRANSACTION_COLUMNS.filter(({ nullable }) => !nullable).map(({ name }) => name));
  });

  it('knows the values that the schema knows', () => {
    for (const rule of TRANSACTION_CONTRACT) {
      if (rule.kind !== 'one_of') continue;
      const field = transactionEventSchema.shape[rule.field as keyof typeof transactionEventSchema.shape];
      expect(rule.values.filter((value) => !field.safeParse(value).success)).toEqual([]);
      expect(field.safeParse(`${String(rule.values[0])}?`).success).toBe(false);
    }
  });

  it('has patterns for whole values that JavaScript understands too', () => {
    const matches = (field: string, value: string): boolean[] =>
      TRANSACTION_CONTRACT.flatMap((rule) =>
        rule.kind === 'pattern' && rule.field === field
          ? [new RegExp(`^(?:${rule.pattern})$`).test(value)]
          : [],
      );
    expect(matches('transaction_id', 'a3f8e2b1-7c44-4d12-9e56-1a2b3c4d5e6f')).toEqual([true]);
    expect(matches('transaction_id', 'a3f8e2b1-7c44-1d12-9e56-1a2b3c4d5e6f')).toEqual([false]);
    expect(matches('currency', 'USD')).toEqual([true]);
    expect(matches('currency', 'dollar')).toEqual([false]);
    expect(matches('ip_address', '192.168.xxx.xxx')).toEqual([true]);
    expect(matches('ip_address', '192.168.0.1')).toEqual([false]);
  });
});
