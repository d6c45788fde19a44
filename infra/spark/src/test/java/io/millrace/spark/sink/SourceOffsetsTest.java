package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.spark.sink.SourceOffsets.Range;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SourceOffsetsTest {

  @Test
  void offsetsOfKafkaAreRangesByTopicAndPartition() {
    SourceOffsets offsets = of(range("{\"t\":{\"0\":3,\"1\":10}}", "{\"t\":{\"0\":8,\"1\":10}}"));
    assertEquals("{\"t\":{\"0\":[3,8],\"1\":[10,10]}}", offsets.json().toString());
    assertEquals(OptionalLong.of(5), offsets.offered());
  }

  @Test
  void aNewPartitionIsReadFromItsBeginning() {
    SourceOffsets offsets = of(range("{\"t\":{\"0\":3}}", "{\"t\":{\"0\":3,\"1\":7}}"));
    assertEquals("{\"t\":{\"0\":[3,3],\"1\":[0,7]}}", offsets.json().toString());
    assertEquals(OptionalLong.of(7), offsets.offered());
  }

  @Test
  void severalTopicsAreAddedUp() {
    SourceOffsets offsets = of(
        range("{\"a\":{\"0\":0},\"b\":{\"0\":1}}", "{\"a\":{\"0\":2},\"b\":{\"0\":5}}"),
        range("{\"c\":{\"0\":0}}", "{\"c\":{\"0\":1}}"));
    assertEquals("{\"a\":{\"0\":[0,2]},\"b\":{\"0\":[1,5]},\"c\":{\"0\":[0,1]}}", offsets.json().toString());
    assertEquals(OptionalLong.of(7), offsets.offered());
  }

  @Test
  void otherSourcesAreToldAsTheyAre() {
    SourceOffsets offsets = of(range("null", "{\"sourceVersion\":1,\"reservoirVersion\":4,\"index\":-1}"));
    assertEquals(
        "{\"source\":{\"start\":null,\"end\":{\"sourceVersion\":1,\"reservoirVersion\":4,\"index\":-1}}}",
        offsets.json().toString());
    assertEquals(OptionalLong.empty(), offsets.offered());
  }

  @Test
  void nothingToBeHadIsNoOffsets() {
    assertEquals("{}", of().json().toString());
    assertEquals(OptionalLong.empty(), of().offered());
  }

  private static SourceOffsets of(Range... ranges) {
    return SourceOffsets.of(List.of(ranges));
  }

  private static Range range(String start, String end) {
    return new Range(SourceOffsets.parse(start), SourceOffsets.parse(end));
  }
}
