/**
 * Options of Spark's Kafka source, which reads up to offsets that are there. Its consumer fetches once more behind them, and Kafka lets
 * that fetch wait for an event, by default 500 ms; what is asked next on the connection waits with it.
 */
export const BOUNDED_READS = { 'kafka.fetch.max.wait.ms': '10' } as const;
