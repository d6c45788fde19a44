package io.millrace.spark.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.streaming.Sink;

/**
 * Stores the events of a stream, each one once, and what is no event among the rejects.
 *
 * <p>A micro-batch makes up to three commits: its events; its rejects; and of the events beyond the horizon, whose first
 * copy the query's state may have forgotten, those that the table does not have. Each has a transaction id of its own, so a
 * replay after a crash repeats what is missing and nothing else. Then it writes its counts ({@link CountsLog}).
 *
 * <p>The rows are read once: what is for the second and third commit is set aside while the events are written. Only if
 * that is too much to be set aside the rows are kept and read again, and those of the next micro-batch kept from the start.
 */
final class EventsSink implements Sink {

  private static final String CHECKED = "/checked";
  private static final int MAX_ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MS = 100;

  private final AppendTable events;
  private final AppendTable rejects;
  private final String keyColumn;
  private final String dateColumn;
  private final String checkpointLocation;
  private final ConflictRetry retry = new ConflictRetry(MAX_ATTEMPTS, FIRST_PAUSE_MS);
  private CountsLog countsLog;
  /** The previous micro-batch had too many rows to set aside; then this one has too, most of the time. */
  private boolean severalPasses;
  private boolean rejectsAreThere;

  EventsSink(
      AppendTable events, AppendTable rejects, String keyColumn, String dateColumn, String checkpointLocation) {
    this.events = events;
    this.rejects = rejects;
    this.keyColumn = keyColumn;
    this.dateColumn = dateColumn;
    this.checkpointLocation = checkpointLocation;
  }

  @Override
  public void addBatch(long batchId, Dataset<Row> data) {
    MicroBatch batch = new MicroBatch(batchId, data);
    EventColumns columns = EventColumns.of(data.schema(), keyColumn, dateColumn);
    SourceOffsets offsets = SourceOffsets.of(batch, checkpointLocation);
    try (CountedRows rows = new CountedRows(batch, columns)) {
      if (severalPasses) {
        rows.keep();
      }
      Map<String, Long> counts = store(batch, columns, rows, offsets);
      ObjectNode facts = new ObjectMapper().createObjectNode().set("offsets", offsets.json());
      countsLog(batch).write(batch.queryId(), batch.id(), batch.timestampMs(), facts, counts);
    }
  }

  private Map<String, Long> store(MicroBatch batch, EventColumns columns, CountedRows rows, SourceOffsets offsets) {
    Transaction transaction = new Transaction(batch.queryId(), batch.id(), batch.metadata(offsets));
    Dataset<Row> all = rows.dataset();
    if (!rejectsAreThere) {
      rejects.fit(batch.session(), columns.toReject(all).schema());
      rejectsAreThere = true;
    }

    // In a retry the source is read again: what the first pass counted must not be counted twice.
    var stored = retry.run(() -> events.append(columns.toStore(all), transaction), rows::counts);
    CountedRows.Counts counts = rows.counts();
    severalPasses = !rows.wereSetAside();

    long rejected = counts.rejected() == 0 ? 0
        : retry.run(() -> rejects.append(columns.toReject(rows.further()), transaction), () -> { })
            .orElse(counts.rejected());
    long checked = counts.beyondHorizon() == 0 ? 0
        : retry.run(() -> appendChecked(columns, rows.further(), transaction), () -> { });
    return counts(offsets, counts, stored.orElse(counts.stored()) + checked, rejected);
  }

  private long appendChecked(EventColumns columns, Dataset<Row> rows, Transaction transaction) {
    Transaction ofChecked = new Transaction(transaction.appId() + CHECKED, transaction.batchId(), transaction.metadata());
    return events.append(columns.notIn(events.path(), columns.toCheck(rows)), ofChecked).orElse(0);
  }

  private static Map<String, Long> counts(
      SourceOffsets offsets, CountedRows.Counts counts, long stored, long rejected) {
    long offered = offsets.offered().orElse(counts.rowsRead());
    long received = counts.received().orElse(offered);
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("offered", offered);
    all.put("received", received);
    all.put("stored", stored);
    all.put("rejected", rejected);
    all.put("duplicate", received - rejected - stored);
    return all;
  }

  private CountsLog countsLog(MicroBatch batch) {
    if (countsLog == null) {
      countsLog = new CountsLog(checkpointLocation, batch.hadoopConf());
    }
    return countsLog;
  }

  /** Shown as the sink in the progress of the query. */
  @Override
  public String toString() {
    return EventsSinkProvider.FORMAT + "[" + events.path() + "]";
  }
}
