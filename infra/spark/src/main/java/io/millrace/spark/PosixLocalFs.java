package io.millrace.spark;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.local.LocalConfigKeys;

/**
 * {@code file:} for whoever asks for a {@code FileContext}, as Delta does to commit and a stream to keep its
 * checkpoint: Hadoop's own, checksum files included, over {@link PosixRawLocalFileSystem}.
 *
 * <p>Named by {@code spark.hadoop.fs.AbstractFileSystem.file.impl}. The counterpart of Hadoop's {@code LocalFs}, which
 * cannot be extended because its constructors are not visible.
 */
public final class PosixLocalFs extends ChecksumFs {

  /** Called by Hadoop, which wants these two parameters; the first says nothing, there is one local file system. */
  public PosixLocalFs(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(new Raw(conf));
  }

  /** The counterpart of Hadoop's {@code RawLocalFs}. */
  private static final class Raw extends DelegateToFileSystem {

    Raw(Configuration conf) throws IOException, URISyntaxException {
      super(
          FsConstants.LOCAL_FS_URI, new PosixRawLocalFileSystem(), conf, FsConstants.LOCAL_FS_URI.getScheme(), false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public FsServerDefaults getServerDefaults(Path path) throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    @Override
    @Deprecated
    public FsServerDefaults getServerDefaults() throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    /** Which names are valid is for the operating system to say. */
    @Override
    public boolean isValidName(String name) {
      return true;
    }
  }
}
