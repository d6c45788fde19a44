import { CITIES } from './cities';
import {
  CATEGORY_PROFILES,
  CHANNEL_WEIGHTS,
  DISCOUNT_SHARES,
  FRAUD_SCORES,
  PAYMENT_WEIGHTS,
  QUANTITY_SHARES,
  REGION_WEIGHTS,
  STATUS_WEIGHTS,
  TAX_RATE,
  TIER_WEIGHTS,
} from './distributions';

// Written down from the specification, apart from the code: a slip in a constant must not be its own proof.

describe('the distributions of the specification', () => {
  it('has the categories with weights, prices and sub-categories', () => {
    const rows = Object.entries(CATEGORY_PROFILES).map(
      ([name, { weight, prices, subCategories }]) =>
        `${name} ${weight} ${prices.join('-')} ${subCategories.join(' ')}`,
    );
    expect(rows).toEqual([
      'electronics 0.2 29.99-2499.99 smartphones laptops audio_headphones cameras tablets wearables',
      'clothing 0.18 9.99-299.99 mens_shirts womens_dresses shoes activewear accessories',
      'grocery 0.22 1.99-89.99 dairy snacks beverages frozen organic bakery',
      'home_garden 0.1 14.99-999.99 furniture kitchen bedding garden_tools lighting',
      'sports 0.08 19.99-799.99 fitness outdoor team_sports cycling swimming',
      'beauty 0.07 4.99-199.99 skincare makeup haircare fragrance supplements',
      'automotive 0.04 9.99-499.99 parts accessories tools car_care electronics',
      'books 0.05 5.99-49.99 fiction non_fiction textbooks children comics',
      'toys 0.03 7.99-199.99 action_figures board_games educational outdoor dolls',
      'pharmacy 0.03 2.99-149.99 otc_medicine vitamins first_aid personal_care baby_care',
    ]);
  });

  it('has the regions with their weights and Indian cities', () => {
    const rows = Object.entries(CITIES).map(
      ([region, cities]) =>
        `${region} ${REGION_WEIGHTS[region as keyof typeof CITIES]} ${cities.map(({ name }) => name).join(' ')}`,
    );
    expect(rows).toEqual([
      'north 0.22 Delhi Chandigarh Lucknow Jaipur',
      'south 0.25 Bangalore Chennai Hyderabad Kochi',
      'east 0.12 Kolkata Patna Bhubaneswar Guwahati',
      'west 0.28 Mumbai Pune Ahmedabad Goa',
      'central 0.08 Bhopal Nagpur Indore Raipur',
      'northeast 0.05 Guwahati Imphal Shillong Agartala',
    ]);
  });

  it('has the weights of payments, channels, tiers and states', () => {
    expect(PAYMENT_WEIGHTS).toEqual({
      credit_card: 0.3,
      debit_card: 0.2,
      upi: 0.25,
      wallet: 0.1,
      bank_transfer: 0.05,
      cod: 0.08,
      gift_card: 0.02,
    });
    expect(CHANNEL_WEIGHTS).toEqual({
      pos_in_store: 0.25,
      web: 0.2,
      mobile_app: 0.35,
      marketplace: 0.15,
      call_center: 0.05,
    });
    expect(TIER_WEIGHTS).toEqual({ bronze: 0.5, silver: 0.3, gold: 0.15, platinum: 0.05 });
    expect(STATUS_WEIGHTS).toEqual({
      completed: 0.92,
      pending: 0.04,
      failed: 0.02,
      refunded: 0.015,
      chargeback: 0.005,
    });
  });

  it('has the shares of quantities and discounts, the tax and the scores of fraud', () => {
    expect(QUANTITY_SHARES).toEqual([
      [[1, 1], 0.7],
      [[2, 2], 0.2],
      [[3, 5], 0.1],
    ]);
    expect(DISCOUNT_SHARES).toEqual([
      [[0, 0], 0.6],
      [[5, 15], 0.3],
      [[20, 50], 0.1],
    ]);
    expect(TAX_RATE).toBe(0.09);
    expect(FRAUD_SCORES).toEqual({ fraudulent: [0.7, 1], honest: [0, 0.15] });
  });
});
