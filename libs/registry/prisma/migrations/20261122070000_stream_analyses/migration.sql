-- AlterTable
ALTER TABLE "streams" ADD COLUMN     "analyses" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- By hand: the tables of these analyses are kept up as well.
ALTER TABLE "table_upkeep"
    DROP CONSTRAINT "table_upkeep_table_name_check",
    ADD CONSTRAINT "table_upkeep_table_name_check" CHECK ("table_name" IN (
        'transactions', 'stream_aggregations', 'rejects', 'revenue_by_category', 'payment_analysis', 'channel_performance'));
