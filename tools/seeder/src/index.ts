export { readSeederSettings } from './config';
export type { HistorySettings, SeederSettings } from './config';
export { historyId, makeHistory } from './history';
export type { StoredTransaction } from './history';
export { seed } from './seed';
export type { SeedOutcome } from './seed';
