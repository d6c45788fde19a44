package io.millrace.spark.event;

import java.util.List;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The SQL function {@code millrace_event(value BINARY, now ARRAY<TIMESTAMP>, contract STRING)}: see {@link EventReader}.
 * {@code contract} is a literal, an {@link EventContract} as JSON.
 *
 * <p>{@code now} has one element. Spark writes a timestamp itself into the code that it generates, which would be compiled,
 * and warmed up, for each micro-batch anew; of an array it writes that there is one.
 *
 * <p>Spark finds the function by {@code META-INF/services}. Made of {@code Invoke}, as Spark makes its own functions for JSON,
 * so that generated code calls the method with the bytes as they are: a UDF would convert them.
 */
public final class EventFunction implements SparkSessionExtensionsProvider {

  static final String NAME = "millrace_event";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectFunction(new Tuple3<>(
        new FunctionIdentifier(NAME),
        new ExpressionInfo(EventReader.class.getName(), NAME),
        EventFunction::of));
    return BoxedUnit.UNIT;
  }

  private static Expression of(Seq<Expression> arguments) {
    if (arguments.size() != 3 || !(arguments.apply(2) instanceof Literal contract) || contract.value() == null) {
      throw new IllegalArgumentException(NAME + " takes an event, the time in an array and a literal with the contract");
    }
    EventReader reader = new EventReader(contract.value().toString(), SQLConf.get().sessionLocalTimeZone());
    return new Invoke(
        Literal.create(reader, new ObjectType(EventReader.class)),
        "read",
        reader.schema(),
        seq(orEmpty(arguments.apply(0)), arguments.apply(1)),
        EventFunction.<AbstractDataType>seq(DataTypes.BinaryType, DataTypes.createArrayType(DataTypes.TimestampType)),
        false,
        false,
        true);
  }

  /** The code that is generated for {@code Invoke} hands over what the row before had instead of a null. */
  private static Expression orEmpty(Expression value) {
    return new Coalesce(seq(value, Literal.create(new byte[0], DataTypes.BinaryType)));
  }

  @SafeVarargs
  private static <T> Seq<T> seq(T... elements) {
    return CollectionConverters.asScala(List.of(elements)).toSeq();
  }
}
