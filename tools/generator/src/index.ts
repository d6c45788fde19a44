export { CITIES } from './cities';
export type { City } from './cities';
export {
  CATEGORY_PROFILES,
  CHANNEL_WEIGHTS,
  DEFAULT_FRAUD_RATE,
  PAYMENT_WEIGHTS,
  REGION_WEIGHTS,
  STATUS_WEIGHTS,
  TIER_WEIGHTS,
} from './distributions';
export type { Category, CategoryProfile, Channel, CustomerTier, Region } from './distributions';
export { DEFAULT_POOL_SIZES, makePools } from './pools';
export type { Customer, PoolSizes, Pools, Product, Store } from './pools';
export { Random } from './random';
export { Events } from './events';
export type { EventSettings, MadeEvents } from './events';
export { KafkaDelivery } from './delivery';
export type { Delivery, DeliveryOptions } from './delivery';
export { KafkaUnavailable } from './kafka-failure';
export { partitionOf } from './partition';
export { asksForHelp, helpText } from './help';
export { ManifestFile, manifestHead } from './manifest';
export type { ManifestHead, RunEnd } from './manifest';
export { optionsOf, withOptions } from './options';
export { Progress, formatCount } from './progress';
export type { ProgressOutput } from './progress';
export {
  InvalidSettings,
  bootstrapServers,
  flag,
  fraction,
  kafkaSecurity,
  numeric,
  readSettings,
  topicName,
  wholeNumber,
} from './settings';
export type { Environment } from './settings';
export { summaryOf } from './summary';
export { Truth } from './truth';
export type { Counts, Totals } from './truth';
export { listenToSignals } from './signals';
export type { Signals } from './signals';
export { Pace } from './pace';
export { HOURLY_TRAFFIC, trafficFactor } from './traffic';
export { makeTransaction, transactionMix } from './transaction';
export type { TransactionMix } from './transaction';
export { Weighted, weighted } from './weighted';
