package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolNamesTest {

  @Test
  void theDefaultAllowsTheTwoPoolsOfTheFairSchedulerFile() {
    PoolNames pools = PoolNames.parse(PoolNames.CONF_DEFAULT);
    assertTrue(pools.allows("streaming-pool"));
    assertTrue(pools.allows("batch-pool"));
  }

  @Test
  void blanksAndEmptyEntriesDoNotCount() {
    PoolNames pools = PoolNames.parse(" fast ,, slow,");
    assertTrue(pools.allows("fast"));
    assertTrue(pools.allows("slow"));
    assertFalse(pools.allows(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Fast", "fast ", "fas", "fast,slow", "default"})
  void onlyTheExactNameIsAllowed(String name) {
    assertFalse(PoolNames.parse("fast,slow").allows(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", " , ,"})
  void aListWithoutANameIsRefused(String list) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> PoolNames.parse(list));
    assertTrue(refusal.getMessage().startsWith(PoolNames.CONF_KEY), refusal.getMessage());
  }

  @Test
  void aRefusalNamesTheValueAndTheAllowedNames() {
    assertEquals(
        "Unknown scheduler pool 'batch', expected one of: fast, slow",
        PoolNames.parse("fast,slow").refusalOf("batch"));
  }

  @Test
  void aRefusalRepeatsNothingUnprintableOrLong() {
    String refusal = PoolNames.parse("fast").refusalOf("a\r\nb\u00e9\u0000" + "x".repeat(5000));
    assertEquals("Unknown scheduler pool 'a??b??" + "x".repeat(58) + "...', expected one of: fast", refusal);
  }
}
