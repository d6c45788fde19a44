package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.delta.storage.HDFSLogStore;
import io.delta.storage.LogStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesFirstLogStoreTest {

  private static final String FIRST = "00000000000000000000.json";
  private static final String SECOND = "00000000000000000001.json";

  private final Configuration conf = new Configuration();
  private final LogStore store = new NamesFirstLogStore(conf);

  @TempDir
  java.nio.file.Path folder;

  @BeforeEach
  void writeLog() throws IOException {
    List<String> names = List.of(FIRST, "00000000000000000000.crc", SECOND, "00000000000000000001.checkpoint.parquet",
        "_last_checkpoint", ".00000000000000000001.json.crc", "00000000000000000002.compacted tmp", "00000000000000000002.json:Zone.Identifier");
    for (String name : names) {
      Files.writeString(folder.resolve(name), name);
    }
    Files.createDirectory(folder.resolve("_sidecars"));
  }

  @ParameterizedTest
  @ValueSource(strings = {FIRST, SECOND, "00000000000000000001.", "00000000000000000003.", "_", "~", "\u0000", ".0"})
  void findsWhatDeltaFinds(String from) throws IOException {
    Path path = new Path(folder.toUri().toString(), from);
    assertEquals(described(new HDFSLogStore(conf).listFrom(path, conf)), described(store.listFrom(path, conf)));
  }

  @Test
  void aFileThatGoesAwayMeanwhileIsLeftOut() throws IOException {
    Iterator<FileStatus> files = store.listFrom(at("_last"), conf);
    Files.delete(folder.resolve("_last_checkpoint"));
    assertEquals("_sidecars", files.next().getPath().getName());
    assertFalse(files.hasNext());
  }

  @Test
  void aLogThatIsNotThereIsAnError() {
    assertThrows(FileNotFoundException.class, () -> store.listFrom(at("gone/" + FIRST), conf));
  }

  private Path at(String name) {
    return new Path(folder.toUri().toString(), name);
  }

  private static List<String> described(Iterator<FileStatus> files) {
    List<String> described = new ArrayList<>();
    files.forEachRemaining(file -> described.add(file.getPath() + " " + file.getLen() + " " + file.getModificationTime()
        + " " + file.isDirectory()));
    return described;
  }
}
