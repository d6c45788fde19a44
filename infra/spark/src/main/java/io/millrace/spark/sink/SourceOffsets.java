package io.millrace.spark.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.execution.datasources.v2.MicroBatchScanExec;
import org.apache.spark.sql.execution.streaming.OffsetSeq;
import org.apache.spark.sql.execution.streaming.OffsetSeqLog;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * From where to where a micro-batch reads its sources.
 *
 * @param json for Kafka {@code {topic: {partition: [from, until]}}}; for other sources {@code {"source": {"start", "end"}}}
 *     with the offsets as the source writes them; empty if there is nothing to be had
 * @param offered messages between the offsets of Kafka; empty for other sources
 */
record SourceOffsets(ObjectNode json, OptionalLong offered) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Offsets of one source as it writes them; the start may be null. */
  record Range(JsonNode start, JsonNode end) {

    /** Kafka's are numbers by topic and partition. */
    boolean isKafka() {
      return isByPartition(start) && isByPartition(end);
    }

    private static boolean isByPartition(JsonNode offsets) {
      return offsets.isObject() && !offsets.isEmpty() && all(offsets, topic ->
          topic.isObject() && all(topic, JsonNode::isIntegralNumber));
    }

    private static boolean all(JsonNode object, Predicate<JsonNode> condition) {
      for (JsonNode value : object) {
        if (!condition.test(value)) {
          return false;
        }
      }
      return true;
    }
  }

  static SourceOffsets of(MicroBatch batch, String checkpointLocation) {
    List<Range> ranges = new ArrayList<>();
    for (MicroBatchScanExec scan : batch.scans()) {
      ranges.add(new Range(parse(scan.start().json()), parse(scan.end().json())));
    }
    if (ranges.isEmpty()) {
      ranges.addAll(logged(batch, checkpointLocation));
    }
    return of(ranges);
  }

  static SourceOffsets of(List<Range> ranges) {
    ObjectNode json = JSON.createObjectNode();
    long offered = 0;
    boolean allKafka = !ranges.isEmpty();
    for (Range range : ranges) {
      if (range.isKafka()) {
        offered += putPartitions(json, range);
      } else {
        allKafka = false;
        json.putObject("source").<ObjectNode>set("start", range.start()).set("end", range.end());
      }
    }
    return new SourceOffsets(json, allKafka ? OptionalLong.of(offered) : OptionalLong.empty());
  }

  private static long putPartitions(ObjectNode json, Range range) {
    long offered = 0;
    for (var topic : range.end().properties()) {
      ObjectNode partitions = json.withObjectProperty(topic.getKey());
      for (var partition : topic.getValue().properties()) {
        // A partition that is new to the query is read from its beginning.
        long from = range.start().path(topic.getKey()).path(partition.getKey()).asLong(0);
        long until = partition.getValue().asLong();
        partitions.putArray(partition.getKey()).add(from).add(until);
        offered += until - from;
      }
    }
    return offered;
  }

  /** Of sources without new data and of those of the older interface, Delta's for one: from the log in the checkpoint. */
  private static List<Range> logged(MicroBatch batch, String checkpointLocation) {
    OffsetSeqLog log = new OffsetSeqLog(batch.session(), checkpointLocation + "/offsets");
    List<JsonNode> ends = read(log, batch.id());
    List<JsonNode> starts = read(log, batch.id() - 1);
    List<Range> ranges = new ArrayList<>();
    for (int source = 0; source < ends.size(); source++) {
      JsonNode start = source < starts.size() ? starts.get(source) : JSON.nullNode();
      if (!ends.get(source).isNull()) {
        ranges.add(new Range(start, ends.get(source)));
      }
    }
    return ranges;
  }

  private static List<JsonNode> read(OffsetSeqLog log, long batchId) {
    Option<OffsetSeq> offsets = batchId < 0 ? Option.empty() : log.get(batchId);
    return offsets.isEmpty()
        ? List.of()
        : CollectionConverters.asJava(offsets.get().offsets()).stream().map(SourceOffsets::parse).toList();
  }

  private static JsonNode parse(Option<Offset> offset) {
    return offset.isEmpty() ? JSON.nullNode() : parse(offset.get().json());
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.getNodeFactory().textNode(json);
    }
  }
}
