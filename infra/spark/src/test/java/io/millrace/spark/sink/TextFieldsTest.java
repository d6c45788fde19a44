package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFieldsTest {

  private static final StructType ROWS = StructType.fromDDL("id STRING, amount DOUBLE, _value BINARY");
  private static final TextColumns COLUMNS = TextColumns.of(
      StructType.fromDDL("id STRING, amount DOUBLE, Points INT, tier STRING, Voucher STRING"), ROWS);

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "\"gold\"                          | gold",
      "\"\"                              | ~~",
      "\"a \\\"quoted\\\" \\u00e9 😀\"   | a \"quoted\" é 😀",
      "1.50                              | 1.50",
      "-1E+400                           | -1E+400",
      "true                              | true",
      "null                              |",
      "{ \"a\" : [ 1.0, null, {} ] }     | {\"a\":[1.0,null,{}]}",
      "[ ]                               | []",
  })
  void aTextIsItself_allElseIsJson(String json, String expected) {
    assertEquals(Arrays.asList(expected, null), values(new TextFields(COLUMNS), "{\"tier\":" + json + "}"));
  }

  @Test
  void theLastOfSeveralCounts_inWhateverCase() {
    TextFields fields = new TextFields(COLUMNS);
    assertEquals(List.of("2", "b"), values(fields, "{\"tier\":1,\"voucher\":\"a\",\"TIER\":2,\"VOUCHER\":\"b\"}"));
    assertEquals(Arrays.asList(null, "c"), values(fields, "{\"Voucher\":\"c\"}"));
    assertEquals(new TextFields.Unstored(List.of(), 0, List.of()), fields.unstored());
  }

  @Test
  void rowsWithoutFieldsHaveNoValues() {
    TextFields fields = new TextFields(COLUMNS);
    values(fields, "{\"tier\":1}");
    assertEquals(Arrays.asList(null, null), texts(fields.noValues()));
  }

  @Test
  void newNamesAreToldOnce() {
    TextFields fields = new TextFields(COLUMNS);
    values(fields, "{\"zeta\":1,\"alpha\":{\"tier\":2},\"tier\":\"x\"}");
    assertEquals(Arrays.asList("y", null), values(fields, "{\"Alpha\":1,\"ZETA\":1,\"zeta\":2,\"tier\":\"y\"}"));
    assertEquals(List.of("alpha", "zeta"), fields.unstored().fresh());
    assertEquals(0, fields.unstored().leftOut());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "_hidden", "1st", "a.b", "a`b", "x'; DROP TABLE t", "naïve", "\\u0000", "a\\n",
      "\\u212Aey", "ID", "Amount", "points", "_VALUE"})
  void aNameThatIsNotAllowedOrTakenIsLeftOut(String name) {
    TextFields fields = new TextFields(COLUMNS);
    values(fields, "{\"" + name + "\":1}");
    assertEquals(List.of(), fields.unstored().fresh());
    assertEquals(1, fields.unstored().leftOut());
    assertEquals(1, fields.unstored().examples().size());
    assertEquals("", fields.unstored().examples().get(0).replaceAll("[A-Za-z0-9_.?-]", ""));
  }

  @Test
  void aNameHasAtMost64Characters() {
    TextFields fields = new TextFields(COLUMNS);
    values(fields, "{\"" + "n".repeat(64) + "\":1,\"" + "m".repeat(65) + "\":1,\"" + "x".repeat(10_000) + "\":1}");
    assertEquals(List.of("n".repeat(64)), fields.unstored().fresh());
    assertEquals(List.of("m".repeat(64), "x".repeat(64)), fields.unstored().examples());
  }

  @Test
  void ofSixtyNewNamesFiftyColumnsAreMadeAtMost() {
    TextFields fields = new TextFields(COLUMNS);
    values(fields, object(0, 60));
    values(fields, object(0, 60));
    assertEquals(48, fields.unstored().fresh().size());
    assertEquals(24, fields.unstored().leftOut());
    assertEquals(3, fields.unstored().examples().size());

    TextColumns full = COLUMNS.with(List.of("n1", "N1", "tier", "id")).with(fields.unstored().fresh());
    assertEquals(50, full.size());
    TextFields withoutRoom = new TextFields(full);
    assertEquals(48, values(withoutRoom, object(0, 48)).stream().filter("1"::equals).count());
    assertEquals(new TextFields.Unstored(List.of(), 0, List.of()), withoutRoom.unstored());
  }

  @Test
  void anyNumberOfNamesIsBorne() {
    TextFields fields = new TextFields(COLUMNS);
    for (int from = 0; from < 20_000; from += 100) {
      values(fields, object(from, from + 100));
    }
    assertEquals(48, fields.unstored().fresh().size());
    assertEquals(20_000 - 48, fields.unstored().leftOut());
  }

  @Test
  void whatCannotBeReadIsLeftOut() {
    TextFields fields = new TextFields(COLUMNS);
    assertEquals(Arrays.asList(null, null), values(fields, "{\"tier\":1,"));
    assertEquals(1, fields.unstored().leftOut());
  }

  private static String object(int from, int until) {
    return IntStream.range(from, until).mapToObj(n -> "\"n" + n + "\":1").collect(Collectors.joining(",", "{", "}"));
  }

  private static List<String> values(TextFields fields, String json) {
    return texts(fields.valuesOf(UTF8String.fromString(json)));
  }

  private static List<String> texts(InternalRow row) {
    return IntStream.range(0, row.numFields()).mapToObj(row::getUTF8String)
        .map(text -> text == null ? null : text.toString()).collect(Collectors.toList());
  }
}
