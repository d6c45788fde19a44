import { transactionEventSchema } from '@millrace/domain';
import type { TransactionEvent } from '@millrace/domain';
import { CITIES } from './cities';
import {
  CATEGORY_PROFILES,
  CHANNEL_WEIGHTS,
  PAYMENT_WEIGHTS,
  REGION_WEIGHTS,
  STATUS_WEIGHTS,
  TIER_WEIGHTS,
} from './distributions';
import { makePools } from './pools';
import { Random, RandomFamily } from './random';
import { makeTransaction, transactionMix } from './transaction';
import { transactionJson } from './transaction-json';

const pools = makePools();
const START_MS = Date.UTC(2025, 0, 15, 9);

function make(count: number, seed: string, mix = transactionMix(pools)): TransactionEvent[] {
  const random = Random.of(seed);
  return Array.from({ length: count }, (_, index) =>
    makeTransaction(random, pools, new Date(START_MS + index), mix),
  );
}

/** As the generator draws them: each from a stream of its own. */
const draws = RandomFamily.of('distributions');
const mix = transactionMix(pools);
const events = Array.from({ length: 200_000 }, (_, index) =>
  makeTransaction(draws.at(index), pools, new Date(START_MS + index), mix),
);

const share = (matches: (event: TransactionEvent) => boolean): number =>
  events.reduce((count, event) => count + (matches(event) ? 1 : 0), 0) / events.length;

/**
 * Four standard deviations of a share among that many independent events: 0.0040 for the largest, 0.0006 for the smallest.
 * Nothing here flakes: the seed is fixed, so the shares are the same in every run.
 */
const tolerance = (weight: number): number => 4 * Math.sqrt((weight * (1 - weight)) / events.length);

function expectShare(found: number, weight: number): void {
  expect(Math.abs(found - weight)).toBeLessThan(tolerance(weight));
}

/** One `expect` for all: a hundred thousand of them would take seconds. */
function expectAll(holds: (event: TransactionEvent) => boolean): void {
  expect(events.filter((event) => !holds(event)).slice(0, 3)).toEqual([]);
}

describe('makeTransaction', () => {
  it.each([
    ['customer_tier', TIER_WEIGHTS],
    ['region', REGION_WEIGHTS],
    ['channel', CHANNEL_WEIGHTS],
    ['payment_method', PAYMENT_WEIGHTS],
    ['transaction_status', STATUS_WEIGHTS],
    [
      'category',
      Object.fromEntries(Object.entries(CATEGORY_PROFILES).map(([name, { weight }]) => [name, weight])),
    ],
  ] as const)('keeps the shares of %s', (field, weights) => {
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    for (const [value, weight] of Object.entries(weights)) {
      expectShare(
        share((event) => event[field] === value),
        weight,
      );
    }
  });

  it('sells one piece mostly, five at most', () => {
    expectShare(
      share(({ quantity }) => quantity === 1),
      0.7,
    );
    expectShare(
      share(({ quantity }) => quantity === 2),
      0.2,
    );
    for (const pieces of [3, 4, 5])
      expectShare(
        share(({ quantity }) => quantity === pieces),
        0.1 / 3,
      );
  });

  it('discounts 40 % of the sales, by 5 to 15 or 20 to 50 percent', () => {
    const within = (low: number, high: number) =>
      share(({ discount_percent: percent }) => percent !== null && percent >= low && percent <= high);
    expectShare(within(0, 0), 0.6);
    expectShare(within(5, 15), 0.3);
    expectShare(within(20, 50), 0.1);
  });

  it('flags fraud at the given rate, with scores that tell it from honest sales', () => {
    expectShare(
      share((event) => event.is_fraudulent === true),
      0.02,
    );
    const scores = (isFraudulent: boolean) =>
      events.filter((event) => event.is_fraudulent === isFraudulent).map((event) => event.fraud_score ?? -1);
    expect(Math.min(...scores(true))).toBeGreaterThanOrEqual(0.7);
    expect(Math.max(...scores(true))).toBeLessThanOrEqual(1);
    expect(Math.min(...scores(true))).toBeLessThan(0.701);
    // Kolmogorov and Smirnov: at most 1.63 / sqrt(n) in 99 of 100 samples of a uniform distribution; the seed is fixed.
    for (const [isFraudulent, low, high] of [
      [true, 0.7, 1],
      [false, 0, 0.15],
    ] as const) {
      const sorted = scores(isFraudulent).sort((a, b) => a - b);
      expect(sorted[0]).toBeGreaterThanOrEqual(low);
      expect(sorted.at(-1)).toBeLessThanOrEqual(high);
      const distance = sorted.reduce(
        (most, score, rank) => Math.max(most, Math.abs((score - low) / (high - low) - rank / sorted.length)),
        0,
      );
      // Scores are rounded to four digits.
      expect(distance).toBeLessThan(1.63 / Math.sqrt(sorted.length) + 0.0001 / (high - low));
    }
    expect(make(2000, 'all', transactionMix(pools, 1)).every((event) => event.is_fraudulent)).toBe(true);
    expect(make(2000, 'none', transactionMix(pools, 0)).some((event) => event.is_fraudulent)).toBe(false);
  });

  it('computes amounts to the cent', () => {
    expectAll((event) => {
      const exact = event.quantity * event.unit_price * (1 - (event.discount_percent ?? 0) / 100);
      const tax = event.tax_amount ?? Number.NaN;
      return (
        Math.abs(event.total_amount - exact) <= 0.005 + 1e-9 &&
        Math.abs(tax - event.total_amount * 0.09) <= 0.005 + 1e-9 &&
        [event.unit_price, event.total_amount, tax].every((money) => money === Number(money.toFixed(2)))
      );
    });
  });

  it('names a card network for cards only', () => {
    expectAll(({ payment_method: payment, card_network: network }) => {
      return (network !== null) === (payment === 'credit_card' || payment === 'debit_card');
    });
  });

  it('has stores and no devices where people sell, devices and sessions and no stores where a website does', () => {
    expectAll((event) => {
      const isDigital = ['web', 'mobile_app', 'marketplace'].includes(event.channel);
      const facts = [event.store_id === null, event.device_type !== null, event.session_id !== null];
      return facts.every((fact) => fact === isDigital);
    });
  });

  it('keeps region, city, state, postal code and store together', () => {
    expectAll((event) => {
      const city = CITIES[event.region].find(({ name }) => name === event.city);
      return (
        city?.state === event.state &&
        city.postalCodes.includes(event.postal_code ?? '') &&
        (event.store_id === null || event.store_id.slice(6, 9) === city.storeCode)
      );
    });
  });

  it('keeps the customer, and in four of five sales the home region and the preferred channel', () => {
    const customers = new Map(pools.customers.map((customer) => [customer.id, customer]));
    expectAll((event) => customers.get(event.customer_id)?.tier === event.customer_tier);
    // The fifth sale is anywhere, so at home too by chance.
    const loyal = (weights: Readonly<Record<string, number>>) =>
      0.8 + 0.2 * Object.values(weights).reduce((sum, weight) => sum + weight ** 2, 0);
    expectShare(
      share((event) => customers.get(event.customer_id)?.homeRegion === event.region),
      loyal(REGION_WEIGHTS),
    );
    expectShare(
      share((event) => customers.get(event.customer_id)?.preferredChannel === event.channel),
      loyal(CHANNEL_WEIGHTS),
    );
  });

  it('draws each sale apart from the one before it', () => {
    const sameAsBefore = events.filter(
      (event, index) => event.category === events[index - 1]?.category,
    ).length;
    const byChance = Object.values(CATEGORY_PROFILES).reduce((sum, { weight }) => sum + weight ** 2, 0);
    expectShare(sameAsBefore / events.length, byChance);
  });

  it('sells each product of a category, store of a region and customer about equally often', () => {
    const busiest = (idOf: (event: TransactionEvent) => string | null, of: number) => {
      const counts = new Map<string, number>();
      let total = 0;
      for (const event of events) {
        const id = idOf(event);
        if (id === null) continue;
        counts.set(id, (counts.get(id) ?? 0) + 1);
        total++;
      }
      expect(counts.size).toBe(of);
      const mean = total / of;
      // Five standard deviations: among thousands, one beyond four is no surprise.
      return (Math.max(...counts.values()) - mean) / Math.sqrt(mean) / 5;
    };
    expect(busiest((event) => event.customer_id, 5000)).toBeLessThan(1);
    const books = pools.productsByCategory.get('books')?.length ?? 0;
    expect(busiest((event) => (event.category === 'books' ? event.product_id : null), books)).toBeLessThan(1);
    const western = pools.storesByRegion.get('west')?.length ?? 0;
    expect(busiest((event) => (event.region === 'west' ? event.store_id : null), western)).toBeLessThan(1);
  });

  it('writes the JSON that JSON.stringify writes', () => {
    expectAll((event) => transactionJson(event) === JSON.stringify(event));
    // Every name that can occur, not only those of the default pool.
    for (const { name, brand } of makePools({ customers: 1, products: 5000, stores: 1 }).products) {
      expect([JSON.stringify(name), JSON.stringify(brand)]).toEqual([`"${name}"`, `"${brand}"`]);
    }
  });

  it('makes events that satisfy the contract and survive JSON', () => {
    const contract = transactionEventSchema.strict();
    for (const event of events.slice(0, 20_000)) {
      const json = JSON.stringify(event);
      if (JSON.stringify(contract.parse(JSON.parse(json))) !== json) throw new Error(json);
    }
  });

  it('makes the same events from the same seed, others from another', () => {
    expect(make(500, 'a')).toEqual(make(500, 'a'));
    expect(make(500, 'a')).not.toEqual(make(500, 'b'));
  });

  it('never repeats a transaction id', () => {
    expect(new Set(events.map((event) => event.transaction_id)).size).toBe(events.length);
  });

  it('works with pools too small for every category and region', () => {
    const tiny = makePools({ customers: 1, products: 2, stores: 1 });
    const random = Random.of('tiny');
    for (let n = 0; n < 500; n++) {
      transactionEventSchema.parse(makeTransaction(random, tiny, new Date(START_MS)));
    }
  });
});
