package io.millrace.spark.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaHistory;
import org.apache.spark.sql.delta.DeltaHistoryManager;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations.StreamingUpdate;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.FileAction;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Delta table, by path, that micro-batches are appended to, each at most once.
 *
 * <p>Commits as Delta's own streaming sink does, through a transaction of Delta rather than a {@code DataFrameWriter}:
 * only so the rows can be written first and the commit be left out if there were none. Rests on {@code
 * OptimisticTransaction} of Delta 4.3, which Delta calls internal.
 */
final class AppendTable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROWS = "numOutputRows";
  /** Commits whose history is read at once, in search of an earlier one. */
  private static final long HISTORY_BLOCK = 200;

  private final String path;
  private final List<String> partitionColumns;
  private final Map<String, String> properties;

  AppendTable(String path, List<String> partitionColumns, Map<String, String> properties) {
    this.path = path;
    this.partitionColumns = partitionColumns;
    this.properties = properties;
  }

  static AppendTable ofRejects(String path, Map<String, String> properties) {
    return new AppendTable(path, List.of(EventColumns.REJECT_DATE), properties);
  }

  String path() {
    return path;
  }

  /**
   * Appends the rows in one commit; without rows there is none. A transaction that was committed before is not repeated.
   *
   * @return how many rows the commit added, now or then; empty if it was made then and the log no longer knows
   */
  OptionalLong append(Dataset<Row> rows, Transaction transaction) {
    return write(rows, transaction).commit();
  }

  /** Rows in files that are no part of the table yet. If they never are, a VACUUM removes the files. */
  interface Written {

    /** @return as {@link #append} */
    OptionalLong commit();
  }

  /** The first half of {@link #append}: what the rows turn out to be may forbid the second. */
  Written write(Dataset<Row> rows, Transaction transaction) {
    SparkSession session = rows.sparkSession();
    fit(session, rows.schema());
    OptimisticTransaction open = log(session).startTransaction(Option.empty(), Option.empty());
    if (lastBatchId(open, transaction.appId()) >= transaction.batchId()) {
      return () -> rowsCommitted(open.snapshot(), transaction);
    }
    Seq<FileAction> files = open.writeFiles(rows);
    return () -> OptionalLong.of(files.isEmpty() ? 0 : commit(session, open, files, transaction));
  }

  /**
   * Creates the table if it is absent, adds columns it lacks, and refuses what cannot be stored in it. The transaction
   * that appends does not look at types.
   */
  void fit(SparkSession session, StructType schema) {
    if (holds(log(session).unsafeVolatileSnapshot(), schema) || holds(snapshot(session), schema)) {
      return;
    }
    session.createDataFrame(List.<Row>of(), schema).write().format("delta").mode("append")
        .partitionBy(partitionColumns.toArray(String[]::new))
        .option("mergeSchema", "true")
        .options(properties)
        .save(path);
    if (!holds(snapshot(session), schema)) {
      throw new IllegalArgumentException("The table " + path + " cannot hold the columns " + schema.toDDL());
    }
  }

  private boolean holds(Snapshot snapshot, StructType schema) {
    if (snapshot.version() < 0) {
      return false;
    }
    List<String> stored = CollectionConverters.asJava(snapshot.metadata().partitionColumns());
    if (!stored.equals(partitionColumns)) {
      throw new IllegalArgumentException(
          "The table " + path + " is partitioned by " + stored + ", but the query writes by " + partitionColumns);
    }
    Map<String, DataType> types = Arrays.stream(snapshot.schema().fields()).map(AppendTable::lowerCased)
        .collect(Collectors.toMap(StructField::name, StructField::dataType));
    return Arrays.stream(schema.fields()).map(AppendTable::lowerCased)
        .allMatch(field -> types.containsKey(field.name())
            && DataType.equalsIgnoreCaseAndNullability(field.dataType(), types.get(field.name())));
  }

  private static StructField lowerCased(StructField field) {
    return new StructField(field.name().toLowerCase(Locale.ROOT), field.dataType(), field.nullable(), field.metadata());
  }

  private static long commit(
      SparkSession session, OptimisticTransaction open, Seq<FileAction> files, Transaction transaction) {
    registerFiles(session, open, files.size());
    List<Action> actions = new ArrayList<>(CollectionConverters.asJava(files));
    actions.add(0, new SetTransaction(
        transaction.appId(), transaction.batchId(), Option.apply((Object) System.currentTimeMillis())));
    open.commit(
        CollectionConverters.asScala(actions).toSeq(),
        new StreamingUpdate(
            OutputMode.Append(), transaction.appId(), transaction.batchId(), Option.apply(transaction.metadata())));
    return open.getMetric(ROWS).get().value();
  }

  /** The history then says of our commits what it says of those of Delta's sink. */
  private static void registerFiles(SparkSession session, OptimisticTransaction open, int added) {
    SparkContext context = session.sparkContext();
    SQLMetric files = SQLMetrics.createMetric(context, "number of files added");
    files.set(added);
    Map<String, SQLMetric> metrics = Map.of(
        "numAddedFiles", files, "numRemovedFiles", SQLMetrics.createMetric(context, "number of files removed"));
    open.registerSQLMetrics(
        session, scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(metrics)));
  }

  /**
   * What {@code txnVersion} of the transaction says, for which Delta reads the whole state of the table again; most of the
   * time the checksum of the version tells it too.
   *
   * @return -1 if there was none
   */
  private static long lastBatchId(OptimisticTransaction open, String appId) {
    Option<VersionChecksum> checksum = open.snapshot().checksumOpt();
    if (checksum.isEmpty() || checksum.get().setTransactions().isEmpty()) {
      return open.txnVersion(appId);
    }
    // As txnVersion does, so that another run of this query that commits meanwhile is a conflict.
    open.readTxn().addOne(appId);
    return CollectionConverters.asJava(checksum.get().setTransactions().get()).stream()
        .filter(committed -> committed.appId().equals(appId))
        .mapToLong(SetTransaction::version)
        .findFirst()
        .orElse(-1);
  }

  private static OptionalLong rowsCommitted(Snapshot snapshot, Transaction transaction) {
    DeltaHistoryManager history = snapshot.deltaLog().history();
    for (long end = snapshot.version(); end >= 0; end -= HISTORY_BLOCK) {
      Seq<DeltaHistory> block =
          history.getHistory(Math.max(0, end - HISTORY_BLOCK + 1), Option.apply((Object) end), Option.empty());
      for (DeltaHistory commit : CollectionConverters.asJava(block)) {
        if (isOf(transaction, commit) && commit.operationMetrics().isDefined()) {
          return OptionalLong.of(Long.parseLong(commit.operationMetrics().get().apply(ROWS)));
        }
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isOf(Transaction transaction, DeltaHistory commit) {
    Function<String, String> parameter = name -> text(commit.operationParameters().get(name));
    return transaction.appId().equals(parameter.apply("queryId"))
        && Long.toString(transaction.batchId()).equals(parameter.apply("epochId"));
  }

  /** Of a parameter, which Delta keeps as JSON. */
  private static String text(Option<String> json) {
    try {
      return json.isEmpty() ? null : JSON.readTree(json.get()).asText();
    } catch (JsonProcessingException e) {
      return json.get();
    }
  }

  /** Without columns if the table is absent. As this process knows it: what others add is seen with the next commit. */
  StructType schema(SparkSession session) {
    return log(session).unsafeVolatileSnapshot().schema();
  }

  private Snapshot snapshot(SparkSession session) {
    return log(session).update(false, Option.empty(), Option.empty());
  }

  private DeltaLog log(SparkSession session) {
    return DeltaLog.forTable(session, path);
  }
}
