package io.millrace.spark.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.spark.sink.LocalSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class EventFunctionTest {

  private static final String CONTRACT = "{\"fields\":[{\"name\":\"id\",\"type\":\"int\",\"mistyped\":\"no id\"}],"
      + "\"notAnObject\":\"no object\",\"rules\":[]}";

  @TempDir
  static Path root;

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.start(root);
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NO_CODEGEN", "CODEGEN_ONLY"})
  void sqlCanCallIt(String mode) {
    String before = spark.conf().get("spark.sql.codegen.factoryMode");
    spark.conf().set("spark.sql.codegen.factoryMode", mode);
    spark.conf().set("spark.sql.codegen.wholeStage", mode.equals("CODEGEN_ONLY"));
    try {
      // From a range, so that the answer is not computed while the plan is made.
      assertEquals(Arrays.asList("1,null,{\"tier\":\"gold\"}", "null,no id,null", "null,no object,null"),
          spark.range(3).selectExpr("id",
                  "CASE id WHEN 0 THEN '{\"id\":1,\"tier\":\"gold\"}' WHEN 1 THEN '{\"id\":true}' END AS value")
              .selectExpr("id AS place",
                  "millrace_event(CAST(value AS BINARY), array(current_timestamp()), '" + CONTRACT + "') AS event")
              .where("event._ingested_at = current_timestamp()").orderBy("place")
              .selectExpr("concat_ws(',', coalesce(string(event.id), 'null'), coalesce(event._reject_reason, 'null'), "
                  + "coalesce(event._other_fields, 'null'))")
              .collectAsList().stream().map(row -> row.getString(0)).toList());
    } finally {
      spark.conf().set("spark.sql.codegen.factoryMode", before);
      spark.conf().set("spark.sql.codegen.wholeStage", false);
    }
  }

  @Test
  void theContractMustBeALiteral() {
    for (String arguments : List.of("value", "value, now", "value, now, CAST(id AS STRING)", "value, now, NULL")) {
      assertRefused(arguments, "millrace_event takes an event, the time in an array and a literal with the contract");
    }
    assertRefused("value, now, '{}'", "no contract of events");
  }

  private static void assertRefused(String arguments, String message) {
    Exception refusal = assertThrows(Exception.class,
        () -> spark.range(1).selectExpr("id", "CAST('{}' AS BINARY) AS value", "array(current_timestamp()) AS now")
            .selectExpr("millrace_event(" + arguments + ")").collect());
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }
}
