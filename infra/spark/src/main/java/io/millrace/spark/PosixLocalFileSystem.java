package io.millrace.spark;

import org.apache.hadoop.fs.LocalFileSystem;

/**
 * {@code file:} for whoever asks for a {@code FileSystem}: Hadoop's own, checksum files included, over {@link
 * PosixRawLocalFileSystem}.
 *
 * <p>Named by {@code spark.hadoop.fs.file.impl}. Must stay a {@link LocalFileSystem}: Hadoop casts to it in {@code
 * FileSystem.getLocal}.
 */
public final class PosixLocalFileSystem extends LocalFileSystem {

  /** Called by Hadoop. */
  public PosixLocalFileSystem() {
    super(new PosixRawLocalFileSystem());
  }
}
