import { CATEGORIES, REGIONS } from '@millrace/domain';
import { CITIES } from './cities';
import type { City } from './cities';
import { CATEGORY_PROFILES, CHANNEL_WEIGHTS, REGION_WEIGHTS, TIER_WEIGHTS } from './distributions';
import type { Category, Channel, CustomerTier, Region } from './distributions';
import { VOCABULARIES, nameProduct } from './product-names';
import { Random } from './random';
import { weighted } from './weighted';

export interface Customer {
  readonly id: string;
  readonly tier: CustomerTier;
  readonly homeRegion: Region;
  readonly homeCity: City;
  readonly preferredChannel: Channel;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
  readonly subCategory: string;
  readonly brand: string;
  /** Whole cents, so that amounts can be computed without the rounding of binary fractions. */
  readonly basePriceCents: number;
}

export interface Store {
  readonly id: string;
  readonly region: Region;
  readonly city: City;
}

/** Who buys what, where: made once, the same for every tool and every seed. */
export interface Pools {
  readonly customers: readonly Customer[];
  readonly products: readonly Product[];
  readonly stores: readonly Store[];
  readonly productsByCategory: ReadonlyMap<Category, readonly Product[]>;
  readonly storesByRegion: ReadonlyMap<Region, readonly Store[]>;
}

export interface PoolSizes {
  readonly customers: number;
  readonly products: number;
  readonly stores: number;
}

export const DEFAULT_POOL_SIZES: PoolSizes = { customers: 5000, products: 500, stores: 50 };

const tiers = weighted(TIER_WEIGHTS);
const regions = weighted(REGION_WEIGHTS);
const channels = weighted(CHANNEL_WEIGHTS);

/**
 * Point `index` of a three-dimensional low-discrepancy (additive recurrence) sequence. Tiers, regions and channels drawn
 * from it keep their shares in a pool of a few thousand to a tenth of a percent, where independent draws would miss by one.
 */
function spread(index: number): readonly [number, number, number] {
  // Powers -1, -2 and -3 of the real root of x^4 = x + 1. As literals: not every engine rounds a power in the same way.
  return [
    (0.5 + index * 0.8191725133961644) % 1,
    (0.5 + index * 0.671043606703789) % 1,
    (0.5 + index * 0.5497004779019702) % 1,
  ];
}

/** Multiplying by a number coprime to 10^8 scatters the ids like a hash and keeps them distinct. */
const customerId = (index: number): string =>
  `CUST-${String((index * 61_803_399 + 42_871) % 100_000_000).padStart(8, '0')}`;

function makeCustomer(index: number): Customer {
  const [tier, region, channel] = spread(index);
  const homeRegion = regions.at(region);
  return {
    id: customerId(index),
    tier: tiers.at(tier),
    homeRegion,
    homeCity: Random.of('customer', index).pick(CITIES[homeRegion]),
    preferredChannel: channels.at(channel),
  };
}

/** Shares `total` among the keys by weight, each at least one while there is enough (largest remainder). */
function apportion<K extends string>(
  total: number,
  keys: readonly K[],
  weightOf: (key: K) => number,
): Map<K, number> {
  const counts = new Map<K, number>(keys.map((key) => [key, 0]));
  const lack = (key: K) => {
    const count = counts.get(key) ?? 0;
    return count === 0 ? total + weightOf(key) : weightOf(key) * total - count;
  };
  for (let given = 0; given < total; given++) {
    const neediest = keys.reduce((best, key) => (lack(key) > lack(best) ? key : best));
    counts.set(neediest, (counts.get(neediest) ?? 0) + 1);
  }
  return counts;
}

function makeProducts(category: Category, count: number): Product[] {
  const { prices, subCategories } = CATEGORY_PROFILES[category];
  const names = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const random = Random.of('product', category, index);
    const subCategory = subCategories[index % subCategories.length] ?? '';
    let named = nameProduct(random, category, subCategory);
    for (let attempt = 0; names.has(named.name) && attempt < 20; attempt++) {
      named = nameProduct(random, category, subCategory);
    }
    names.add(named.name);
    return {
      id: `SKU-${VOCABULARIES[category].sku}-${String(index + 1).padStart(5, '0')}`,
      name: named.name,
      category,
      subCategory,
      brand: named.brand,
      basePriceCents: random.integer(Math.round(prices[0] * 100), Math.round(prices[1] * 100)),
    };
  });
}

function makeStores(count: number): Store[] {
  const counts = apportion(count, REGIONS, (region) => REGION_WEIGHTS[region]);
  const places = REGIONS.flatMap((region) =>
    Array.from({ length: counts.get(region) ?? 0 }, (_, index) => {
      const cities = CITIES[region];
      return { region, city: cities[index % cities.length] ?? Random.of('store', region).pick(cities) };
    }),
  );
  return places.map(({ region, city }, index) => ({
    id: `STORE-${city.storeCode}-${String(index + 1).padStart(3, '0')}`,
    region,
    city,
  }));
}

/**
 * Makes the pools. They depend on the sizes alone, not on a seed: history, the live stream and a second run of either tell
 * of the same customers, products and stores. A larger pool of customers extends the smaller one.
 */
export function makePools(sizes: PoolSizes = DEFAULT_POOL_SIZES): Pools {
  const perCategory = apportion(sizes.products, CATEGORIES, (category) => CATEGORY_PROFILES[category].weight);
  const productsByCategory = new Map(
    CATEGORIES.map((category) => [category, makeProducts(category, perCategory.get(category) ?? 0)]),
  );
  const stores = makeStores(sizes.stores);
  return {
    customers: Array.from({ length: sizes.customers }, (_, index) => makeCustomer(index)),
    products: [...productsByCategory.values()].flat(),
    stores,
    productsByCategory,
    storesByRegion: new Map(
      REGIONS.map((region) => [region, stores.filter((store) => store.region === region)]),
    ),
  };
}
