package io.millrace.spark.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.streaming.CheckpointFileManager;
import org.apache.spark.sql.execution.streaming.CheckpointFileManager.CancellableFSDataOutputStream;

/**
 * What each micro-batch did, in numbers: {@code <checkpointLocation>/counts/<batchId>.json}. Progress of Spark is lost when
 * the server is; these files are not, and a replay writes the same again.
 *
 * <p>Written as Spark writes its checkpoints, under another name first, so that a reader sees a whole file or none.
 */
final class CountsLog {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter UTC_MS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String SUFFIX = ".json";
  private static final int KEPT = 100;

  private final Path folder;
  private final Configuration hadoop;
  /** Batch ids with a file; read from the folder once, for only this query writes there. */
  private NavigableSet<Long> written;

  CountsLog(String checkpointLocation, Configuration hadoop) {
    this.folder = new Path(checkpointLocation, "counts");
    this.hadoop = hadoop;
  }

  static String time(long epochMs) {
    return UTC_MS.format(Instant.ofEpochMilli(epochMs));
  }

  /**
   * Writes the file of a micro-batch.
   *
   * @param timestampMs of the micro-batch, not of the writing: a replay must write the same
   * @param facts further fields of the file
   * @param counts of the micro-batch; the file has them and their sums over all micro-batches so far
   */
  void write(String queryId, long batchId, long timestampMs, ObjectNode facts, Map<String, Long> counts) {
    try {
      CheckpointFileManager files = CheckpointFileManager.create(folder, hadoop);
      if (written == null) {
        written = list(files);
      }
      ObjectNode json = JSON.createObjectNode()
          .put("queryId", queryId)
          .put("batchId", batchId)
          .put("time", time(timestampMs));
      json.setAll(facts);
      JsonNode before = totalBefore(files, batchId);
      ObjectNode ofBatch = json.putObject("batch");
      ObjectNode total = json.putObject("total");
      counts.forEach((name, count) -> {
        ofBatch.put(name, count);
        total.put(name, before.path(name).asLong(0) + count);
      });
      put(files, batchId, json);
      forgetOld(files);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the counts of micro-batch " + batchId + " to " + folder, e);
    }
  }

  private JsonNode totalBefore(CheckpointFileManager files, long batchId) throws IOException {
    Long previous = written.lower(batchId);
    if (previous == null) {
      return JSON.missingNode();
    }
    try (InputStream in = files.open(file(previous))) {
      return JSON.readTree(in).path("total");
    }
  }

  private void put(CheckpointFileManager files, long batchId, JsonNode json) throws IOException {
    CancellableFSDataOutputStream out = files.createAtomic(file(batchId), true);
    try {
      out.write(JSON.writeValueAsBytes(json));
      out.close();
    } catch (IOException | RuntimeException e) {
      out.cancel();
      throw e;
    }
    written.add(batchId);
  }

  private void forgetOld(CheckpointFileManager files) {
    while (written.size() > KEPT) {
      files.delete(file(written.pollFirst()));
    }
  }

  private NavigableSet<Long> list(CheckpointFileManager files) {
    NavigableSet<Long> batchIds = new TreeSet<>();
    if (!files.exists(folder)) {
      files.mkdirs(folder);
    }
    Arrays.stream(files.list(folder)).map(FileStatus::getPath).map(Path::getName)
        .filter(name -> name.matches("\\d+\\.json"))
        .forEach(name -> batchIds.add(Long.valueOf(name.substring(0, name.length() - SUFFIX.length()))));
    return batchIds;
  }

  private Path file(long batchId) {
    return new Path(folder, batchId + SUFFIX);
  }
}
