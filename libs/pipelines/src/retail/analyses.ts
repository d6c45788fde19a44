import { RETAIL_ANALYSES } from '@millrace/domain';
import type { RetailAnalysisName } from '@millrace/domain';
import { coalesce, count, count_distinct, lit, sum } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../catalog-columns';
import type { BatchAnalysis } from '../pipeline';
import { MONEY_AMOUNT } from './clean-sales';

const { daily_product: byDay, kpis } = RETAIL_ANALYSES;

/** Amounts are summed as decimals, so that the sum of a million of them has its cents too. */
const revenue = sum(MONEY_AMOUNT).cast('double');

/** Analyses of clean sales (B-019, B-020). */
export const retailAnalyses: Readonly<Record<RetailAnalysisName, BatchAnalysis>> = {
  daily_product: {
    entry: byDay,
    aggregate: (sales) => sales.groupBy('order_date', 'product').agg(revenue.alias('total_amount')),
    finish: (aggregated) => orderByCatalog(selectCatalogColumns(aggregated, byDay), byDay),
  },
  kpis: {
    entry: kpis,
    aggregate: (sales, countDistinct = count_distinct) =>
      sales.agg(
        coalesce(revenue, lit(0)).alias('total_revenue'),
        countDistinct('product').alias('distinct_products'),
        count(lit(1)).alias('row_count'),
      ),
    finish: (aggregated) => selectCatalogColumns(aggregated, kpis),
  },
};
