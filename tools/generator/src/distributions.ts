import type {
  CARD_NETWORKS,
  CHANNELS,
  CATEGORIES,
  CUSTOMER_TIERS,
  REGIONS,
  TransactionEvent,
} from '@millrace/domain';

export type Category = (typeof CATEGORIES)[number];
export type Channel = (typeof CHANNELS)[number];
export type CustomerTier = (typeof CUSTOMER_TIERS)[number];
export type Region = (typeof REGIONS)[number];
export type CardNetwork = (typeof CARD_NETWORKS)[number];

export interface CategoryProfile {
  readonly weight: number;
  /** Lowest and highest base price. */
  readonly prices: readonly [number, number];
  readonly subCategories: readonly string[];
}

/** How often each category sells, at which prices. */
export const CATEGORY_PROFILES: Readonly<Record<Category, CategoryProfile>> = {
  electronics: {
    weight: 0.2,
    prices: [29.99, 2499.99],
    subCategories: ['smartphones', 'laptops', 'audio_headphones', 'cameras', 'tablets', 'wearables'],
  },
  clothing: {
    weight: 0.18,
    prices: [9.99, 299.99],
    subCategories: ['mens_shirts', 'womens_dresses', 'shoes', 'activewear', 'accessories'],
  },
  grocery: {
    weight: 0.22,
    prices: [1.99, 89.99],
    subCategories: ['dairy', 'snacks', 'beverages', 'frozen', 'organic', 'bakery'],
  },
  home_garden: {
    weight: 0.1,
    prices: [14.99, 999.99],
    subCategories: ['furniture', 'kitchen', 'bedding', 'garden_tools', 'lighting'],
  },
  sports: {
    weight: 0.08,
    prices: [19.99, 799.99],
    subCategories: ['fitness', 'outdoor', 'team_sports', 'cycling', 'swimming'],
  },
  beauty: {
    weight: 0.07,
    prices: [4.99, 199.99],
    subCategories: ['skincare', 'makeup', 'haircare', 'fragrance', 'supplements'],
  },
  automotive: {
    weight: 0.04,
    prices: [9.99, 499.99],
    subCategories: ['parts', 'accessories', 'tools', 'car_care', 'electronics'],
  },
  books: {
    weight: 0.05,
    prices: [5.99, 49.99],
    subCategories: ['fiction', 'non_fiction', 'textbooks', 'children', 'comics'],
  },
  toys: {
    weight: 0.03,
    prices: [7.99, 199.99],
    subCategories: ['action_figures', 'board_games', 'educational', 'outdoor', 'dolls'],
  },
  pharmacy: {
    weight: 0.03,
    prices: [2.99, 149.99],
    subCategories: ['otc_medicine', 'vitamins', 'first_aid', 'personal_care', 'baby_care'],
  },
};

export const REGION_WEIGHTS: Readonly<Record<Region, number>> = {
  north: 0.22,
  south: 0.25,
  east: 0.12,
  west: 0.28,
  central: 0.08,
  northeast: 0.05,
};

export const PAYMENT_WEIGHTS: Readonly<Record<TransactionEvent['payment_method'], number>> = {
  credit_card: 0.3,
  debit_card: 0.2,
  upi: 0.25,
  wallet: 0.1,
  bank_transfer: 0.05,
  cod: 0.08,
  gift_card: 0.02,
};

export const CHANNEL_WEIGHTS: Readonly<Record<Channel, number>> = {
  pos_in_store: 0.25,
  web: 0.2,
  mobile_app: 0.35,
  marketplace: 0.15,
  call_center: 0.05,
};

export const TIER_WEIGHTS: Readonly<Record<CustomerTier, number>> = {
  bronze: 0.5,
  silver: 0.3,
  gold: 0.15,
  platinum: 0.05,
};

export const STATUS_WEIGHTS: Readonly<Record<TransactionEvent['transaction_status'], number>> = {
  completed: 0.92,
  pending: 0.04,
  failed: 0.02,
  refunded: 0.015,
  chargeback: 0.005,
};

/** Ranges of a whole number, each with its share. */
type RangeShares = readonly (readonly [range: readonly [number, number], share: number])[];

export const QUANTITY_SHARES: RangeShares = [
  [[1, 1], 0.7],
  [[2, 2], 0.2],
  [[3, 5], 0.1],
];

/** Percent. */
export const DISCOUNT_SHARES: RangeShares = [
  [[0, 0], 0.6],
  [[5, 15], 0.3],
  [[20, 50], 0.1],
];

/** Share of the total amount. */
export const TAX_RATE = 0.09;

export const DEFAULT_FRAUD_RATE = 0.02;
export const FRAUD_SCORES = { fraudulent: [0.7, 1], honest: [0, 0.15] } as const;

/** Not fixed by the contract; what a shop in India would see. */
export const CARD_NETWORK_WEIGHTS: Readonly<Record<CardNetwork, number>> = {
  visa: 0.4,
  mastercard: 0.3,
  rupay: 0.2,
  amex: 0.07,
  discover: 0.03,
};
