import * as fn from '../../functions/functions';
import { DoubleType, IntegerType, LongType, StructType } from '../../types/data-type';
import { toJson as typeToJson } from '../../types/data-type-json';
import { binary, complex, selects, simple, temporals } from '../frames';

const { lit } = fn;

const SCHEMA = new StructType().add('id', LongType).add('a', IntegerType).add('b', DoubleType);

/** What `protoc --descriptor_set_out` makes of the message `StorageLevel` of Spark's `common.proto`. */
const STORAGE_LEVEL = Uint8Array.from(
  Buffer.from(
    [
      'CvwBCgxjb21tb24ucHJvdG8SDXNwYXJrLmNvbm5lY3QisAEKDFN0b3JhZ2VMZXZlbBIZCgh1c2VfZGlzaxgBIAEoCFIHdXNl',
      'RGlzaxIdCgp1c2VfbWVtb3J5GAIgASgIUgl1c2VNZW1vcnkSIAoMdXNlX29mZl9oZWFwGAMgASgIUgp1c2VPZmZIZWFwEiIK',
      'DGRlc2VyaWFsaXplZBgEIAEoCFIMZGVzZXJpYWxpemVkEiAKC3JlcGxpY2F0aW9uGAUgASgFUgtyZXBsaWNhdGlvbkIiCh5v',
      'cmcuYXBhY2hlLnNwYXJrLmNvbm5lY3QucHJvdG9QAWIGcHJvdG8z',
    ].join(''),
    'base64',
  ),
);
const storageLevels = binary.select(fn.from_protobuf('bytes', 'StorageLevel', STORAGE_LEVEL).as('col'));

/** JSON, CSV, XML, XPath, VARIANT, Avro and Protobuf. */
export const dataFormatFunctions = {
  ...selects(binary, {
    from_avro_with_options: fn.from_avro('bytes', '{"type": "int", "name": "id"}', {
      mode: 'FAILFAST',
      compression: 'zstandard',
    }),
    from_avro_without_options: fn.from_avro('bytes', '{"type": "string", "name": "name"}'),
    from_protobuf_messageClassName_descFilePath: fn.from_protobuf('bytes', 'StorageLevel', STORAGE_LEVEL),
    from_protobuf_messageClassName_descFilePath_options: fn.from_protobuf(
      'bytes',
      'StorageLevel',
      STORAGE_LEVEL,
      { 'recursive.fields.max.depth': 2 },
    ),
  }),
  ...selects(complex, {
    function_from_csv: fn.from_csv('g', SCHEMA, { mode: 'FAILFAST' }),
    function_from_json: fn.from_json('g', SCHEMA),
    function_from_json_with_json_schema: fn.from_json('g', typeToJson(SCHEMA)),
    function_from_xml: fn.from_xml('g', SCHEMA),
    function_from_xml_with_json_schema: fn.from_xml('g', typeToJson(SCHEMA)),
    function_get_json_object: fn.get_json_object('g', '$.device_type'),
    function_is_variant_null: fn.is_variant_null(fn.parse_json('g')),
    function_json_array_length: fn.json_array_length('g'),
    function_json_object_keys: fn.json_object_keys('g'),
    function_json_tuple: fn.json_tuple('g', 'a', 'b', 'id'),
    function_parse_json: fn.parse_json('g'),
    function_schema_of_csv: fn.schema_of_csv('1|abc', { sep: '|' }),
    function_schema_of_json: fn.schema_of_json('[{"col":01}]'),
    function_schema_of_json_with_options: fn.schema_of_json('[{"col":01}]', {
      allowNumericLeadingZeros: true,
    }),
    function_schema_of_variant: fn.schema_of_variant(fn.parse_json('g')),
    function_to_csv: fn.to_csv('d', { sep: '|' }),
    function_to_json: fn.to_json('d', { timestampFormat: 'dd/MM/yyyy' }),
    function_try_parse_json: fn.try_parse_json('g'),
    function_try_variant_get: fn.try_variant_get(fn.parse_json('g'), '$', 'int'),
    function_variant_get: fn.variant_get(fn.parse_json('g'), '$', 'int'),
  }),
  ...selects(temporals, {
    function_xpath: fn.xpath('s', lit('a/b/text()')),
    function_xpath_boolean: fn.xpath_boolean('s', lit('a/b')),
    function_xpath_double: fn.xpath_double('s', lit('a/b')),
    function_xpath_float: fn.xpath_float('s', lit('a/b')),
    function_xpath_int: fn.xpath_int('s', lit('a/b')),
    function_xpath_long: fn.xpath_long('s', lit('a/b')),
    function_xpath_number: fn.xpath_number('s', lit('a/b')),
    function_xpath_short: fn.xpath_short('s', lit('a/b')),
    function_xpath_string: fn.xpath_string('s', lit('a/b')),
  }),
  ...selects(simple, {
    to_avro_with_schema: fn.to_avro('a', '{"type": "int", "name": "id"}'),
    to_avro_without_schema: fn.to_avro('id'),
  }),
  ...selects(storageLevels, {
    to_protobuf_messageClassName: fn.to_protobuf('col', 'org.apache.spark.connect.proto.StorageLevel'),
    to_protobuf_messageClassName_descFilePath: fn.to_protobuf('col', 'StorageLevel', STORAGE_LEVEL),
    to_protobuf_messageClassName_descFilePath_options: fn.to_protobuf('col', 'StorageLevel', STORAGE_LEVEL, {
      'recursive.fields.max.depth': 2,
    }),
    to_protobuf_messageClassName_options: fn.to_protobuf(
      'col',
      'org.apache.spark.connect.proto.StorageLevel',
      undefined,
      { 'recursive.fields.max.depth': 2 },
    ),
  }),
};
