package io.millrace.spark.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherFieldsTest {

  private static final OtherFields FIELDS = new OtherFields(List.of("id", "amount"));

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"id\":\"a\",\"amount\":1.5}", "{\"amount\":null}", "{\"id\":{\"tier\":1},\"amount\":[{\"b\":2}]}"})
  void anEventWithKnownFieldsOnlyHasNone(String event) {
    assertNull(others(event));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "{\"id\":\"a\",\"tier\":\"gold\",\"amount\":1}           | {\"tier\":\"gold\"}",
      "{\"tier\":null,\"on\":true,\"off\":false}               | {\"tier\":null,\"on\":true,\"off\":false}",
      "{\"a\":1.50,\"b\":1e3,\"c\":12345678901234567890.123}   | {\"a\":1.50,\"b\":1e3,\"c\":12345678901234567890.123}",
      "{\"a\": {\"b\" : [ 1, {\"id\":2} ] }, \"id\": 1}        | {\"a\":{\"b\":[1,{\"id\":2}]}}",
      "{\"tier\":1,\"id\":1,\"tier\":2}                        | {\"tier\":1,\"tier\":2}",
      "{\"Id\":1,\"AMOUNT\":2,\"id\":3}                        | {\"Id\":1,\"AMOUNT\":2}",
      "{\"naïve 名\":\"Zoë 😀\"}                               | {\"naïve 名\":\"Zoë 😀\"}",
      "{'id':'a','tier':'it is','x':NaN}                       | {\"tier\":\"it is\",\"x\":NaN}",
  })
  void othersComeAsTheyAre(String event, String expected) {
    assertEquals(expected, others(event));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "17", "[{\"tier\":1}]", "{\"tier\":1", "{{{{", "{\"tier\":}", "no JSON"})
  void whatIsNoObjectHasNone(String event) {
    assertNull(others(event));
  }

  @Test
  void aNameIsTooLongByItsCharactersNotItsBytes() {
    String event = "{\"" + "\u00e9".repeat(30_000) + "\":1,\"tier\":2}";
    assertEquals(event, others(event));
  }

  @Test
  void halfACharacterIsReplaced() {
    assertEquals("{\"tier\":\"?\"}", others("{\"tier\":\"\\ud83d\"}"));
  }

  @Test
  void nestingWithoutEndIsNoFailure() {
    assertNull(others("{\"tier\":" + "[".repeat(100_000)));
    assertNull(others("{\"tier\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"));
  }

  private static String others(String event) {
    Object others = FIELDS.of(event.getBytes(UTF_8));
    return others == null ? null : others.toString();
  }
}
