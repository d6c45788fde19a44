package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;

/** Fields that the query does not know become text columns of the table of events. */
class EventsSinkNewFieldsTest extends EventsSinkFixture {

  private static final List<String> OF_QUERY = List.of("transaction_id", "amount", "event_date");

  @Test
  void aNewFieldIsStored_rowsFromBeforeReadNull() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"));
    query.processAllAvailable();
    source.add(event("b", "{\"tier\":\"gold\"}"), event("c"));
    query.processAllAvailable();
    source.add(event("d", "{\"tier\":\"silver\",\"extra\":{\"n\":1.50}}"), event("e"));
    query.processAllAvailable();
    query.stop();

    assertEquals(List.of("tier", "extra"), textColumns());
    assertEquals(List.of("a:null:null", "b:gold:null", "c:null:null", "d:silver:{\"n\":1.50}", "e:null:null"),
        rowsOf("transaction_id", "tier", "extra"));
  }

  @Test
  void aMicroBatchThatBringsANameIsCountedOnce_andNoOtherIsWrittenTwice() throws Exception {
    StreamingQuery query = start();
    source.add(event("a", "{\"tier\":1}"), event("a", "{\"tier\":1}"), reject("no JSON"), old("x", "{\"tier\":2}"));
    query.processAllAvailable();
    long version = version("events");
    source.add(event("b", "{\"tier\":3}"), event("a"), reject("no JSON"), event("c"));
    query.processAllAvailable();
    assertEquals(4, rowsReadFor(query, 1));
    query.stop();

    assertEquals(new Counts(4, 4, 2, 1, 1), batch(0));
    assertEquals(new Counts(4, 4, 2, 1, 1), batch(1));
    assertEquals(version + 1, version("events"));
    assertEquals(List.of("a:1", "b:3", "c:null", "x:2"), rowsOf("transaction_id", "tier"));
    assertEquals(2, rejects().count());
  }

  @Test
  void eachPartitionMayHaveItsOwnNewNames() throws Exception {
    StreamingQuery query = startWithoutState();
    source.add(IntStream.range(0, 9)
        .mapToObj(n -> event("e" + n, "{\"" + (n % 2 == 0 ? "f" : "F") + n + "\":" + n + ",\"all\":\"x\"}")).toArray(Row[]::new));
    query.processAllAvailable();
    query.stop();
    assertEquals(10, textColumns().size());
    assertEquals(IntStream.range(0, 9).mapToObj(n -> "e" + n + ":x:" + n).toList(), events()
        .selectExpr("concat_ws(':', transaction_id, all, coalesce(f0, f1, f2, f3, f4, f5, f6, f7, f8)) AS line")
        .orderBy("line").collectAsList().stream().map(row -> row.getString(0)).toList());
  }

  @Test
  void anEventBeyondTheHorizonHasItsFieldsToo() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"));
    query.processAllAvailable();
    source.add(old("x", "{\"tier\":\"gold\"}"));
    query.processAllAvailable();
    source.add(old("x", "{\"tier\":\"silver\"}"), old("y", "{\"tier\":\"bronze\"}"));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of("a:null", "x:gold", "y:bronze"), rowsOf("transaction_id", "tier"));
    assertEquals(new Counts(4, 4, 3, 0, 1), total(2));
  }

  @Test
  void fieldsOfRejectsBecomeNothing() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), reject("amount", "{\"tier\":1}".getBytes(), "{\"tier\":1}"));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of(), textColumns());
    assertEquals(1, rejects().where("CAST(value AS STRING) = '{\"tier\":1}'").count());
  }

  @Test
  void manyRejectsChangeNothing() throws Exception {
    StreamingQuery query = start();
    source.add(withLargeRejects(event("a", "{\"tier\":1}"), old("x", "{\"tier\":2}")));
    query.processAllAvailable();
    source.add(withLargeRejects(event("b", "{\"tier\":3,\"other\":4}"), old("y", "{\"other\":5}")));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of("a:1:null", "b:3:4", "x:2:null", "y:null:5"), rowsOf("transaction_id", "tier", "other"));
    assertEquals(new Counts(52, 52, 4, 48, 0), total(1));
    assertTrue(((org.apache.spark.sql.classic.SparkSession) spark).sharedState().cacheManager().isEmpty());
  }

  @Test
  void producersMakeFiftyColumnsAtMost_andTheStreamGoesOn() throws Exception {
    StreamingQuery query = start();
    source.add(event("a", fields(0, 30)), event("b", fields(20, 60)));
    query.processAllAvailable();
    source.add(event("c", fields(60, 3_000)), event("d", "{\"a b\":1,\"_x\":2,\"AMOUNT\":3,\"n1`\":4,\"\":5}"));
    query.processAllAvailable();
    long version = version("events");
    source.add(event("e", "{\"" + textColumns().get(0) + "\":\"kept\",\"n5000\":1}"));
    query.processAllAvailable();
    query.stop();
    assertEquals(50, textColumns().size());
    assertEquals(List.of("a", "b", "c", "d", "e"), storedIds());
    assertEquals("kept", events().where("transaction_id = 'e'").select(textColumns().get(0)).head().getString(0));
    assertEquals(version + 1, version("events"));
    assertEquals(5, events().where("amount = 1.5").count());
  }

  @Test
  void aColumnOfAnotherTypeIsNotFilled() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"));
    query.processAllAvailable();
    spark.sql("ALTER TABLE delta.`" + at("events") + "` ADD COLUMN (points INT, note STRING)");
    source.add(event("b", "{\"points\":1,\"Note\":\"by hand\"}"));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of("a:null:null", "b:null:by hand"), rowsOf("transaction_id", "points", "note"));
  }

  @Test
  void aReplayBeforeTheCommitStoresEachEventOnceWithItsField() throws Exception {
    replaysAfter(() -> constraint("events", "transaction_id <> 'c'"), true);
  }

  @Test
  void aReplayBetweenTheCommitsDoesSoToo() throws Exception {
    replaysAfter(() -> constraint("rejects", "reason <> 'second'"), true);
  }

  @Test
  void aReplayBeforeTheCommitOfOldEventsDoesSoToo() throws Exception {
    replaysAfter(() -> constraint("events", "transaction_id <> 'y'"), true);
  }

  @Test
  void aReplayOfWhatWasAllCommittedDoesSoToo() throws Exception {
    replaysAfter(() -> () -> forgetCommit(1), false);
  }

  /** @param breaks makes the second micro-batch fail until what it gives is run */
  private void replaysAfter(Supplier<Runnable> breaks, boolean isFailure) throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), reject("first"));
    query.processAllAvailable();
    Runnable repair = breaks.get();
    source.add(event("b", "{\"tier\":\"gold\"}"), event("c", "{\"other\":1}"), old("y", "{\"third\":true}"), reject("second"));
    if (isFailure) {
      assertThrows(StreamingQueryException.class, query::processAllAvailable);
    } else {
      query.processAllAvailable();
      query.stop();
    }
    repair.run();

    StreamingQuery again = start();
    again.processAllAvailable();
    source.add(event("d", "{\"tier\":\"silver\"}"), event("b", "{\"tier\":\"gold\"}"));
    again.processAllAvailable();
    again.stop();
    assertEquals(List.of("a:null:null:null", "b:gold:null:null", "c:null:1:null", "d:silver:null:null", "y:null:null:true"),
        rowsOf("transaction_id", "tier", "other", "third"));
    assertEquals(List.of("first", "second"), strings(rejects(), "reason"));
    assertEquals(new Counts(4, 4, 3, 1, 0), batch(1));
    assertEquals(new Counts(8, 8, 5, 2, 1), total(2));
  }

  private static String fields(int from, int until) {
    return IntStream.range(from, until).mapToObj(n -> "\"n" + n + "\":" + n).collect(Collectors.joining(",", "{", "}"));
  }

  private List<String> textColumns() {
    return Arrays.stream(events().columns()).filter(name -> !OF_QUERY.contains(name)).toList();
  }

  private List<String> rowsOf(String... columns) {
    return events().select(columns[0], Arrays.copyOfRange(columns, 1, columns.length)).orderBy(columns[0]).collectAsList()
        .stream().map(row -> IntStream.range(0, row.length()).mapToObj(row::get).map(String::valueOf)
            .collect(Collectors.joining(":"))).toList();
  }
}
