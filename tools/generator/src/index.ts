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
export { KafkaDelivery } from './delivery';
export type { DeliveryOptions } from './delivery';
export { KafkaUnavailable } from './kafka-failure';
export {
  InvalidSettings,
  bootstrapServers,
  flag,
  fraction,
  readSettings,
  topicName,
  wholeNumber,
} from './config';
export type { Environment } from './config';
export { HOURLY_TRAFFIC, trafficFactor } from './traffic';
export { makeTransaction, transactionMix } from './transaction';
export type { TransactionMix } from './transaction';
export { Weighted, weighted } from './weighted';
