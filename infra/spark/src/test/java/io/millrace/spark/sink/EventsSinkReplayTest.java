package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.exceptions.ConcurrentTransactionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a micro-batch does that was begun before. */
class EventsSinkReplayTest extends EventsSinkFixture {

  /** Where the query is stopped short in its second micro-batch. */
  enum Crash {
    BEFORE_EVENTS(0, 0),
    BEFORE_REJECTS(1, 0),
    BEFORE_CHECKED(1, 1),
    BEFORE_COUNTS(2, 1),
    BEFORE_COMMIT_OF_SPARK(2, 1);

    /** Made by then. */
    final int eventsCommits;
    final int rejectsCommits;

    Crash(int eventsCommits, int rejectsCommits) {
      this.eventsCommits = eventsCommits;
      this.rejectsCommits = rejectsCommits;
    }
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void afterACrashNothingIsMissingAndNothingThereTwice(Crash crash) throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), event("b"), old("x"), reject("first"));
    query.processAllAvailable();
    Runnable repair = breakAt(crash);
    long eventsCommits = version("events");
    long rejectsCommits = version("rejects");
    source.add(event("b"), event("c"), event("d"), event("d"), old("x"), old("y"), reject("second"), reject("third"));
    if (crash == Crash.BEFORE_COMMIT_OF_SPARK) {
      query.processAllAvailable();
      query.stop();
    } else {
      assertThrows(StreamingQueryException.class, query::processAllAvailable);
    }
    assertEquals(crash.eventsCommits, version("events") - eventsCommits);
    assertEquals(crash.rejectsCommits, version("rejects") - rejectsCommits);
    repair.run();
    eventsCommits = version("events");
    rejectsCommits = version("rejects");

    StreamingQuery again = start();
    again.processAllAvailable();
    source.add(event("d"), event("e"));
    again.processAllAvailable();
    again.stop();

    assertEquals(List.of("a", "b", "c", "d", "e", "x", "y"), storedIds());
    assertEquals(List.of("first", "second", "third"), strings(rejects(), "reason"));
    assertEquals(new Counts(4, 4, 3, 1, 0), batch(0));
    assertEquals(new Counts(8, 8, 3, 2, 3), batch(1));
    assertEquals(new Counts(2, 2, 1, 0, 1), batch(2));
    assertEquals(new Counts(14, 14, 7, 3, 4), total(2));
    // Events and checked events of the second micro-batch, its rejects, and the events of the third.
    assertEquals(2 - crash.eventsCommits + 1, version("events") - eventsCommits);
    assertEquals(1 - crash.rejectsCommits, version("rejects") - rejectsCommits);
  }

  @Test
  void aReplayWritesTheVerySameCountsFile() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), event("a"), old("x"), reject("first"));
    query.processAllAvailable();
    query.stop();
    String written = Files.readString(countsFile(0));
    Files.delete(countsFile(0));
    forgetCommit(0);

    StreamingQuery again = start();
    again.processAllAvailable();
    again.stop();
    assertEquals(written, Files.readString(countsFile(0)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReplayInAnotherProcessKnowsItsCommits_alsoWithoutChecksumsOfVersions(boolean hasChecksums) throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), event("b"), old("x"));
    query.processAllAvailable();
    query.stop();
    for (Path checksum : List.of(at("events", 1), at("events", 2))) {
      assertTrue(Files.exists(checksum));
      if (!hasChecksums) {
        Files.delete(checksum);
      }
    }
    DeltaLog.clearCache();
    forgetCommit(0);

    StreamingQuery again = start();
    again.processAllAvailable();
    again.stop();
    assertEquals(List.of("a", "b", "x"), storedIds());
    assertEquals(new Counts(3, 3, 3, 0, 0), batch(0));
  }

  @Test
  void ofTwoRunsThatWriteTheSameMicroBatchOneCommits() {
    AppendTable table = new AppendTable(at("rows"), List.of(), Map.of());
    Dataset<Row> rows = spark.range(3).toDF();
    table.append(rows, new Transaction("query", 0, "{}"));
    Transaction next = new Transaction("query", 1, "{}");
    AppendTable.Written one = table.write(rows, next);
    AppendTable.Written other = table.write(rows, next);
    one.commit();
    assertThrows(ConcurrentTransactionException.class, other::commit);
    assertEquals(6, spark.read().format("delta").load(at("rows")).count());
  }

  private Path at(String table, int version) {
    return folder.resolve("%s/_delta_log/%020d.crc".formatted(table, version));
  }

  private Runnable breakAt(Crash crash) throws IOException {
    return switch (crash) {
      case BEFORE_EVENTS -> constraint("events", "transaction_id <> 'c'");
      case BEFORE_REJECTS -> constraint("rejects", "reason <> 'second'");
      case BEFORE_CHECKED -> constraint("events", "transaction_id <> 'y'");
      case BEFORE_COUNTS -> fileInTheWay("checkpoint/counts");
      case BEFORE_COMMIT_OF_SPARK -> () -> forgetCommit(1);
    };
  }

  /** Instead of a folder that is put back by the repair. */
  private Runnable fileInTheWay(String name) throws IOException {
    Path there = folder.resolve(name);
    Path aside = folder.resolve("aside");
    Files.move(there, aside);
    Files.createFile(there);
    return () -> {
      try {
        Files.delete(there);
        Files.move(aside, there);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    };
  }
}
