package io.millrace.spark;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.execution.streaming.StreamExecution;

/**
 * Executions that were cancelled: their jobs end, those that run and those that start later.
 *
 * <p>Spark Connect gives the jobs of an execution a tag. Spark 4.0 cancels the jobs of that tag once, when the execution's
 * thread ends; a job that another thread submits a moment later runs on, with nobody waiting for it. So tags of cancelled
 * executions are remembered, and what Spark says of each job that starts is compared with them.
 *
 * <p>Jobs are cancelled one by one rather than with {@code cancelJobsWithTag}: a streaming query inherits the tag of the
 * execution that started it, and must go on whatever becomes of that one. Its jobs are known by its id among their
 * properties.
 *
 * <p>Spark drops events of a listener queue that overflows. A queue of its own keeps the slow listeners of others from doing
 * that to this one. An event that is lost all the same leaves a job that is not cancelled, or an entry that is forgotten when
 * enough others have come.
 */
final class CancelledExecutions extends SparkListener {

  /**
   * Cancelled tags, and running jobs; either takes about 300 bytes. A tag that is forgotten was cancelled so long ago that its
   * execution has ended, and a job that is forgotten has most likely ended without our hearing of it.
   */
  static final int REMEMBERED = 10_000;

  static final String JOB_TAGS = SparkContext$.MODULE$.SPARK_JOB_TAGS();

  private static final String QUEUE = "millraceCancelledExecutions";
  private static final String SEPARATOR = SparkContext$.MODULE$.SPARK_JOB_TAGS_SEP();
  private static final String STREAMING_QUERY = StreamExecution.QUERY_ID_KEY();
  private static final String REASON = "its execution was cancelled";

  /** Ends one job, soon; a job that has ended already is none of its business. */
  interface JobCancellation {
    void cancel(int jobId, String reason);
  }

  private final JobCancellation jobs;
  private final Set<String> cancelledTags;
  private final Map<Integer, Set<String>> tagsOfRunningJobs;

  CancelledExecutions(JobCancellation jobs, int remembered) {
    this.jobs = jobs;
    this.cancelledTags = Collections.newSetFromMap(latest(remembered));
    this.tagsOfRunningJobs = latest(remembered);
  }

  /**
   * Makes one that hears of every job of the context from now on. That a listener chooses its queue is meant for
   * Spark itself ({@code private[spark]}), and public in its classes.
   */
  static CancelledExecutions listeningTo(SparkContext context) {
    CancelledExecutions executions = new CancelledExecutions(context::cancelJob, REMEMBERED);
    context.listenerBus().addToQueue(executions, QUEUE);
    return executions;
  }

  /** Ends all jobs with the tag, also those that have not started yet. */
  synchronized void cancel(String jobTag) {
    cancelledTags.add(jobTag);
    tagsOfRunningJobs.forEach(
        (jobId, tags) -> {
          if (tags.contains(jobTag)) {
            jobs.cancel(jobId, REASON);
          }
        });
  }

  /** The scheduler knows the job before it tells of it, so it can be cancelled already. */
  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    Set<String> tags = executionTags(start.properties());
    if (tags.isEmpty()) {
      return;
    }
    tagsOfRunningJobs.put(start.jobId(), tags);
    if (!Collections.disjoint(tags, cancelledTags)) {
      jobs.cancel(start.jobId(), REASON);
    }
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    tagsOfRunningJobs.remove(end.jobId());
  }

  /** A map that forgets its oldest entry when it holds more than {@code most}. */
  private static <K, V> Map<K, V> latest(int most) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /** Tags of a job that lives and dies with an execution; none for other jobs. */
  private static Set<String> executionTags(Properties properties) {
    String tags = properties == null ? null : properties.getProperty(JOB_TAGS);
    if (tags == null || tags.isEmpty() || properties.getProperty(STREAMING_QUERY) != null) {
      return Set.of();
    }
    return Arrays.stream(tags.split(SEPARATOR)).collect(Collectors.toSet());
  }
}
