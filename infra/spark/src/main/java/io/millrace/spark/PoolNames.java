package io.millrace.spark;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The scheduler pools a client may ask for.
 *
 * <p>Spark creates a pool it does not know on first use, silently, with weight 1, no minimum share and FIFO order. A
 * misspelled name would therefore look as if it worked. Only a list of allowed names can tell the difference.
 */
final class PoolNames {

  /** Comma-separated names; a Spark setting because the server reads nothing else. */
  static final String CONF_KEY = "spark.millrace.schedulerPools";

  static final String CONF_DEFAULT = "streaming-pool,batch-pool";

  private static final int LONGEST_QUOTE = 64;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

  private final Set<String> names;

  private PoolNames(Set<String> names) {
    this.names = names;
  }

  /**
   * Reads a comma-separated list; blanks around names and empty entries do not count.
   *
   * @throws IllegalArgumentException if no name is left: then every request that names a pool would be refused, which
   *     is a mistake better seen when the server starts
   */
  static PoolNames parse(String commaSeparated) {
    Set<String> names = new LinkedHashSet<>();
    Arrays.stream(commaSeparated.split(",")).map(String::strip).filter(name -> !name.isEmpty()).forEach(names::add);
    if (names.isEmpty()) {
      throw new IllegalArgumentException(CONF_KEY + " names no scheduler pool, expected for example " + CONF_DEFAULT);
    }
    return new PoolNames(Collections.unmodifiableSet(names));
  }

  boolean allows(String name) {
    return names.contains(name);
  }

  /** Says why a name is refused. The name comes from outside: it is cut and made printable before it is repeated. */
  String refusalOf(String name) {
    String printable = UNPRINTABLE.matcher(name).replaceAll("?");
    String quoted = printable.length() > LONGEST_QUOTE ? printable.substring(0, LONGEST_QUOTE) + "..." : printable;
    return "Unknown scheduler pool '" + quoted + "', expected one of: " + String.join(", ", names);
  }
}
