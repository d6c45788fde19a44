import * as fn from '../../functions/functions';
import { Window } from '../../functions/window';
import { complex, selects, simple } from '../frames';

const { col } = fn;
const ranked = Window.partitionBy('a').orderBy('id');
const smallest = fn.min('id');

/** Functions over windows. */
export const windows = {
  ...selects(complex, {
    function_cume_dist: fn.cume_dist().over(ranked),
    function_dense_rank: fn.dense_rank().over(ranked),
    function_lag: fn.lag('g', 1, null, true).over(ranked),
    function_lead: fn.lead('g', 2, 'dv', true).over(ranked),
    function_nth_value: fn.nth_value('g', 3, true).over(ranked),
    function_ntile: fn.ntile(4).over(ranked),
    function_percent_rank: fn.percent_rank().over(ranked),
    function_rank: fn.rank().over(ranked),
    function_row_number: fn.row_number().over(ranked),
  }),
  ...selects(simple, {
    window: [
      smallest.over(Window.partitionBy('a', 'b')),
      smallest.over(Window.partitionBy(col('a'), col('b'))),
      smallest.over(Window.orderBy('a', 'b')),
      smallest.over(Window.orderBy(col('a'), col('b'))),
      smallest.over(Window.orderBy('a').rowsBetween(2, 3)),
      smallest.over(Window.orderBy('a').rangeBetween(2, 3)),
      fn.count('id').over(),
    ],
  }),
};
