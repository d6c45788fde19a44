package io.millrace.spark.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

  private static final long NOW_MICROS = 1_700_000_000_000_000L;

  private static final String CONTRACT = """
      {
        "fields": [
          {"name": "id", "type": "string", "mistyped": "id: not of type string"},
          {"name": "at", "type": "timestamp", "mistyped": "at: not of type timestamp"},
          {"name": "amount", "type": "double", "mistyped": "amount: not of type double"},
          {"name": "count", "type": "int", "mistyped": "count: not of type int"},
          {"name": "paid", "type": "boolean", "mistyped": "paid: not of type boolean"}
        ],
        "notAnObject": "no object",
        "rules": [
          {"kind": "required", "field": "id", "violation": "id: missing"},
          {"kind": "range", "field": "count", "min": 1, "max": null, "violation": "count: below 1"}
        ]
      }
      """;

  private static final int ID = 0;
  private static final int AT = 1;
  private static final int AMOUNT = 2;
  private static final int REASON = 5;
  private static final int OTHERS = 6;
  private static final int INGESTED_AT = 7;

  /** The first two are plain, the others are left to Spark's parser. */
  private static final List<String> EVENTS =
      List.of("{'id':'a','tier':1}", "{}", " {'id':'a','tier':1}", "{'id':1.5,'tier':1}", "{'count':'two'}");

  private final EventReader reader = new EventReader(CONTRACT, "UTC");

  @Test
  void anEventBecomesARow() {
    InternalRow event = read("{\"id\":\"a\",\"at\":\"2025-01-15T14:32:07.123456Z\",\"amount\":1.5,\"count\":2,\"paid\":true}");
    assertEquals("a", text(event, ID));
    assertEquals(1_736_951_527_123_456L, event.getLong(AT));
    assertEquals(1.5, event.getDouble(AMOUNT));
    assertEquals(2, event.getInt(3));
    assertTrue(event.getBoolean(4));
    assertNull(text(event, REASON));
    assertNull(text(event, OTHERS));
    assertEquals(NOW_MICROS, event.getLong(INGESTED_AT));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "{\"count\":0}                             | id: missing",
      "{\"id\":\"a\",\"count\":0,\"tier\":1}     | count: below 1",
      "{\"id\":\"a\",\"count\":\"two\",\"amount\":\"x\"} | amount: not of type double",
      "{\"id\":\"a\",\"count\":2.5}              | count: not of type int",
      "{\"id\":\"a\",\"count\":null,\"paid\":1}  | paid: not of type boolean",
      "{\"id\":\"a\",\"at\":\"yesterday\"}       | at: not of type timestamp",
      "{\"id\":\"a\",\"count\":\"two\"           | no object",
      "{\"id\":\"a\"                             | no object",
      "[{\"id\":\"a\"}]                          | no object",
      "null                                      | no object",
      "17                                        | no object",
      "~~                                        | no object",
      "~  ~                                      | no object",
      "{{{{                                      | no object",
  })
  void aRefusedEventHasAReasonAndNoOtherFields(String event, String reason) {
    assertEquals(reason, text(read(event), REASON));
    assertNull(text(read(event), OTHERS));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "{\"id\":\"a\",\"tier\":\"gold\"}           | {\"tier\":\"gold\"}",
      "{\"tier\":{\"id\":1},\"id\":\"a\"}         | {\"tier\":{\"id\":1}}",
      "{'id':'a','tier':1.50}                     | {\"tier\":1.50}",
  })
  void fieldsWithoutAColumnAreKept(String event, String others) {
    assertEquals(others, text(read(event), OTHERS));
    assertNull(text(read("{\"id\":\"a\"}"), OTHERS), "of the event before");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "{\"id\":1.50}                     | 1.5",
      "{\"id\":12345678901234567890}     | 12345678901234567890",
      "{\"id\":{\"a\": [1, 2]}}          | {\"a\":[1,2]}",
      "{\"id\":true}                     | true",
      "{\"id\":\"Zoë \\u540d 😀\\n\"}    | ~Zoë 名 😀\n~",
  })
  void aTextFieldIsWhatFromJsonMakesOfIt(String event, String id) {
    assertEquals(id.replace("\\n", "\n"), text(read(event), ID));
  }

  @Test
  void spaceBeforeAnEventIsNoHarm() {
    assertEquals("a", text(read(" \n{\"id\":\"a\"}"), ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "\n{'id':'b'}", "{'id':'b'}", " {}", "}}}", "}}} garbage", "]", ",", "x", " null", "17", "'b'", "NaN", "/* b */", "# b",
      "\0", "\n\0", "\f", "\u00a0", "\ufeff", "\u001e",
  })
  void nothingMayBeBehindAnEvent(String behind) {
    for (String event : EVENTS) {
      assertNoObject((event + behind).replace('\'', '"').getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n", "\r\n", "\t \n\n"})
  void spaceBehindAnEventIsNoHarm(String space) {
    for (String event : EVENTS) {
      String json = event.replace('\'', '"');
      assertEquals(String.valueOf(read(json)), String.valueOf(read(json + space)));
    }
    assertEquals("a", text(read("{\"id\":\"a\"}" + space), ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{'id':'caf\u00e9'}", "{'id':'a','\u00e9':1}", " {'id':'\u00e9'}", "{'id':1.5,'tier':'\u00e9'}", "{'id':'a'}\u00e9",
  })
  void anEventMustBeUtf8(String event) {
    assertNoObject(event.replace('\'', '"').getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c080", "edA0bdedb880", "eda080", "f7bfbfbf", "c1a9", "e9", "ff", "f4908080"})
  void bytesThatOnlyResembleUtf8AreRefused(String hex) throws IOException {
    assertNoObject(eventWith(hex));
  }

  @Test
  void otherEncodingsAreNotGuessed() {
    for (Charset other : List.of(UTF_16BE, UTF_16LE)) {
      assertEquals("no object", text(read("{\"id\":\"a\"}", other), REASON), other.name());
    }
    assertEquals("no object", text(read("\ufeff{\"id\":\"a\"}"), REASON));
  }

  /** A space before it makes Spark's parser read it, from characters. */
  @ParameterizedTest
  @ValueSource(strings = {
      "{'id':'a','id':null}", "{'id':null,'id':'b','count':1,'count':2}", "{'amount':1}", "{'amount':-0.0}", "{'amount':1e400}",
      "{'amount':NaN}", "{'amount':-Infinity}", "{'amount':'NaN'}", "{'amount':'1.5'}", "{'count':2147483648}", "{'count':1.0}",
      "{'count':1e2}", "{'count':-0}", "{'count':true}", "{'paid':'true'}", "{'paid':null}", "{'id':1.50}", "{'id':[1]}",
      "{'at':'2025-01-15'}", "{'at':'2025-01-15 14:32'}", "{'at':'2025-01-15T14:32:07+05:30'}", "{'at':''}", "{'at':'T14'}",
      "{'at':1736951527}", "{'at':'2025-02-30T00:00:00Z'}", "{'at':'+12025-01-15T00:00:00Z'}",
      "{'id':'\\ud83d'}", "{'id':'\\ud83d\\ude00'}", "{'i\\u0064':'a'}", "{'id':'a','':1}", "{'id':'a',}", "{'id':'a'", "{'id' 'a'}",
      "{'id':'\u0001'}", "{'count':1,'nested':{'count':2}}", "{'id':'\u540d\ud83d\ude00'}",
  })
  void aPlainEventIsWhatFromJsonMakesOfIt(String event) {
    assertSameAsFromJson(event.replace('\'', '"').getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f09f9880", "e5908d", "efbfbf"})
  void bytesThatAreUtf8AreWhatFromJsonMakesOfThem(String hex) throws IOException {
    byte[] event = eventWith(hex);
    assertNull(text(reader.read(event, now()), REASON));
    assertSameAsFromJson(event);
  }

  private static byte[] eventWith(String hex) throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    event.write("{\"id\":\"x".getBytes(UTF_8));
    event.write(HexFormat.of().parseHex(hex));
    event.write("\",\"".getBytes(UTF_8));
    event.write(HexFormat.of().parseHex(hex));
    event.write("\":1}".getBytes(UTF_8));
    return event.toByteArray();
  }

  /** Read either way, and with no field left from the attempt. */
  private void assertNoObject(byte[] value) {
    String refused = String.valueOf(read(""));
    assertEquals(refused, String.valueOf(reader.read(value, now())), () -> new String(value, UTF_8));
    assertEquals("no object", text(reader.read(value, now()), REASON));
    assertSameAsFromJson(value);
  }

  private void assertSameAsFromJson(byte[] event) {
    byte[] spaced = new byte[event.length + 1];
    spaced[0] = ' ';
    System.arraycopy(event, 0, spaced, 1, event.length);
    assertEquals(String.valueOf(reader.read(spaced, now())), String.valueOf(reader.read(event, now())));
  }

  @Test
  void nestingWithoutEndIsNoFailure() {
    for (String value : List.of("[".repeat(100_000), "[".repeat(5_000) + "]".repeat(5_000))) {
      assertEquals("no object", text(read("{\"id\":\"a\",\"tier\":" + value + "}"), REASON));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "no JSON", "{}", "{\"fields\":[]}",
      "{\"fields\":[],\"notAnObject\":\"x\",\"rules\":[{\"kind\":\"required\",\"field\":\"id\",\"violation\":\"x\"}]}",
      "{\"fields\":[],\"notAnObject\":\"x\",\"rules\":[{\"kind\":\"lucky\",\"field\":\"id\",\"violation\":\"x\"}]}",
      "{\"fields\":[{\"name\":\"id\",\"type\":\"int\",\"mistyped\":\"x\"}],\"notAnObject\":\"x\","
          + "\"rules\":[{\"kind\":\"not_empty\",\"field\":\"id\",\"violation\":\"x\"}]}",
  })
  void aContractMustBeWhole(String contract) {
    assertThrows(IllegalArgumentException.class, () -> new EventReader(contract, "UTC"));
  }

  private InternalRow read(String event) {
    return read(event, UTF_8);
  }

  private InternalRow read(String event, Charset charset) {
    return reader.read(event.getBytes(charset), now());
  }

  private static ArrayData now() {
    return ArrayData.toArrayData(new long[] {NOW_MICROS});
  }

  private static String text(InternalRow row, int at) {
    return row.isNullAt(at) ? null : row.getUTF8String(at).toString();
  }
}
