package io.millrace.spark;

import io.delta.storage.HDFSLogStore;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Delta's log on a local file system, listed by its names.
 *
 * <p>Each commit lists the log from the last checkpoint on, some hundred files. Hadoop looks at every file of the folder
 * for that, and a stream that commits twice a second leaves 690,000 of them in a day. Here only those are looked at whose
 * names are wanted, and each only when it is asked for.
 */
public final class NamesFirstLogStore extends HDFSLogStore {

  public NamesFirstLogStore(Configuration conf) {
    super(conf);
  }

  /** As Delta's own: files of the folder whose names are not before that of the path, by name. */
  @Override
  public Iterator<FileStatus> listFrom(Path path, Configuration conf) throws IOException {
    Path folder = path.getParent();
    String[] names = new File(folder.toUri().getPath())
        .list((in, name) -> name.compareTo(path.getName()) >= 0 && !isChecksumOfHadoop(name));
    if (names == null) {
      // Delta's own says why: a folder that is not there is no table, one that cannot be read now is an error.
      return super.listFrom(path, conf);
    }
    Arrays.sort(names);
    return new Files(path.getFileSystem(conf), folder, names);
  }

  /** Beside each file there is one, which Hadoop's own listing leaves out too. */
  private static boolean isChecksumOfHadoop(String name) {
    return name.startsWith(".") && name.endsWith(".crc");
  }

  /** Without those that were deleted meanwhile. */
  private static final class Files implements Iterator<FileStatus> {
    private final FileSystem system;
    private final Path folder;
    private final Iterator<String> names;
    private FileStatus next;

    Files(FileSystem system, Path folder, String[] names) {
      this.system = system;
      this.folder = folder;
      this.names = Arrays.asList(names).iterator();
    }

    @Override
    public boolean hasNext() {
      while (next == null && names.hasNext()) {
        next = statusOrNull(new Path(folder, asName(names.next())));
      }
      return next != null;
    }

    @Override
    public FileStatus next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      FileStatus status = next;
      next = null;
      return status;
    }

    /** As text it could be taken for something with a scheme. */
    private static Path asName(String name) {
      return new Path(null, null, name);
    }

    private FileStatus statusOrNull(Path file) {
      try {
        return system.getFileStatus(file);
      } catch (FileNotFoundException gone) {
        return null;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
