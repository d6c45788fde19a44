package io.millrace.spark.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;

/** A rule of an event's contract, the same as {@code ContractRule} of {@code libs/domain}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @Type(name = "required", value = ContractRule.Required.class),
    @Type(name = "one_of", value = ContractRule.OneOf.class),
    @Type(name = "not_empty", value = ContractRule.NotEmpty.class),
    @Type(name = "pattern", value = ContractRule.Matching.class),
    @Type(name = "range", value = ContractRule.Range.class),
    @Type(name = "null_where", value = ContractRule.NullWhere.class),
    @Type(name = "null_unless", value = ContractRule.NullUnless.class),
    @Type(name = "always_null", value = ContractRule.AlwaysNull.class),
    @Type(name = "not_ahead", value = ContractRule.NotAhead.class),
    @Type(name = "discounted_product", value = ContractRule.DiscountedProduct.class),
})
sealed interface ContractRule {

  /** The reason of an event that breaks it. */
  String violation();

  /** @throws IllegalArgumentException if the events have no such field */
  ContractCheck check(EventFields events);

  record Required(String field, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field);
      return (event, now) -> event.isNullAt(at);
    }
  }

  record AlwaysNull(String field, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field);
      return (event, now) -> !event.isNullAt(at);
    }
  }

  record NullWhere(String field, String other, List<String> values, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field);
      Predicate<InternalRow> isOneOfThem = events.hasOneOf(other, values);
      return (event, now) -> !event.isNullAt(at) && isOneOfThem.test(event);
    }
  }

  record NullUnless(String field, String other, List<String> values, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field);
      int atOther = events.at(other);
      Predicate<InternalRow> isOneOfThem = events.hasOneOf(other, values);
      return (event, now) -> !event.isNullAt(at) && !event.isNullAt(atOther) && !isOneOfThem.test(event);
    }
  }

  record OneOf(String field, List<String> values, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field);
      Predicate<InternalRow> isOneOfThem = events.hasOneOf(field, values);
      return (event, now) -> !event.isNullAt(at) && !isOneOfThem.test(event);
    }
  }

  record NotEmpty(String field, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field, DataTypes.StringType);
      return (event, now) -> !event.isNullAt(at) && event.getUTF8String(at).numBytes() == 0;
    }
  }

  record Matching(String field, String pattern, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field, DataTypes.StringType);
      Pattern whole = Pattern.compile(pattern);
      return (event, now) -> !event.isNullAt(at) && !whole.matcher(event.getUTF8String(at).toString()).matches();
    }
  }

  /** Bounds are included, null: the largest number that there is. Not a number is outside. */
  record Range(String field, Double min, Double max, String violation) implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field);
      ToDoubleFunction<InternalRow> number = events.number(field);
      double least = min == null ? -Double.MAX_VALUE : min;
      double most = max == null ? Double.MAX_VALUE : max;
      return (event, now) -> {
        if (event.isNullAt(at)) {
          return false;
        }
        double value = number.applyAsDouble(event);
        return !(value >= least && value <= most);
      };
    }
  }

  record NotAhead(String field, long maxSeconds, String violation) implements ContractRule {
    private static final long MICROS_PER_SECOND = 1_000_000L;

    @Override
    public ContractCheck check(EventFields events) {
      int at = events.at(field, DataTypes.TimestampType);
      return (event, now) -> !event.isNullAt(at) && event.getLong(at) > now + maxSeconds * MICROS_PER_SECOND;
    }
  }

  record DiscountedProduct(
      String field, String quantity, String price, String discountPercent, double tolerance, String violation)
      implements ContractRule {
    @Override
    public ContractCheck check(EventFields events) {
      int[] needed = {events.at(field), events.at(quantity), events.at(price)};
      int atDiscount = events.at(discountPercent);
      ToDoubleFunction<InternalRow> product = events.number(field);
      ToDoubleFunction<InternalRow> quantities = events.number(quantity);
      ToDoubleFunction<InternalRow> prices = events.number(price);
      ToDoubleFunction<InternalRow> discounts = events.number(discountPercent);
      return (event, now) -> {
        for (int at : needed) {
          if (event.isNullAt(at)) {
            return false;
          }
        }
        double factor = 1 - (event.isNullAt(atDiscount) ? 0 : discounts.applyAsDouble(event)) / 100;
        double expected = quantities.applyAsDouble(event) * prices.applyAsDouble(event) * factor;
        // Written so that what is not a number breaks the rule.
        return !(Math.abs(product.applyAsDouble(event) - expected) <= tolerance);
      };
    }
  }
}
