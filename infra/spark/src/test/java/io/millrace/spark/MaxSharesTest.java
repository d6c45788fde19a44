package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaxSharesTest {

  private static final File OURS = new File("../../conf/fairscheduler.xml");

  @TempDir
  Path folder;

  @Test
  void oursLeavesTheStreamsTheirMinimumOfEightSlots() {
    MaxShares shares = MaxShares.read(OURS);
    assertEquals(4, shares.of("batch-pool"));
    assertEquals(Integer.MAX_VALUE, shares.of("streaming-pool"));
  }

  @Test
  void withoutAFileNoPoolHasAMaximum() {
    assertEquals(Integer.MAX_VALUE, MaxShares.of(new SparkConf(false)).of("batch-pool"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "2.5", "all", "", "99999999999"})
  void aMaximumThatIsNoWholeNumberFromOneIsRefusedWithItsPool(String maximum) throws IOException {
    File file = write("<allocations><pool name=\"p\"><maxShare>" + maximum + "</maxShare></pool></allocations>");
    String message = assertThrows(IllegalArgumentException.class, () -> MaxShares.read(file)).getMessage();
    assertEquals("The maxShare of pool 'p' is '" + maximum + "', expected a whole number from 1", message);
  }

  @Test
  void aFileThatIsNoXmlIsRefusedWithItsName() throws IOException {
    File file = write("batch-pool: 4");
    String message = assertThrows(IllegalArgumentException.class, () -> MaxShares.read(file)).getMessage();
    assertTrue(message.startsWith("Cannot read the pools of " + file), message);
  }

  private File write(String text) throws IOException {
    return Files.writeString(folder.resolve("pools.xml"), text).toFile();
  }
}
