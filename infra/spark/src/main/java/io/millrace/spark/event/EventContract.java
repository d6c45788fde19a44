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

  /** @throws IllegalArgumentException if the text is no contract, or one that no event can be held against */
  static EventContract of(String json) {
    EventContract contract = read(json);
    contract.checks(contract.schema());
    return contract;
  }

  /** Of what was looked at before. */
  static EventContract read(String json) {
    try {
      return JSON.readValue(json, EventContract.class);
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

  /** One for each rule. @throws IllegalArgumentException if a rule is about a field that is not there or of another type */
  ContractCheck[] checks(StructType schema) {
    EventFields events = new EventFields(schema);
    return rules.stream().map(rule -> rule.check(events)).toArray(ContractCheck[]::new);
  }
}
