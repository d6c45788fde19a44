package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.StageInfo;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;

class CancelledExecutionsTest {

  private final List<Integer> cancelledJobs = new ArrayList<>();
  private final CancelledExecutions executions = new CancelledExecutions((jobId, reason) -> cancelledJobs.add(jobId), 3);

  @Test
  void aJobThatRunsIsCancelled() {
    start(1, tagged("mine"));
    executions.cancel("mine");
    assertEquals(List.of(1), cancelledJobs);
  }

  @Test
  void jobsThatStartLaterAreCancelledEachOfThem() {
    executions.cancel("mine");
    start(1, tagged("mine"));
    end(1);
    start(2, tagged("mine"));
    assertEquals(List.of(1, 2), cancelledJobs);
  }

  @Test
  void oneTagAmongOthersIsEnough() {
    executions.cancel("mine");
    start(1, tagged("a,mine,b"));
    assertEquals(List.of(1), cancelledJobs);
  }

  @Test
  void jobsOfOtherExecutionsGoOn() {
    start(1, tagged("mine-too"));
    start(2, tagged("other"));
    executions.cancel("mine");
    start(3, tagged("mine-too,other"));
    assertEquals(List.of(), cancelledJobs);
  }

  @Test
  void jobsOfAStreamingQueryGoOnThoughTheyInheritTheTag() {
    Properties streaming = tagged("mine");
    streaming.setProperty("sql.streaming.queryId", "0a1b2c3d");
    start(1, streaming);
    executions.cancel("mine");
    start(2, streaming);
    assertEquals(List.of(), cancelledJobs);
  }

  @Test
  void jobsWithoutTagsGoOn() {
    executions.cancel("mine");
    executions.cancel("");
    start(1, null);
    start(2, new Properties());
    start(3, tagged(""));
    assertEquals(List.of(), cancelledJobs);
  }

  @Test
  void aJobThatHasEndedIsLeftAlone() {
    start(1, tagged("mine"));
    end(1);
    executions.cancel("mine");
    assertEquals(List.of(), cancelledJobs);
  }

  @Test
  void onlyTheLatestTagsAreRemembered() {
    for (String tag : List.of("first", "second", "third", "fourth")) {
      executions.cancel(tag);
    }
    start(1, tagged("first"));
    start(2, tagged("second"));
    start(4, tagged("fourth"));
    assertEquals(List.of(2, 4), cancelledJobs);
  }

  @Test
  void aJobWhoseEndIsNeverHeardOfIsForgottenWhenEnoughOthersHaveStarted() {
    for (int jobId = 1; jobId <= 4; jobId++) {
      start(jobId, tagged("mine"));
    }
    executions.cancel("mine");
    assertEquals(List.of(2, 3, 4), cancelledJobs);
  }

  private void start(int jobId, Properties properties) {
    executions.onJobStart(new SparkListenerJobStart(jobId, 0L, noStages(), properties));
  }

  private void end(int jobId) {
    executions.onJobEnd(new SparkListenerJobEnd(jobId, 0L, JobSucceeded$.MODULE$));
  }

  private static Properties tagged(String tags) {
    Properties properties = new Properties();
    properties.setProperty("spark.job.tags", tags);
    return properties;
  }

  @SuppressWarnings("unchecked")
  private static Seq<StageInfo> noStages() {
    return (Seq<StageInfo>) (Seq<?>) Nil$.MODULE$;
  }
}
