package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.tables.DeltaTable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** How much work a micro-batch of few rows asks of Spark. */
class MergeJobsTest extends MergeSinkFixture {

  private static final int READING_THE_MICRO_BATCH = 1;
  /** Which files may have such rows, and the rows. */
  private static final int READING_WHAT_BECOMES_FINAL = 2;

  @Test
  void aMicroBatchIsReadOnceAndMerged() throws Throwable {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", "a", 1), figure("2026-11-21", "b", 1));
    query.processAllAvailable();
    int jobs = LocalSpark.jobsOf(spark, () -> {
      figures.add(figure("2026-11-20", "a", 2), figure("2026-11-21", "c", 1));
      query.processAllAvailable();
    });
    query.stop();
    assertAtMost(READING_THE_MICRO_BATCH + jobsOfAMerge("day", "category"), jobs);
  }

  @Test
  void windowsThatBecomeFinalAreReadOnceMore() throws Throwable {
    StreamingQuery query = startWindows();
    for (int minute : List.of(0, 30)) {
      add(event(minute, 0, "a"));
      query.processAllAvailable();
    }
    int jobs = LocalSpark.jobsOf(spark, () -> {
      add(event(31, 0, "a"));
      query.processAllAvailable();
    });
    query.stop();
    assertEquals(WINDOWS_OF_AN_EVENT, table().where("final").count());
    assertAtMost(
        READING_THE_MICRO_BATCH + READING_WHAT_BECOMES_FINAL + jobsOfAMerge("window_start", "category"), jobs);
  }

  private static void assertAtMost(int expected, int jobs) {
    assertTrue(jobs <= expected, jobs + " jobs instead of at most " + expected);
  }

  /** Of what is in the table, from the driver, as a query plans it, and as there: the commit before is not read yet. */
  private int jobsOfAMerge(String key, String otherKey) throws Throwable {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.adaptive.enabled", "false");
    session.conf().set("spark.databricks.delta.merge.materializeSource", "none");
    List<Row> rows = table().collectAsList();
    Executable merge = () -> DeltaTable.forPath(session, folder.resolve("table").toString()).as("t")
        .merge(session.createDataFrame(rows, table().schema()).as("s"),
            "t." + key + " = s." + key + " AND t." + otherKey + " = s." + otherKey)
        .whenMatched().updateAll()
        .whenNotMatched().insertAll()
        .execute();
    merge.execute();
    return LocalSpark.jobsOf(spark, merge);
  }
}
