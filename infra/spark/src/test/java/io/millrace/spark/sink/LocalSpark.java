package io.millrace.spark.sink;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.streaming.MemoryStream;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.function.Executable;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** A real Spark with Delta, set up as conf/spark-defaults.conf does where it matters to the sinks. */
public final class LocalSpark {

  private static int streams;

  private LocalSpark() {}

  public static SparkSession start(Path folder) {
    return SparkSession.builder()
        .master("local[2]")
        .appName("sinks")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.local.dir", folder.toString())
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.databricks.delta.schema.autoMerge.enabled", "true")
        .config("spark.databricks.delta.snapshotPartitions", "1")
        .config("spark.hadoop.fs.file.impl", "io.millrace.spark.PosixLocalFileSystem")
        .config("spark.hadoop.fs.AbstractFileSystem.file.impl", "io.millrace.spark.PosixLocalFs")
        .config("spark.delta.logStore.file.impl", "io.millrace.spark.NamesFirstLogStore")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        // A micro-batch of a test is then one of its own; what Spark adds when the watermark moves has a test.
        .config("spark.sql.streaming.noDataMicroBatches.enabled", "false")
        // Plans here are new each time and their rows few: compiling them would take most of the time.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        // Else tasks ask the driver for every name that might be a class of the session's.
        .config("spark.sql.artifact.isolation.enabled", "false")
        .getOrCreate();
  }

  static int jobsOf(SparkSession spark, Executable work) throws Throwable {
    AtomicInteger jobs = new AtomicInteger();
    SparkListener listener = new SparkListener() {
      @Override
      public void onJobStart(SparkListenerJobStart start) {
        jobs.incrementAndGet();
      }
    };
    spark.sparkContext().listenerBus().waitUntilEmpty();
    spark.sparkContext().addSparkListener(listener);
    try {
      work.execute();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    return jobs.get();
  }

  /** A source of rows for streaming queries, in three partitions, that a query can be started on again. */
  static Source source(SparkSession spark, StructType schema) {
    return new Source(new MemoryStream<>(
        streams++, spark.sqlContext(), Option.apply((Object) 3), Encoders.row(schema)));
  }

  record Source(MemoryStream<Row> stream) {

    void add(Row... rows) {
      stream.addData(CollectionConverters.asScala(Arrays.asList(rows)));
    }

    Dataset<Row> rows() {
      return stream.toDF();
    }
  }
}
