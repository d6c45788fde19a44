import * as fn from '../../functions/functions';
import { complex, selects } from '../frames';

const { lit } = fn;

/** Sort orders, conditions, NULL handling, the session's surroundings. */
export const generalFunctions = {
  ...selects(complex, {
    function_asc: fn.asc('a'),
    function_asc_nulls_first: fn.asc_nulls_first('a'),
    function_asc_nulls_last: fn.asc_nulls_last('a'),
    function_assert_true_with_message: fn.assert_true(fn.col('id').gt(0), lit('id negative!')),
    function_call_function: fn.call_function('lower', 'g'),
    function_coalesce: fn.coalesce('a', lit(3)),
    function_col: fn.col('id'),
    function_current_catalog: fn.current_catalog(),
    function_current_database: fn.current_database(),
    function_current_schema: fn.current_schema(),
    function_current_user: fn.current_user(),
    function_desc: fn.desc('a'),
    function_desc_nulls_first: fn.desc_nulls_first('a'),
    function_desc_nulls_last: fn.desc_nulls_last('a'),
    function_equal_null: fn.equal_null('g', 'g'),
    function_expr: fn.expr('a + 1'),
    function_greatest: fn.greatest('a', fn.col('d').getItem('a')),
    function_ifnull: fn.ifnull('g', 'g'),
    function_input_file_block_length: fn.input_file_block_length(),
    function_input_file_block_start: fn.input_file_block_start(),
    function_input_file_name: fn.input_file_name(),
    function_isnan: fn.isnan('b'),
    function_isnotnull: fn.isnotnull('g'),
    function_isnull: fn.isnull('a'),
    function_java_method: fn.java_method(lit('java.util.UUID'), lit('fromString'), 'g'),
    function_least: fn.least('a', fn.col('d').getItem('a')),
    function_monotonically_increasing_id: fn.monotonically_increasing_id(),
    function_nanvl: fn.nanvl(lit(Number.NaN), 'a'),
    function_nullif: fn.nullif('g', 'g'),
    function_nvl: fn.nvl('g', 'g'),
    function_nvl2: fn.nvl2('g', 'g', 'g'),
    function_raise_error: fn.raise_error(lit('kaboom')),
    function_reflect: fn.reflect(lit('java.util.UUID'), lit('fromString'), 'g'),
    function_session_user: fn.session_user(),
    function_spark_partition_id: fn.spark_partition_id(),
    function_try_reflect: fn.try_reflect(lit('java.util.UUID'), lit('fromString'), 'g'),
    function_typeof: fn.typeof('g'),
    function_user: fn.user(),
  }),
};
