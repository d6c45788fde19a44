import { aggregates } from './aggregates';
import { collections } from './collections';
import { dataFormats } from './data-formats';
import { datetime } from './datetime';
import { deprecated } from './deprecated';
import { general } from './general';
import { lambdas } from './lambdas';
import type { LiveTable } from './live-case';
import { math } from './math';
import { texts } from './texts';
import { windows } from './windows';

/** All cases, by the file that holds them. */
export const LIVE_TABLES: Readonly<Record<string, LiveTable>> = {
  aggregates,
  collections,
  dataFormats,
  datetime,
  deprecated,
  general,
  lambdas,
  math,
  texts,
  windows,
};
