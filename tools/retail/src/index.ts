export { MENU, STORES } from './generate/catalogue';
export type { MenuItem, Store } from './generate/catalogue';
export type { DayFigures, Figures, SalesFigures } from './generate/account';
export type { RetailManifest } from './generate/generate-command';
export { salesOf } from './generate/sales';
export type { DayOfSales, Sale } from './generate/sales';
export type { ReplaySummary } from './produce/produce-command';
export { runRetail } from './retail-command';
export type { Terminal } from './terminal';
