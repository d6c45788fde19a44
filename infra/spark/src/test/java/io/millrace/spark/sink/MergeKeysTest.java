package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;

/** Which rows are one, and what is refused. */
class MergeKeysTest extends MergeSinkFixture {

  @Test
  void onlyPartitionsWithSuchKeysAreRead() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", "a", 1), figure("2026-11-21", "a", 1));
    query.processAllAvailable();
    // Whoever reads this partition fails.
    try (Stream<Path> files = Files.walk(folder.resolve("table/day=2026-11-20"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    figures.add(figure("2026-11-21", "a", 2), figure("2026-11-22", "a", 1));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of(2L, 1L), table().where("day >= '2026-11-21'").orderBy("day").select("events").collectAsList()
        .stream().map(row -> row.getLong(0)).toList());
  }

  @Test
  void aKeyMayBeNull() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", null, 1), figure("2026-11-20", "a", 1));
    query.processAllAvailable();
    figures.add(figure("2026-11-20", null, 2));
    query.processAllAvailable();
    query.stop();
    assertEquals(2, table().where("category IS NULL").head().getLong(2));
    assertEquals(2, table().count());
  }

  @Test
  void manyRowsAreMergedToo() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    for (int round = 1; round <= 2; round++) {
      int events = round;
      figures.add(IntStream.range(0, 21_000).mapToObj(i -> figure("2026-11-20", "c" + i, events)).toArray(Row[]::new));
      query.processAllAvailable();
    }
    query.stop();
    assertEquals(21_000, table().count());
    assertEquals(42_000L, table().agg(sum("events")).head().getLong(0));
    assertEquals(42_000, counts(1).path("total").path("updated").asLong());
  }

  @Test
  void twoRowsOfOneKeyAreRefused() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day");
    figures.add(figure("2026-11-20", "a", 1), figure("2026-11-21", "a", 1), figure("2026-11-21", "b", 1));
    Exception failure = assertThrows(StreamingQueryException.class, query::processAllAvailable);
    assertTrue(failure.getMessage().contains("Several rows of one micro-batch have the key day=2026-11-21:"),
        failure.getMessage());
  }

  @Test
  void columnsAreChecked() throws Exception {
    figures.add(figure("2026-11-20", "a", 1));
    StreamingQuery missing = startFigures(figures.rows().drop("category"), "day,category");
    assertTrue(assertThrows(StreamingQueryException.class, missing::processAllAvailable).getMessage()
        .contains("lack the columns category"));
    StreamingQuery taken = startFigures(figures.rows().withColumn("as_of", lit(1)), "day,category");
    assertTrue(assertThrows(StreamingQueryException.class, taken::processAllAvailable).getMessage()
        .contains("adds the column as_of itself"));
    assertFalse(Files.exists(folder.resolve("table")));
  }
}
