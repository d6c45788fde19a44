package io.millrace.spark.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.streaming.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the events of a stream, each one once, and what is no event among the rejects.
 *
 * <p>A micro-batch makes up to three commits: its events; its rejects; and of the events beyond the horizon, whose first
 * copy the query's state may have forgotten, those that the table does not have. Each has a transaction id of its own, so a
 * replay after a crash repeats what is missing and nothing else. Then it writes its counts ({@link CountsLog}).
 *
 * <p>The rows are read once: what is for the second and third commit is set aside while the events are written. Only if
 * that is too much to be set aside the rows are kept and read again, and those of the next micro-batch kept from the start.
 *
 * <p>Fields of events that the query does not know become text columns ({@link TextColumns}). A micro-batch that brings a
 * new one is written twice.
 */
final class EventsSink implements Sink {

  private static final Logger LOG = LoggerFactory.getLogger(EventsSink.class);
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
  private boolean hasWarned;

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
    TextColumns texts = TextColumns.of(events.schema(batch.session()), data.schema());
    SourceOffsets offsets = SourceOffsets.of(batch, checkpointLocation);
    try (CountedRows rows = new CountedRows(batch, columns.with(texts))) {
      if (severalPasses) {
        rows.keep();
      }
      Map<String, Long> counts = store(batch, rows, offsets);
      warnOfFieldsLeftOut(rows);
      ObjectNode facts = new ObjectMapper().createObjectNode().set("offsets", offsets.json());
      countsLog(batch).write(batch.queryId(), batch.id(), batch.timestampMs(), facts, counts);
    }
  }

  private Map<String, Long> store(MicroBatch batch, CountedRows rows, SourceOffsets offsets) {
    Transaction transaction = new Transaction(batch.queryId(), batch.id(), batch.metadata(offsets));
    if (!rejectsAreThere) {
      rejects.fit(batch.session(), rows.schemaOfRejects());
      rejectsAreThere = true;
    }

    // In a retry the source is read again: what the first pass counted must not be counted twice.
    var stored = retry.run(() -> appendEvents(rows, transaction), rows::counts);
    CountedRows.Counts counts = rows.counts();
    severalPasses = !rows.wereSetAside();

    long rejected = counts.rejected() == 0 ? 0
        : retry.run(() -> rejects.append(rows.toReject(), transaction), () -> { })
            .orElse(counts.rejected());
    long checked = counts.beyondHorizon() == 0 ? 0
        : retry.run(() -> appendChecked(rows, transaction), () -> { });
    return counts(offsets, counts, stored.orElse(counts.stored()) + checked, rejected);
  }

  /** Only a pass tells which fields the events have. New ones become columns before anything is committed without them. */
  private OptionalLong appendEvents(CountedRows rows, Transaction transaction) {
    AppendTable.Written written = events.write(rows.toStore(), transaction);
    return rows.takesUpFreshFields() ? events.append(rows.toStore(), transaction) : written.commit();
  }

  private long appendChecked(CountedRows rows, Transaction transaction) {
    Transaction ofChecked = new Transaction(transaction.appId() + CHECKED, transaction.batchId(), transaction.metadata());
    return events.append(rows.toStoreIfNotIn(events.path()), ofChecked).orElse(0);
  }

  private void warnOfFieldsLeftOut(CountedRows rows) {
    if (!hasWarned && rows.fieldsLeftOut() > 0) {
      hasWarned = true;
      LOG.warn("{} fields of events are not stored in {}, such as {} (said once per run): rename them at their producer, a"
              + " letter first, then letters, digits and _, at most 64, and no column's name in another case; if 50 columns were"
              + " added already, add the ones you want by ALTER TABLE, of type STRING",
          rows.fieldsLeftOut(), events.path(), rows.namesLeftOut());
    }
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
