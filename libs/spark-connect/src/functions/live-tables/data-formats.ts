import { IntegerType, StringType, StructType } from '../../types/data-type';
import * as F from '../functions';
import type { LiveTable } from './live-case';

const { lit } = F;
const SCHEMA = new StructType().add('a', IntegerType).add('b', StringType);
const record = () => F.struct(lit(1).as('a'), lit('x').as('b'));
const json = () => lit('{"a":1,"b":"x"}');
const xml = () => lit('<p><a>1</a><b>x</b><b>y</b></p>');

/** JSON, CSV, XML, XPath, VARIANT; Avro and Protobuf, whose jars the server does not have. */
export const dataFormats: LiveTable = {
  from_json: {
    call: () => [
      F.from_json(json(), SCHEMA).as('typed'),
      F.from_json(json(), 'a INT').as('ddl'),
      F.from_json(lit('{a: 2}'), F.schema_of_json('{"a":1}'), { allowUnquotedFieldNames: true }).as(
        'inferred',
      ),
    ],
    rows: [{ typed: { a: 1, b: 'x' }, ddl: { a: 1 }, inferred: { a: 2n } }],
  },
  get_json_object: { call: () => F.get_json_object(json(), '$.b'), gives: 'x' },
  json_array_length: { call: () => F.json_array_length(lit('[1,2]')), gives: 2 },
  json_object_keys: { call: () => F.json_object_keys(json()), gives: ['a', 'b'] },
  json_tuple: { call: () => F.json_tuple(json(), 'a', 'b'), rows: [{ c0: '1', c1: 'x' }] },
  schema_of_json: { call: () => F.schema_of_json(json()), gives: 'STRUCT<a: BIGINT, b: STRING>' },
  to_json: { call: () => F.to_json(record()), gives: '{"a":1,"b":"x"}' },

  from_csv: { call: () => F.from_csv(lit('1|x'), SCHEMA, { sep: '|' }), gives: { a: 1, b: 'x' } },
  schema_of_csv: { call: () => F.schema_of_csv('1|x', { sep: '|' }), gives: 'STRUCT<_c0: INT, _c1: STRING>' },
  to_csv: { call: () => F.to_csv(record(), { sep: '|' }), gives: '1|x' },

  from_xml: { call: () => F.from_xml(lit('<p><a>1</a><b>x</b></p>'), SCHEMA), gives: { a: 1, b: 'x' } },
  schema_of_xml: { call: () => F.schema_of_xml('<p><a>1</a></p>'), gives: 'STRUCT<a: BIGINT>' },
  to_xml: { call: () => F.to_xml(record(), { rowTag: 'p', indent: '' }), type: 'STRING' },
  xpath: { call: () => F.xpath(xml(), lit('p/b/text()')), gives: ['x', 'y'] },
  xpath_boolean: { call: () => F.xpath_boolean(xml(), lit('p/c')), gives: false },
  xpath_double: { call: () => F.xpath_double(xml(), lit('p/a')), gives: 1 },
  xpath_float: { call: () => F.xpath_float(xml(), lit('p/a')), gives: 1 },
  xpath_int: { call: () => F.xpath_int(xml(), lit('p/a')), gives: 1 },
  xpath_long: { call: () => F.xpath_long(xml(), lit('p/a')), gives: 1n },
  xpath_number: { call: () => F.xpath_number(xml(), lit('p/a')), gives: 1 },
  xpath_short: { call: () => F.xpath_short(xml(), lit('p/a')), gives: 1 },
  xpath_string: { call: () => F.xpath_string(xml(), lit('p/b')), gives: 'x' },

  parse_json: { call: () => F.parse_json(json()).cast('string'), gives: '{"a":1,"b":"x"}' },
  try_parse_json: { call: () => F.try_parse_json(lit('{')).cast('string'), gives: null },
  to_variant_object: { call: () => F.to_json(F.to_variant_object(record())), gives: '{"a":1,"b":"x"}' },
  is_variant_null: { call: () => F.is_variant_null(F.parse_json(lit('null'))), gives: true },
  variant_get: { call: () => F.variant_get(F.parse_json(json()), '$.a', IntegerType), gives: 1 },
  try_variant_get: { call: () => F.try_variant_get(F.parse_json(json()), lit('$.b'), 'int'), gives: null },
  schema_of_variant: {
    call: () => F.schema_of_variant(F.parse_json(json())),
    gives: 'OBJECT<a: BIGINT, b: STRING>',
  },

  from_avro: {
    call: () => F.from_avro(lit(new Uint8Array()), '"int"'),
    error: 'AVRO_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE',
  },
  to_avro: { call: () => F.to_avro(lit(1)), error: 'AVRO_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE' },
  from_protobuf: {
    call: () => F.from_protobuf(lit(new Uint8Array()), 'M', new Uint8Array()),
    error: 'PROTOBUF_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE',
  },
  to_protobuf: {
    call: () => F.to_protobuf(record(), 'M', new Uint8Array()),
    error: 'PROTOBUF_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE',
  },
};
