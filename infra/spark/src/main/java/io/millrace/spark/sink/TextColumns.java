package io.millrace.spark.sink;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of the table of events that hold fields which the query does not know: those of type string that the query
 * does not have. Names are compared as Delta does, without regard to case.
 */
final class TextColumns implements Serializable {

  static final TextColumns NONE = of(new StructType(), new StructType());

  private static final long serialVersionUID = 1L;

  /** Bounds what a producer can make of the table. Columns that somebody has added to it by hand may be more. */
  private static final int MOST = 50;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

  private final List<String> names;
  private final List<String> lowerCased;
  /** The other columns. */
  private final Set<String> taken;

  private TextColumns(List<String> names, Set<String> taken) {
    this.names = List.copyOf(names);
    this.lowerCased = names.stream().map(TextColumns::lowerCased).toList();
    this.taken = Set.copyOf(taken);
  }

  static TextColumns of(StructType table, StructType rows) {
    Set<String> taken = new HashSet<>();
    for (String name : rows.fieldNames()) {
      taken.add(lowerCased(name));
    }
    List<String> names = new ArrayList<>();
    for (StructField field : table.fields()) {
      if (!taken.contains(lowerCased(field.name())) && field.dataType().equals(DataTypes.StringType)) {
        names.add(field.name());
      } else {
        taken.add(lowerCased(field.name()));
      }
    }
    return new TextColumns(names, taken);
  }

  /** These and columns for further names, as many as there is room for. */
  TextColumns with(Collection<String> further) {
    TextColumns wider = this;
    for (String name : further) {
      if (wider.room() > 0 && wider.mayAdd(name)) {
        List<String> more = new ArrayList<>(wider.names);
        more.add(name);
        wider = new TextColumns(more, taken);
      }
    }
    return wider;
  }

  StructType appendTo(StructType rows) {
    StructType wider = rows;
    for (String name : names) {
      wider = wider.add(name, DataTypes.StringType, true);
    }
    return wider;
  }

  int size() {
    return names.size();
  }

  /** How many columns may be added. */
  int room() {
    return Math.max(0, MOST - names.size());
  }

  /** @return -1 if there is no such column */
  int indexOf(String name) {
    return isAllowed(name) ? lowerCased.indexOf(lowerCased(name)) : -1;
  }

  /** Whether there may be a column of that name and is none. */
  boolean mayAdd(String name) {
    return isAllowed(name) && indexOf(name) < 0 && !taken.contains(lowerCased(name));
  }

  private static boolean isAllowed(String name) {
    return NAME.matcher(name).matches();
  }

  private static String lowerCased(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
