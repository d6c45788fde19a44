import type { TransactionEvent, TransactionField } from '@millrace/domain';
import { CITIES } from './cities';
import type { City } from './cities';
import {
  CARD_NETWORK_WEIGHTS,
  CATEGORY_PROFILES,
  CHANNEL_WEIGHTS,
  DEFAULT_FRAUD_RATE,
  DISCOUNT_SHARES,
  FRAUD_SCORES,
  PAYMENT_WEIGHTS,
  QUANTITY_SHARES,
  REGION_WEIGHTS,
  STATUS_WEIGHTS,
  TAX_RATE,
} from './distributions';
import type { Category, Channel, Region } from './distributions';
import type { Customer, Pools, Store } from './pools';
import type { Random } from './random';
import { Weighted, weighted } from './weighted';

/** What a caller may change about the mix of transactions. */
export interface TransactionMix {
  /** Share of fraudulent transactions, 0 to 1. */
  readonly fraudRate: number;
  readonly categories: Weighted<Category>;
}

/**
 * The usual mix for these pools.
 * @param categoryFactors multiplies the weights of some categories, as seasons do.
 */
export function transactionMix(
  pools: Pools,
  fraudRate: number = DEFAULT_FRAUD_RATE,
  categoryFactors: Readonly<Partial<Record<Category, number>>> = {},
): TransactionMix {
  // A tiny pool may have no product of some category: the others take its share.
  const sold = [...pools.productsByCategory].filter(([, products]) => products.length > 0);
  return {
    fraudRate,
    categories: new Weighted(
      sold.map(([category]) => [
        category,
        CATEGORY_PROFILES[category].weight * (categoryFactors[category] ?? 1),
      ]),
    ),
  };
}

/** Chance that a customer keeps to the home region, and to the preferred channel. Otherwise the general shares decide. */
const LOYALTY = 0.8;

const payments = weighted(PAYMENT_WEIGHTS);
const networks = weighted(CARD_NETWORK_WEIGHTS);
const statuses = weighted(STATUS_WEIGHTS);
const channels = weighted(CHANNEL_WEIGHTS);
const regions = weighted(REGION_WEIGHTS);
const quantities = new Weighted(QUANTITY_SHARES);
const discounts = new Weighted(DISCOUNT_SHARES);

const appDevices = weighted({ android: 0.65, ios: 0.3, tablet: 0.05 });
const browserDevices = weighted({ desktop: 0.55, android: 0.25, ios: 0.12, tablet: 0.08 });

const DIGITAL: ReadonlySet<Channel> = new Set<Channel>(['web', 'mobile_app', 'marketplace']);

type Fields<K extends TransactionField> = Pick<TransactionEvent, K>;

/** A customer at home buys in the home city, one who travels in any city of the region. */
function cityOf(random: Random, customer: Customer, region: Region): City {
  return region === customer.homeRegion ? customer.homeCity : random.pick(CITIES[region]);
}

/** A store of the region; a tiny pool may have none there. */
function storeIn(random: Random, pools: Pools, region: Region): Store {
  const nearby = pools.storesByRegion.get(region) ?? [];
  return random.pick(nearby.length > 0 ? nearby : pools.stores);
}

interface Place {
  readonly store: Store | null;
  readonly region: Region;
  readonly city: City;
}

/** Sales outside the digital channels belong to a store: the one that sold, or the one that serves the call. */
function placeOf(random: Random, pools: Pools, customer: Customer, isDigital: boolean): Place {
  const region = random.next() < LOYALTY ? customer.homeRegion : regions.pick(random);
  if (isDigital) return { store: null, region, city: cityOf(random, customer, region) };
  const store = storeIn(random, pools, region);
  return { store, region: store.region, city: store.city };
}

function deviceOf(random: Random, channel: Channel): TransactionEvent['device_type'] {
  if (!DIGITAL.has(channel)) return null;
  return (channel === 'mobile_app' ? appDevices : browserDevices).pick(random);
}

function cardNetworkOf(
  random: Random,
  payment: TransactionEvent['payment_method'],
): TransactionEvent['card_network'] {
  return payment === 'credit_card' || payment === 'debit_card' ? networks.pick(random) : null;
}

function fraudOf(random: Random, fraudRate: number): Fields<'is_fraudulent' | 'fraud_score'> {
  const isFraudulent = random.next() < fraudRate;
  const [lowest, highest] = isFraudulent ? FRAUD_SCORES.fraudulent : FRAUD_SCORES.honest;
  const score = lowest + random.next() * (highest - lowest);
  return { is_fraudulent: isFraudulent, fraud_score: Math.round(score * 10_000) / 10_000 };
}

/** Total and tax in whole cents, rounded half up. */
function amountsOf(quantity: number, unitPriceCents: number, discountPercent: number): [number, number] {
  const totalCents = Math.round((quantity * unitPriceCents * (100 - discountPercent)) / 100);
  return [totalCents, Math.round(totalCents * TAX_RATE)];
}

/** Who buys what, how and where. */
function saleOf(random: Random, pools: Pools, mix: TransactionMix) {
  const customer = random.pick(pools.customers);
  const product = random.pick(pools.productsByCategory.get(mix.categories.pick(random)) ?? []);
  const channel = random.next() < LOYALTY ? customer.preferredChannel : channels.pick(random);
  const isDigital = DIGITAL.has(channel);
  const payment = payments.pick(random);
  const quantity = random.integer(...quantities.pick(random));
  const discountPercent = random.integer(...discounts.pick(random));
  const place = placeOf(random, pools, customer, isDigital);
  const fraud = fraudOf(random, mix.fraudRate);
  return { customer, product, channel, isDigital, payment, quantity, discountPercent, place, fraud };
}

/**
 * Makes one transaction as it is produced to Kafka. The same state of `random` gives the same transaction.
 * @param time when it happened.
 */
export function makeTransaction(
  random: Random,
  pools: Pools,
  time: Date,
  mix: TransactionMix = transactionMix(pools),
): TransactionEvent {
  return eventOf(random, saleOf(random, pools, mix), time);
}

function eventOf(random: Random, sale: ReturnType<typeof saleOf>, time: Date): TransactionEvent {
  const { customer, product, channel, isDigital, place, fraud } = sale;
  const [totalCents, taxCents] = amountsOf(sale.quantity, product.basePriceCents, sale.discountPercent);
  // One literal, no spreads: at tens of thousands of events per second they would take most of the time.
  return {
    transaction_id: random.uuid(),
    event_timestamp: time.toISOString(),
    processing_timestamp: null,
    customer_id: customer.id,
    customer_tier: customer.tier,
    product_id: product.id,
    product_name: product.name,
    category: product.category,
    sub_category: product.subCategory,
    brand: product.brand,
    quantity: sale.quantity,
    unit_price: product.basePriceCents / 100,
    discount_percent: sale.discountPercent,
    total_amount: totalCents / 100,
    tax_amount: taxCents / 100,
    currency: 'USD',
    payment_method: sale.payment,
    card_network: cardNetworkOf(random, sale.payment),
    transaction_status: statuses.pick(random),
    channel,
    store_id: place.store === null ? null : place.store.id,
    region: place.region,
    city: place.city.name,
    state: place.city.state,
    postal_code: random.pick(place.city.postalCodes),
    device_type: deviceOf(random, channel),
    session_id: isDigital ? `sess-${random.hex12()}` : null,
    ip_address: isDigital ? `${random.integer(11, 223)}.${random.integer(0, 255)}.xxx.xxx` : null,
    is_fraudulent: fraud.is_fraudulent,
    fraud_score: fraud.fraud_score,
    batch_id: null,
  };
}
