package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
class OtherFieldsFunctionTest {

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
      assertEquals(Arrays.asList("{\"tier\":\"gold\"}", null, null), spark.range(3).selectExpr("id",
              "CASE id WHEN 0 THEN '{\"id\":1,\"tier\":\"gold\"}' WHEN 1 THEN '{\"id\":1,\"amount\":2}' END AS event")
          .selectExpr("id", "millrace_other_fields(CAST(event AS BINARY), 'id,amount') AS others").orderBy("id")
          .select("others").collectAsList().stream().map(row -> row.getString(0)).toList());
    } finally {
      spark.conf().set("spark.sql.codegen.factoryMode", before);
      spark.conf().set("spark.sql.codegen.wholeStage", false);
    }
  }

  @Test
  void theNamesMustBeALiteral() {
    for (String arguments : List.of("CAST('{}' AS BINARY)", "CAST('{}' AS BINARY), CAST(id AS STRING)")) {
      Exception refusal = assertThrows(Exception.class,
          () -> spark.range(1).selectExpr("millrace_other_fields(" + arguments + ")").collect());
      assertTrue(refusal.getMessage().contains("millrace_other_fields takes an event and a literal"), refusal.getMessage());
    }
  }
}
