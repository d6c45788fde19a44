import type { AnalysisName } from '@millrace/domain';

/** The analyses in another engine's SQL: what `libs/pipelines` must give, cell by cell. */
export const EXPECTED_FIGURES: Readonly<Record<AnalysisName, (rows: string) => string>> = {
  revenue_by_category: (rows) => `
    SELECT category, sum(total_amount) AS total_revenue, avg(total_amount) AS avg_order_value,
           count(transaction_id) AS transaction_count, sum(quantity)::BIGINT AS total_units_sold,
           avg(discount_percent) AS avg_discount_pct, count(DISTINCT customer_id) AS unique_customers
    FROM ${rows} WHERE transaction_status = 'completed'
    GROUP BY category ORDER BY total_revenue DESC, category`,
  customer_segmentation: (rows) => `
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
};
