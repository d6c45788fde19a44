import { BinaryType } from '../../types/data-type';
import * as F from '../functions';
import type { LiveTable } from './live-case';

const { lit } = F;
const spark = () => lit('Spark SQL');
const hi = Buffer.from('hi');
const bytes = (...values: number[]) => Uint8Array.from(values);

/** Texts and patterns. */
export const texts: LiveTable = {
  ascii: { call: () => F.ascii(lit('A')), gives: 65 },
  bit_length: { call: () => F.bit_length(lit('é')), gives: 16 },
  btrim: {
    call: () => [F.btrim(lit('  a ')).as('a'), F.btrim(lit('xax'), lit('x')).as('b')],
    rows: [{ a: 'a', b: 'a' }],
  },
  char: { call: () => F.char(lit(65)), gives: 'A' },
  char_length: { call: () => F.char_length(lit('é ')), gives: 2 },
  character_length: { call: () => F.character_length(lit('é ')), gives: 2 },
  chr: { call: () => F.chr(lit(65)), gives: 'A' },
  collate: { call: () => F.collate(lit('A'), 'UTF8_LCASE').eq(lit('a')), gives: true },
  collation: { call: () => F.collation(lit('a')), gives: 'SYSTEM.BUILTIN.UTF8_BINARY' },
  concat: { call: () => F.concat(lit('a'), lit('b')), gives: 'ab' },
  concat_ws: { call: () => F.concat_ws('-', lit('a'), lit(null), lit('b')), gives: 'a-b' },
  contains: { call: () => F.contains(spark(), lit('SQL')), gives: true },
  elt: { call: () => F.elt(lit(2), lit('a'), lit('b')), gives: 'b' },
  endswith: { call: () => F.endswith(spark(), lit('SQL')), gives: true },
  find_in_set: { call: () => F.find_in_set(lit('b'), lit('a,b')), gives: 2 },
  initcap: { call: () => F.initcap(lit('ab cD')), gives: 'Ab Cd' },
  instr: { call: () => F.instr(spark(), 'SQL'), gives: 7 },
  lcase: { call: () => F.lcase(spark()), gives: 'spark sql' },
  left: { call: () => F.left(spark(), 5), gives: 'Spark' },
  len: { call: () => F.len(spark()), gives: 9 },
  length: { call: () => F.length(lit(hi)), gives: 2 },
  levenshtein: {
    call: () => [
      F.levenshtein(lit('kitten'), lit('sitting')).as('a'),
      F.levenshtein(lit('kitten'), lit('sitting'), 2).as('b'),
    ],
    rows: [{ a: 3, b: -1 }],
  },
  locate: {
    call: () => [F.locate('a', lit('banana')).as('a'), F.locate('a', lit('banana'), 3).as('b')],
    rows: [{ a: 2, b: 4 }],
  },
  lower: { call: () => F.lower(spark()), gives: 'spark sql' },
  lpad: {
    call: () => [F.lpad(lit('a'), 3, '-').as('a'), F.lpad(lit(hi), lit(3), bytes(7)).as('b')],
    rows: [{ a: '--a', b: bytes(7, 104, 105) }],
  },
  ltrim: {
    call: () => [F.ltrim(lit(' a ')).as('a'), F.ltrim(lit('xax'), 'x').as('b')],
    rows: [{ a: 'a ', b: 'ax' }],
  },
  octet_length: { call: () => F.octet_length(lit('é')), gives: 2 },
  overlay: {
    call: () => [F.overlay(spark(), lit('_'), 6).as('a'), F.overlay(spark(), lit('ANSI '), 7, 0).as('b')],
    rows: [{ a: 'Spark_SQL', b: 'Spark ANSI SQL' }],
  },
  position: { call: () => F.position(lit('a'), lit('banana'), 3), gives: 4 },
  repeat: { call: () => F.repeat(lit('ab'), 2), gives: 'abab' },
  replace: {
    call: () => [F.replace(lit('abc'), lit('b')).as('a'), F.replace(lit('abc'), lit('b'), lit('x')).as('b')],
    rows: [{ a: 'ac', b: 'axc' }],
  },
  reverse: { call: () => F.reverse(lit('abc')), gives: 'cba' },
  right: { call: () => F.right(spark(), 3), gives: 'SQL' },
  rpad: { call: () => F.rpad(lit('a'), 3, '-'), gives: 'a--' },
  rtrim: {
    call: () => [F.rtrim(lit(' a ')).as('a'), F.rtrim(lit('xax'), 'x').as('b')],
    rows: [{ a: ' a', b: 'xa' }],
  },
  sentences: {
    call: () => F.sentences(lit('Hi there. Bye!'), lit('en'), lit('US')),
    gives: [['Hi', 'there'], ['Bye']],
  },
  soundex: { call: () => F.soundex(lit('Miller')), gives: 'M460' },
  split_part: { call: () => F.split_part(lit('a.b.c'), lit('.'), -1), gives: 'c' },
  startswith: { call: () => F.startswith(spark(), lit('Spark')), gives: true },
  substr: {
    call: () => [F.substr(spark(), 7).as('a'), F.substr(spark(), -3, 2).as('b')],
    rows: [{ a: 'SQL', b: 'SQ' }],
  },
  substring: { call: () => F.substring(spark(), 1, 5), gives: 'Spark' },
  substring_index: { call: () => F.substring_index(lit('a.b.c'), '.', 2), gives: 'a.b' },
  translate: { call: () => F.translate(lit('banana'), 'ab', 'o'), gives: 'onono' },
  trim: {
    call: () => [F.trim(lit(' a ')).as('a'), F.trim(lit('xax'), lit('x')).as('b')],
    rows: [{ a: 'a', b: 'a' }],
  },
  ucase: { call: () => F.ucase(spark()), gives: 'SPARK SQL' },
  upper: { call: () => F.upper(spark()), gives: 'SPARK SQL' },

  ilike: { call: () => F.ilike(spark(), lit('spark%')), gives: true },
  like: {
    call: () => [F.like(lit('50%'), lit('50/%'), lit('/')).as('a'), F.like(spark(), lit('spark%')).as('b')],
    rows: [{ a: true, b: false }],
  },
  regexp: { call: () => F.regexp(spark(), lit('S.L')), gives: true },
  regexp_count: { call: () => F.regexp_count(lit('a1b22'), lit('\\d+')), gives: 2 },
  regexp_extract: { call: () => F.regexp_extract(lit('10-20'), '(\\d+)-(\\d+)', 2), gives: '20' },
  regexp_extract_all: {
    call: () => F.regexp_extract_all(lit('10-20, 30-40'), lit('(\\d+)-(\\d+)'), 2),
    gives: ['20', '40'],
  },
  regexp_instr: { call: () => F.regexp_instr(lit('ab12'), lit('\\d')), gives: 3 },
  regexp_like: { call: () => F.regexp_like(spark(), lit('^SQL')), gives: false },
  regexp_replace: { call: () => F.regexp_replace(lit('10-20'), '(\\d+)-(\\d+)', '$2-$1'), gives: '20-10' },
  regexp_substr: { call: () => F.regexp_substr(lit('ab12'), lit('\\d+')), gives: '12' },
  rlike: { call: () => F.rlike(spark(), lit('k S')), gives: true },
  split: {
    call: () => [F.split(lit('a1b2c'), '[12]').as('a'), F.split(lit('a1b2c'), lit('[12]'), 2).as('b')],
    rows: [{ a: ['a', 'b', 'c'], b: ['a', 'b2c'] }],
  },

  base64: { call: () => F.base64(lit(hi)), gives: 'aGk=' },
  unbase64: { call: () => F.unbase64(lit('aGk=')), gives: bytes(104, 105) },
  decode: { call: () => F.decode(lit(hi), 'UTF-8'), gives: 'hi' },
  encode: { call: () => F.encode(lit('hi'), 'UTF-16BE'), gives: bytes(0, 104, 0, 105) },
  hex: { call: () => F.hex(lit(255)), gives: 'FF' },
  unhex: { call: () => F.unhex(lit('6869')), gives: bytes(104, 105) },
  format_number: { call: () => F.format_number(lit(1234.567), 2), gives: '1,234.57' },
  format_string: { call: () => F.format_string('%s is %05d', lit('a'), lit(42)), gives: 'a is 00042' },
  printf: { call: () => F.printf(lit('%s!'), lit('a')), gives: 'a!' },
  mask: {
    call: () => [
      F.mask(lit('AbC-12')).as('a'),
      F.mask(lit('AbC-12'), undefined, lit('y'), undefined, lit('*')).as('b'),
    ],
    rows: [{ a: 'XxX-nn', b: 'XyX*nn' }],
  },
  to_binary: { call: () => F.to_binary(lit('hi'), lit('utf-8')), gives: bytes(104, 105) },
  try_to_binary: { call: () => F.try_to_binary(lit('no hex')), gives: null },
  to_char: {
    call: () => F.to_char(lit(78.12), lit('$99.99')),
    gives: '$78.12',
  },
  to_varchar: { call: () => F.to_varchar(lit(454), lit('999')), gives: '454' },
  to_number: { call: () => F.to_number(lit('$78.12'), lit('$99.99')), gives: '78.12' },
  try_to_number: { call: () => F.try_to_number(lit('none'), lit('99')), gives: null },
  is_valid_utf8: { call: () => F.is_valid_utf8(lit(bytes(0xc0)).cast('string')), gives: false },
  make_valid_utf8: { call: () => F.make_valid_utf8(lit(bytes(0xc0)).cast('string')), gives: '\ufffd' },
  validate_utf8: { call: () => F.validate_utf8(lit('a')), gives: 'a' },
  try_validate_utf8: { call: () => F.try_validate_utf8(lit(bytes(0xc0)).cast('string')), gives: null },

  crc32: { call: () => F.crc32(lit('Spark')), gives: 1_557_323_817n },
  hash: { call: () => F.hash(lit('Spark'), lit([123]), lit(2)), gives: -1_321_691_492 },
  xxhash64: { call: () => F.xxhash64(lit('Spark'), lit([123]), lit(2)), gives: 5_602_566_077_635_097_486n },
  md5: { call: () => F.md5(lit('Spark')), gives: '8cde774d6f7333752ed72cacddb05126' },
  sha: { call: () => F.sha(lit('Spark')), gives: '85f5955f4b27a9a4c2aab6ffe5d7189fc298b92c' },
  sha1: { call: () => F.sha1(lit('Spark')), gives: '85f5955f4b27a9a4c2aab6ffe5d7189fc298b92c' },
  sha2: {
    call: () => F.sha2(lit('Spark'), 256),
    gives: '529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b',
  },
  aes_encrypt: {
    call: () => F.base64(F.aes_encrypt(lit('Spark'), key(), lit('ECB'))),
    gives: 'NI/zfr3gW3iAujOQaPvaXg==',
  },
  aes_decrypt: {
    call: () =>
      F.aes_decrypt(
        F.aes_encrypt(spark(), key(), undefined, undefined, undefined, lit('aad')),
        key(),
        undefined,
        undefined,
        lit('aad'),
      ).cast('string'),
    gives: 'Spark SQL',
  },
  try_aes_decrypt: { call: () => F.try_aes_decrypt(spark().cast(BinaryType), key()), gives: null },

  parse_url: {
    call: () => [F.parse_url(url(), lit('HOST')).as('a'), F.parse_url(url(), lit('QUERY'), lit('q')).as('b')],
    rows: [{ a: 'spark.apache.org', b: '1' }],
  },
  try_parse_url: { call: () => F.try_parse_url(lit('no url: at all'), lit('HOST')), gives: null },
  url_decode: { call: () => F.url_decode(lit('a%2Fb+c')), gives: 'a/b c' },
  try_url_decode: { call: () => F.try_url_decode(lit('%zz')), gives: null },
  url_encode: { call: () => F.url_encode(lit('a/b c')), gives: 'a%2Fb+c' },
};

function key() {
  return lit('0000111122223333');
}

function url() {
  return lit('https://spark.apache.org/path?q=1');
}
