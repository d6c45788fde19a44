package io.millrace.spark.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What an event must be, as {@code libs/domain} declares it: typed fields, and rules in the order in which they are looked at.
 *
 * @param notAnObject the reason of a value that is no JSON object
 */
record EventContract(List<Field> fields, String notAnObject, List<ContractRule> rules) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /**
   * @param type as in DDL
   * @param mistyped the reason of an event that has a value of another type here
   */
  record Field(String name, String type, String mistyped) {}

  /** @throws IllegalArgumentException if the text is no contract */
  static EventContract of(String json) {
    try {
      EventContract contract = JSON.readValue(json, EventContract.class);
      contract.checks();
      return contract;
    } catch (JsonProcessingException noContract) {
      throw new IllegalArgumentException("no contract of events: " + noContract.getOriginalMessage(), noContract);
    }
  }

  StructType schema() {
    StructType schema = new StructType();
    for (Field field : fields) {
      schema = schema.add(field.name, DataType.fromDDL(field.type), true);
    }
    return schema;
  }

  Set<String> names() {
    return fields.stream().map(Field::name).collect(Collectors.toSet());
  }

  /** One for each rule. */
  ContractCheck[] checks() {
    EventFields events = new EventFields(schema());
    return rules.stream().map(rule -> rule.check(events)).toArray(ContractCheck[]::new);
  }
}
