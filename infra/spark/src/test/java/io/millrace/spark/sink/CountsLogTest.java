package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountsLogTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUERY = "6b5a1c1e-0000-4000-8000-000000000000";

  @TempDir
  Path checkpoint;

  private CountsLog log;

  @BeforeEach
  void newLog() {
    log = new CountsLog(checkpoint.toString(), new Configuration());
  }

  @Test
  void aFileSaysWhatAMicroBatchDidAndWhatAllDid() throws IOException {
    write(0, 10);
    write(1, 5);
    assertEquals(
        "{\"queryId\":\"" + QUERY + "\",\"batchId\":1,\"time\":\"2026-11-22T10:00:00.007Z\",\"offsets\":{\"t\":{\"0\":[3,8]}},"
            + "\"batch\":{\"stored\":5},\"total\":{\"stored\":15}}",
        Files.readString(file(1)));
  }

  @Test
  void aReplayReplacesTheFileAndAddsNothing() throws IOException {
    write(0, 10);
    write(1, 5);
    String before = Files.readString(file(1));
    write(1, 5);
    assertEquals(before, Files.readString(file(1)));
  }

  @Test
  void anotherStartGoesOnFromTheFiles() throws IOException {
    write(0, 10);
    write(1, 5);
    newLog();
    write(1, 5);
    write(2, 1);
    assertEquals(16, total(2));
  }

  @Test
  void theNewestHundredAreKept() throws IOException {
    for (int batchId = 0; batchId < 120; batchId++) {
      write(batchId, 1);
    }
    List<String> kept;
    try (Stream<Path> files = Files.list(checkpoint.resolve("counts"))) {
      kept = files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".crc")).sorted().toList();
    }
    assertEquals(100, kept.size());
    assertEquals("100.json", kept.get(0));
    assertEquals(false, kept.contains("19.json"));
    assertEquals(120, total(119));
  }

  @Test
  void whatCannotBeWrittenIsNoSuccess() throws IOException {
    Files.createFile(checkpoint.resolve("counts"));
    Exception failure = assertThrows(UncheckedIOException.class, () -> write(0, 1));
    assertEquals("Cannot write the counts of micro-batch 0 to " + checkpoint.resolve("counts"), failure.getMessage());
  }

  private void write(long batchId, long stored) {
    ObjectNode facts = JSON.createObjectNode();
    facts.putObject("offsets").putObject("t").putArray("0").add(3).add(8);
    log.write(QUERY, batchId, 1795341600007L, facts, Map.of("stored", stored));
  }

  private long total(long batchId) throws IOException {
    return JSON.readTree(file(batchId).toFile()).path("total").path("stored").asLong();
  }

  private Path file(long batchId) {
    return checkpoint.resolve("counts").resolve(batchId + ".json");
  }
}
