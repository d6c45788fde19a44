package io.millrace.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.TaskNotSerializableException;
import org.apache.spark.scheduler.Pool;
import org.apache.spark.scheduler.TaskDescription;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.TaskSet;
import org.apache.spark.scheduler.TaskSetManager;
import org.apache.spark.util.SystemClock;
import scala.Enumeration;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Map;

/** Spark's scheduler of local mode, which takes no task from a pool that already runs as many as it may. */
final class MaxShareTaskScheduler extends TaskSchedulerImpl {

  /** As in Spark's own local mode: what failed here once fails again. */
  private static final int MAX_TASK_FAILURES = 1;

  private final MaxShares maxShares;

  MaxShareTaskScheduler(SparkContext context, MaxShares maxShares) {
    super(context, MAX_TASK_FAILURES, true, new SystemClock());
    this.maxShares = maxShares;
  }

  @Override
  public TaskSetManager createTaskSetManager(TaskSet taskSet, int maxTaskFailures) {
    return new MaxShareTaskSetManager(taskSet, maxTaskFailures);
  }

  private final class MaxShareTaskSetManager extends TaskSetManager {

    MaxShareTaskSetManager(TaskSet taskSet, int maxTaskFailures) {
      super(MaxShareTaskScheduler.this, taskSet, maxTaskFailures, Option.empty(), new SystemClock());
    }

    /** Asked for each free slot in turn, under the scheduler's lock; the end of any task makes it ask again. */
    @Override
    public Tuple3<Option<TaskDescription>, Object, Object> resourceOffer(
        String executorId,
        String host,
        Enumeration.Value maxLocality,
        int taskCpus,
        Map<String, Map<String, Object>> taskResourceAssignments)
        throws TaskNotSerializableException {
      Pool pool = parent();
      if (pool.runningTasks() >= maxShares.of(pool.name())) {
        return new Tuple3<>(Option.empty(), false, -1);
      }
      return super.resourceOffer(executorId, host, maxLocality, taskCpus, taskResourceAssignments);
    }
  }
}
