package io.millrace.spark.sink;

import java.util.List;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The SQL function {@code millrace_other_fields(event BINARY, known STRING)}: see {@link OtherFields}. {@code known} is a
 * literal, names with commas between them.
 *
 * <p>Spark finds it by {@code META-INF/services}. Made of {@code Invoke}, as Spark makes its own functions for JSON, so that
 * generated code calls the method with the bytes as they are: a UDF would convert them.
 */
public final class OtherFieldsFunction implements SparkSessionExtensionsProvider {

  static final String NAME = "millrace_other_fields";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectFunction(new Tuple3<>(
        new FunctionIdentifier(NAME),
        new ExpressionInfo(OtherFields.class.getName(), NAME),
        OtherFieldsFunction::of));
    return BoxedUnit.UNIT;
  }

  private static Expression of(Seq<Expression> arguments) {
    if (arguments.size() != 2 || !(arguments.apply(1) instanceof Literal known) || known.value() == null) {
      throw new IllegalArgumentException(NAME + " takes an event and a literal with the names of its known fields");
    }
    OtherFields fields = new OtherFields(List.of(known.value().toString().split(",")));
    return new Invoke(
        Literal.create(fields, new ObjectType(OtherFields.class)),
        "of",
        DataTypes.StringType,
        seq(arguments.head()),
        seq(DataTypes.BinaryType),
        true,
        true,
        true);
  }

  private static <T> Seq<T> seq(T one) {
    return CollectionConverters.asScala(List.<T>of(one)).toSeq();
  }
}
