import type { AnalysisName } from '@millrace/domain';

/** An analysis in another engine's SQL. */
export interface ExpectedFigures {
  readonly sql: (rows: string) => string;
  /** Columns that tell the rows apart. */
  readonly keys: readonly string[];
  /**
   * Columns that the analysis rounds, with their digits. The SQL gives them as they are: engines differ in how they round a
   * half, so what must hold is that the figure has so many digits and is as close as that allows.
   */
  readonly digits?: Readonly<Record<string, number>>;
}

/** What `libs/pipelines` must give, cell by cell. Rows come in no order: that is checked by the catalog's. */
export const EXPECTED_FIGURES: Readonly<Record<AnalysisName, ExpectedFigures>> = {
  revenue_by_category: {
    keys: ['category'],
    sql: (rows) => `
      SELECT category, sum(total_amount) AS total_revenue, avg(total_amount) AS avg_order_value,
             count(transaction_id) AS transaction_count, sum(quantity)::BIGINT AS total_units_sold,
             avg(discount_percent) AS avg_discount_pct, count(DISTINCT customer_id) AS unique_customers
      FROM ${rows} WHERE transaction_status = 'completed' GROUP BY category`,
  },
  revenue_by_region: {
    keys: ['region', 'city'],
    sql: (rows) => `
      SELECT region, city, sum(total_amount) AS total_revenue, count(transaction_id) AS transaction_count,
             avg(total_amount) AS avg_order_value, count(DISTINCT store_id) AS active_stores,
             count(DISTINCT customer_id) AS unique_customers
      FROM ${rows} WHERE transaction_status = 'completed' GROUP BY region, city`,
  },
  payment_analysis: {
    keys: ['payment_method', 'card_network'],
    digits: { revenue_share_pct: 2 },
    sql: (rows) => `
      WITH sold AS (SELECT * FROM ${rows} WHERE transaction_status = 'completed')
      SELECT payment_method, card_network, count(transaction_id) AS transaction_count,
             sum(total_amount) AS total_revenue, avg(total_amount) AS avg_transaction_value,
             count(DISTINCT customer_id) AS unique_customers,
             100 * sum(total_amount) / nullif((SELECT sum(total_amount) FROM sold), 0) AS revenue_share_pct
      FROM sold GROUP BY payment_method, card_network`,
  },
  customer_segmentation: {
    keys: ['customer_id', 'customer_tier'],
    sql: (rows) => `
      WITH customers AS (
        SELECT customer_id, customer_tier, sum(total_amount) AS lifetime_value,
               count(transaction_id) AS total_transactions, avg(total_amount) AS avg_order_value,
               max(event_timestamp) AS last_purchase_date, min(event_timestamp) AS first_purchase_date,
               count(DISTINCT category) AS category_diversity,
               count(*) FILTER (channel = 'mobile_app') AS mobile_orders,
               count(*) FILTER (channel = 'web') AS web_orders,
               count(*) FILTER (channel = 'pos_in_store') AS instore_orders
        FROM ${rows} WHERE transaction_status = 'completed' GROUP BY customer_id, customer_tier)
      SELECT *, CASE WHEN lifetime_value >= 10000 THEN 'vip' WHEN lifetime_value >= 5000 THEN 'high_value'
                     WHEN lifetime_value >= 1000 THEN 'mid_value' WHEN total_transactions = 1 THEN 'one_time'
                     ELSE 'low_value' END AS segment
      FROM customers`,
  },
  fraud_analysis: {
    keys: ['category', 'region', 'channel', 'payment_method'],
    sql: (rows) => `
      SELECT category, region, channel, payment_method, count(transaction_id) AS fraud_count,
             sum(total_amount) AS fraud_total_amount, avg(fraud_score) AS avg_fraud_score,
             avg(total_amount) AS avg_fraud_amount, count(DISTINCT customer_id) AS affected_customers,
             coalesce(list(DISTINCT city ORDER BY city) FILTER (city IS NOT NULL), []) AS affected_cities
      FROM ${rows} WHERE is_fraudulent OR fraud_score > 0.7::DOUBLE
      GROUP BY category, region, channel, payment_method`,
  },
  hourly_trends: {
    keys: ['event_date', 'event_hour'],
    sql: (rows) => `
      SELECT strftime(event_date::DATE, '%Y-%m-%d') AS event_date,
             extract(hour FROM event_timestamp AT TIME ZONE 'UTC') AS event_hour,
             count(transaction_id) AS transaction_count, sum(total_amount) AS hourly_revenue,
             avg(total_amount) AS avg_order_value, count(DISTINCT customer_id) AS unique_customers,
             sum(quantity)::BIGINT AS units_sold
      FROM ${rows} WHERE transaction_status = 'completed' GROUP BY 1, 2`,
  },
  channel_performance: {
    keys: ['channel'],
    digits: { fraud_rate_pct: 4 },
    sql: (rows) => `
      SELECT channel, count(transaction_id) AS transaction_count, sum(total_amount) AS total_revenue,
             avg(total_amount) AS avg_order_value, count(DISTINCT customer_id) AS unique_customers,
             avg(discount_percent) AS avg_discount, count(*) FILTER (is_fraudulent) AS fraud_count,
             avg(fraud_score) AS avg_fraud_score,
             100 * count(*) FILTER (is_fraudulent) / nullif(count(transaction_id), 0) AS fraud_rate_pct
      FROM ${rows} WHERE transaction_status = 'completed' GROUP BY channel`,
  },
  inventory_velocity: {
    keys: ['product_id', 'product_name', 'category', 'sub_category', 'brand'],
    digits: { daily_velocity: 2 },
    sql: (rows) => `
      WITH products AS (
        SELECT product_id, product_name, category, sub_category, brand, sum(quantity)::BIGINT AS total_units_sold,
               count(transaction_id) AS order_count, sum(total_amount) AS total_revenue,
               avg(unit_price) AS avg_selling_price, avg(discount_percent) AS avg_discount,
               count(DISTINCT region) AS regions_sold_in, count(DISTINCT store_id) AS stores_sold_in,
               min(event_timestamp) AS first_sale, max(event_timestamp) AS last_sale
        FROM ${rows} WHERE transaction_status = 'completed'
        GROUP BY product_id, product_name, category, sub_category, brand),
      dated AS (
        SELECT *, (last_sale AT TIME ZONE 'UTC')::DATE - (first_sale AT TIME ZONE 'UTC')::DATE + 1 AS days_in_range
        FROM products)
      SELECT *, total_units_sold / days_in_range AS daily_velocity FROM dated`,
  },
};
