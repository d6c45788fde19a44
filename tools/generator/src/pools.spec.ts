import { CATEGORIES, REGIONS } from '@millrace/domain';
import { CITIES } from './cities';
import { CATEGORY_PROFILES, CHANNEL_WEIGHTS, REGION_WEIGHTS, TIER_WEIGHTS } from './distributions';
import { makePools } from './pools';

const pools = makePools();

const shares = (values: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1 / values.length;
  return counts;
};

function expectShares(
  values: readonly string[],
  weights: Readonly<Record<string, number>>,
  tolerance: number,
): void {
  const found = shares(values);
  expect(Object.keys(found).sort()).toEqual(Object.keys(weights).sort());
  for (const [name, weight] of Object.entries(weights)) {
    expect(Math.abs((found[name] ?? 0) - weight)).toBeLessThan(tolerance);
  }
}

describe('makePools', () => {
  it('makes the default sizes with distinct ids in the forms of the contract', () => {
    expect([pools.customers.length, pools.products.length, pools.stores.length]).toEqual([5000, 500, 50]);
    for (const [entities, form] of [
      [pools.customers, /^CUST-\d{8}$/],
      [pools.products, /^SKU-[A-Z]{3}-\d{5}$/],
      [pools.stores, /^STORE-[A-Z]{3}-\d{3}$/],
    ] as const) {
      expect(new Set(entities.map(({ id }) => id)).size).toBe(entities.length);
      for (const { id } of entities) expect(id).toMatch(form);
    }
  });

  it('spreads customers over tiers, regions and channels by their weights', () => {
    expectShares(
      pools.customers.map(({ tier }) => tier),
      TIER_WEIGHTS,
      0.002,
    );
    expectShares(
      pools.customers.map(({ homeRegion }) => homeRegion),
      REGION_WEIGHTS,
      0.002,
    );
    expectShares(
      pools.customers.map(({ preferredChannel }) => preferredChannel),
      CHANNEL_WEIGHTS,
      0.002,
    );
  });

  it('keeps tier, region and channel independent of one another', () => {
    const gold = pools.customers.filter(({ tier }) => tier === 'gold');
    expectShares(
      gold.map(({ homeRegion }) => homeRegion),
      REGION_WEIGHTS,
      0.03,
    );
    expectShares(
      gold.map(({ preferredChannel }) => preferredChannel),
      CHANNEL_WEIGHTS,
      0.03,
    );
  });

  it('gives each product a listed sub-category, a price of its category and a name of its own', () => {
    for (const product of pools.products) {
      const { prices, subCategories } = CATEGORY_PROFILES[product.category];
      expect(subCategories).toContain(product.subCategory);
      expect(product.basePriceCents).toBeGreaterThanOrEqual(Math.round(prices[0] * 100));
      expect(product.basePriceCents).toBeLessThanOrEqual(Math.round(prices[1] * 100));
      expect(product.name.startsWith(`${product.brand} `)).toBe(true);
    }
    expect(new Set(pools.products.map(({ name }) => name)).size).toBe(pools.products.length);
  });

  it('puts stores into every region, in cities of that region, and names them after the city', () => {
    expect(new Set(pools.stores.map(({ region }) => region))).toEqual(new Set(REGIONS));
    for (const store of pools.stores) {
      expect(CITIES[store.region]).toContain(store.city);
      expect(store.id.slice(6, 9)).toBe(store.city.storeCode);
    }
  });

  it('makes the same pools each time, and a larger pool of customers extends a smaller one', () => {
    expect(makePools()).toEqual(pools);
    expect(makePools({ customers: 100, products: 20, stores: 5 }).customers).toEqual(
      pools.customers.slice(0, 100),
    );
  });

  it('covers every category as soon as there are ten products', () => {
    const { products } = makePools({ customers: 1, products: 10, stores: 1 });
    expect(new Set(products.map(({ category }) => category))).toEqual(new Set(CATEGORIES));
  });
});
