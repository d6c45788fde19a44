import * as aggregates from './aggregates';
import * as collections from './collections';
import {
  asc,
  callFunction,
  coalesce,
  col,
  desc,
  expr,
  isNotNull,
  isNull,
  lit,
  litAs,
  not,
  tryCast,
  when,
} from './core';
import * as datetime from './datetime';
import * as numbers from './numbers';
import * as text from './text';
import * as windowFunctions from './window-functions';

/** Every function in one object, for those who write `functions.sum('x')`. */
export const functions = {
  asc,
  callFunction,
  coalesce,
  col,
  desc,
  expr,
  isNotNull,
  isNull,
  lit,
  litAs,
  not,
  tryCast,
  when,
  ...aggregates,
  ...collections,
  ...datetime,
  ...numbers,
  ...text,
  ...windowFunctions,
} as const;
