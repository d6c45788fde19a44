package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Side by side with Hadoop's own file system, which says what is right. */
@DisabledOnOs(OS.WINDOWS)
class PosixLocalFileSystemTest {

  @TempDir java.nio.file.Path directory;

  private Configuration conf;

  @BeforeEach
  void nothingIsConfiguredYet() {
    conf = new Configuration();
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "027", "077"})
  void filesChecksumFilesAndDirectoriesHaveThePermissionsHadoopGivesThem(String umask) throws IOException {
    conf.set("fs.permissions.umask-mode", umask);
    create(hadoop(), "hadoop/deep/file");
    create(ours(), "ours/deep/file");
    assertAll(
        List.of("", "/deep", "/deep/file", "/deep/.file.crc").stream()
            .map(name -> () -> assertEquals(modeOf("hadoop" + name), modeOf("ours" + name), name)));
  }

  @ParameterizedTest
  @ValueSource(shorts = {0, 0400, 0644, 0755, 0777, 01777, 01000})
  void aPermissionIsSetAsHadoopSetsIt(short permission) throws IOException {
    for (String name : List.of("file", "directory", "with-set-group-id")) {
      for (FileSystem system : List.of(hadoop(), ours())) {
        Path path = at(nameOf(system) + "/" + name);
        make(name, path);
        system.setPermission(path, new FsPermission(permission));
      }
      assertEquals(modeOf("hadoop/" + name), modeOf("ours/" + name), name);
    }
  }

  @Test
  void aPermissionSetThroughASymbolicLinkIsItsTargets() throws IOException {
    create(ours(), "target");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("target"));
    ours().setPermission(at("link"), new FsPermission((short) 0600));
    assertEquals(0600, modeOf("target") & 0777);
    assertTrue(Files.isSymbolicLink(directory.resolve("link")));
  }

  @Test
  void theStatusOfLinksFilesAndDirectoriesIsHadoops() throws IOException {
    create(ours(), "file");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("file"));
    Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nothing"));
    for (String name : List.of("file", "link", "dangling", ".")) {
      Path withoutScheme = new Path(directory.resolve(name).toString());
      FileStatus expected = hadoop().getFileLinkStatus(withoutScheme);
      FileStatus actual = ours().getFileLinkStatus(withoutScheme);
      assertEquals(expected.toString(), actual.toString(), name);
    }
  }

  @Test
  void aMissingFileIsNotFound() throws IOException {
    Path missing = at("missing");
    FsPermission permission = new FsPermission((short) 0644);
    assertThrows(FileNotFoundException.class, () -> ours().setPermission(missing, permission));
    assertThrows(FileNotFoundException.class, () -> ours().getFileLinkStatus(missing));
    assertFalse(ours().exists(missing));
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "a=b%2Fc", "tick'quote\"dollar$", "-rf", "#1?", "new\nline"})
  void anyNameWillDo(String name) throws IOException {
    Path path = new Path(at("parent"), new Path(null, null, name));
    try (FSDataOutputStream out = ours().create(path)) {
      out.writeByte(1);
    }
    ours().setPermission(path, new FsPermission((short) 0640));
    assertEquals(0640, modeOf("parent/" + name) & 0777);
  }

  @Test
  void theOwnerStays() throws IOException {
    create(ours(), "file");
    Object owner = Files.getOwner(directory.resolve("file"));
    ours().setPermission(at("file"), new FsPermission((short) 0600));
    assertEquals(owner, Files.getOwner(directory.resolve("file")));
  }

  @Test
  void manyThreadsMayCreateInOneNewDirectory() throws Exception {
    FileSystem system = ours();
    List<Callable<Integer>> writers =
        IntStream.range(0, 64)
            .<Callable<Integer>>mapToObj(
                number ->
                    () -> {
                      create(system, "new/" + number % 4 + "/" + number);
                      return modeOf("new/" + number % 4 + "/" + number) & 0777;
                    })
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<Integer> mode : threads.invokeAll(writers)) {
        assertEquals(0644, mode.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theSettingChoosesItAndHadoopsCastHolds() throws IOException {
    conf.set("fs.file.impl", PosixLocalFileSystem.class.getName());
    conf.setBoolean("fs.file.impl.disable.cache", true);
    LocalFileSystem local = FileSystem.getLocal(conf);
    assertInstanceOf(PosixLocalFileSystem.class, local);
    assertInstanceOf(PosixRawLocalFileSystem.class, local.getRaw());
  }

  private FileSystem hadoop() throws IOException {
    return started(new LocalFileSystem());
  }

  private FileSystem ours() throws IOException {
    return started(new PosixLocalFileSystem());
  }

  private FileSystem started(FileSystem system) throws IOException {
    system.initialize(URI.create("file:///"), conf);
    return system;
  }

  private static String nameOf(FileSystem system) {
    return system instanceof PosixLocalFileSystem ? "ours" : "hadoop";
  }

  private Path at(String name) {
    return new Path(new Path(directory.toUri()), name);
  }

  private void create(FileSystem system, String name) throws IOException {
    try (FSDataOutputStream out = system.create(at(name))) {
      out.writeByte(1);
    }
  }

  /** Makes a file or a directory without the file systems under test. */
  private static void make(String name, Path path) throws IOException {
    java.nio.file.Path file = java.nio.file.Path.of(path.toUri());
    Files.createDirectories(file.getParent());
    if (name.equals("file")) {
      Files.createFile(file);
      return;
    }
    Files.createDirectory(file);
    if (name.equals("with-set-group-id")) {
      Files.setAttribute(file, "unix:mode", 02775);
    }
  }

  private int modeOf(String name) throws IOException {
    return (Integer) Files.getAttribute(directory.resolve(name), "unix:mode");
  }
}
