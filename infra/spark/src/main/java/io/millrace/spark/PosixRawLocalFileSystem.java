package io.millrace.spark;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system without a process for every file, and with an atomic rename that does not overwrite.
 *
 * <p>Without its native library, which no Maven artifact carries, Hadoop starts the program {@code chmod} for each file
 * and directory it creates and {@code readlink} four times for each rename through a {@code FileContext}, which is how
 * Delta commits and how a stream keeps its checkpoint. One micro-batch creates dozens of files. The JDK can do the same
 * with system calls. Everything rare or subtle is left to Hadoop: symbolic links, set-user-ID, set-group-ID and sticky
 * bits, and file stores that know no POSIX permissions (Windows).
 *
 * <p>What keeps two writers from committing one version of a Delta table is a rename that has to fail if the new name
 * is taken. Hadoop looks first and renames afterwards, so of two processes both can succeed. Here the second one fails.
 *
 * <p>Rests on Hadoop 3.4: {@link RawLocalFileSystem} sets every permission, umask already applied, through {@link
 * #setPermission}; {@link #getFileLinkStatus} of anything but a link is {@link #getFileStatus}; and a {@code
 * FileContext} renames through {@link #rename(Path, Path, Rename...)}.
 */
final class PosixRawLocalFileSystem extends RawLocalFileSystem {

  /** "unix" is the JDK's only way to see the three bits above the nine permissions. */
  private static final boolean HAS_UNIX_MODES = FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final int SPECIAL_BITS = 07000;

  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    java.nio.file.Path file = unixPathOrNull(pathToFile(path));
    if (file == null) {
      super.setPermission(path, permission);
      return;
    }
    try {
      // A numeric chmod keeps a directory's set-group-ID bit and clears a file's; the JDK would clear both.
      if (((permission.toShort() | modeOf(file)) & SPECIAL_BITS) != 0) {
        super.setPermission(path, permission);
      } else {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(symbolsOf(permission)));
      }
    } catch (NoSuchFileException gone) {
      FileNotFoundException notFound = new FileNotFoundException("File " + path + " does not exist");
      notFound.initCause(gone);
      throw notFound;
    }
  }

  @Override
  public FileStatus getFileLinkStatus(Path path) throws IOException {
    java.nio.file.Path file = unixPathOrNull(pathToFile(path));
    return file == null || Files.isSymbolicLink(file) ? super.getFileLinkStatus(path) : getFileStatus(path);
  }

  @Override
  @Deprecated
  protected void rename(Path source, Path target, Rename... options) throws IOException {
    boolean overwrites = Arrays.asList(options).contains(Rename.OVERWRITE);
    if (overwrites || !renamedByLink(source, target)) {
      super.rename(source, target, options);
    }
  }

  /**
   * Renames a regular file inside its directory by a hard link, the one system call of the JDK that gives a file a name
   * only if the name is free.
   *
   * @return false if nothing was done: not such a file, or no hard links here
   */
  private boolean renamedByLink(Path source, Path target) throws IOException {
    java.nio.file.Path file = unixPathOrNull(pathToFile(source));
    java.nio.file.Path name = unixPathOrNull(pathToFile(target));
    if (file == null || name == null || !Objects.equals(file.getParent(), name.getParent())) {
      return false;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      Files.createLink(name, file);
    } catch (java.nio.file.FileAlreadyExistsException taken) {
      throw new FileAlreadyExistsException("rename destination " + target + " already exists.");
    } catch (IOException | UnsupportedOperationException noHardLinks) {
      return false;
    }
    Files.deleteIfExists(file);
    return true;
  }

  private static java.nio.file.Path unixPathOrNull(File file) {
    if (!HAS_UNIX_MODES) {
      return null;
    }
    try {
      return file.toPath();
    } catch (InvalidPathException unmappable) {
      // The JVM's encoding of file names lacks a character, as under LANG=C; java.io.File puts up with that.
      return null;
    }
  }

  private static int modeOf(java.nio.file.Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:mode");
  }

  private static String symbolsOf(FsPermission permission) {
    return permission.getUserAction().SYMBOL + permission.getGroupAction().SYMBOL + permission.getOtherAction().SYMBOL;
  }
}
