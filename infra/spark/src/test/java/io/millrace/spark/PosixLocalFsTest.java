package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.storage.HDFSLogStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PosixLocalFsTest {

  private static final int WRITERS = 4;

  /** Hadoop's own lets two succeed in about one of 150 rounds. */
  private static final int ROUNDS = 1000;

  @TempDir java.nio.file.Path directory;

  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private Configuration conf;
  private FileContext files;

  @BeforeEach
  void theSettingChoosesIt() throws IOException {
    conf = new Configuration();
    conf.set("fs.file.impl", PosixLocalFileSystem.class.getName());
    conf.set("fs.AbstractFileSystem.file.impl", PosixLocalFs.class.getName());
    files = FileContext.getFileContext(URI.create("file:///"), conf);
    assertInstanceOf(PosixLocalFs.class, files.getDefaultFileSystem());
  }

  @AfterEach
  void noWriterIsLeft() {
    threads.shutdownNow();
  }

  @Test
  void ofManyRenamesToOneNameExactlyOneSucceeds() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path target = at("target " + round);
      List<Callable<String>> renames = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String name = round + "-" + writer;
        Files.writeString(directory.resolve(name), name);
        renames.add(
            () -> {
              files.rename(at(name), target, Rename.NONE);
              return name;
            });
      }
      List<String> winners = winnersOf(renames);
      assertEquals(1, winners.size(), "round " + round);
      assertEquals(winners.get(0), Files.readString(directory.resolve("target " + round)));
      assertFalse(Files.exists(directory.resolve(winners.get(0))), "the old name is gone");
    }
  }

  @Test
  void ofManyDeltaCommitsOfOneVersionExactlyOneSucceeds() throws Exception {
    HDFSLogStore commits = new HDFSLogStore(conf);
    for (int version = 0; version < 20; version++) {
      Path commit = at("%020d.json".formatted(version));
      List<Callable<String>> writes = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String action = "writer " + writer;
        writes.add(
            () -> {
              commits.write(commit, List.of(action).iterator(), false, conf);
              return action;
            });
      }
      List<String> winners = winnersOf(writes);
      assertEquals(1, winners.size(), "version " + version);
      assertEquals(winners.get(0) + "\n", Files.readString(java.nio.file.Path.of(commit.toUri())));
    }
  }

  @Test
  void noProcessIsStarted() throws IOException {
    java.nio.file.Path recorded = directory.resolve("processes.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      new HDFSLogStore(conf).write(at("commit"), List.of("action").iterator(), false, conf);
      files.mkdir(at("directory"), FsPermission.getDirDefault(), true);
      files.create(at("directory/file"), EnumSet.of(CreateFlag.CREATE)).close();
      files.rename(at("directory/file"), at("directory/renamed"), Rename.OVERWRITE);
      recording.stop();
      recording.dump(recorded);
    }
    assertEquals(List.of(), RecordingFile.readAllEvents(recorded));
  }

  @Test
  void aRenameThatMayOverwriteDoes() throws IOException {
    Files.writeString(directory.resolve("new"), "new");
    Files.writeString(directory.resolve("old"), "old");
    files.rename(at("new"), at("old"), Rename.OVERWRITE);
    assertEquals("new", Files.readString(directory.resolve("old")));
    assertFalse(Files.exists(directory.resolve("new")));
  }

  @Test
  void aTakenNameIsRefusedAndBothFilesStay() throws IOException {
    Files.writeString(directory.resolve("new"), "new");
    Files.writeString(directory.resolve("old"), "old");
    assertThrows(FileAlreadyExistsException.class, () -> files.rename(at("new"), at("old"), Rename.NONE));
    assertEquals("old", Files.readString(directory.resolve("old")));
    assertEquals("new", Files.readString(directory.resolve("new")));
  }

  @Test
  void directoriesOtherDirectoriesAndLinksAreRenamedToo() throws IOException {
    Files.createDirectories(directory.resolve("from/inner"));
    Files.createDirectory(directory.resolve("elsewhere"));
    Files.writeString(directory.resolve("from/file"), "content");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("to"));

    files.rename(at("from"), at("to"), Rename.NONE);
    files.rename(at("to/file"), at("elsewhere/file"), Rename.NONE);
    files.rename(at("link"), at("renamed link"), Rename.NONE);

    assertTrue(Files.isDirectory(directory.resolve("to/inner")));
    assertEquals("content", Files.readString(directory.resolve("elsewhere/file")));
    assertTrue(Files.isSymbolicLink(directory.resolve("renamed link")));
  }

  @Test
  void aMissingFileCannotBeRenamed() {
    assertThrows(FileNotFoundException.class, () -> files.rename(at("missing"), at("new"), Rename.NONE));
  }

  private Path at(String name) {
    return new Path(new Path(directory.toUri()), name);
  }

  /** Starts all at once and returns the results of those that did not meet a taken name. */
  private List<String> winnersOf(List<Callable<String>> writers) throws Exception {
    CyclicBarrier start = new CyclicBarrier(writers.size());
    List<Future<String>> results = new ArrayList<>();
    for (Callable<String> writer : writers) {
      results.add(
          threads.submit(
              () -> {
                start.await();
                return writer.call();
              }));
    }
    List<String> winners = new ArrayList<>();
    for (Future<String> result : results) {
      try {
        winners.add(result.get());
      } catch (ExecutionException lost) {
        assertTrue(lost.getCause().getClass().getSimpleName().equals("FileAlreadyExistsException"), lost.toString());
      }
    }
    return winners;
  }
}
