package io.millrace.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExternalClusterManager;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskScheduler;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.local.LocalSchedulerBackend;

/**
 * The master {@code local[N,maxShare]}: {@code local[N]} in which pools have a maximum.
 *
 * <p>FAIR knows weights and a minimum, and takes no slot back: a few batches fill all slots while a stream waits for its
 * next trigger, and each stage of its micro-batch then waits for a batch's task to end. A maximum for the batches leaves
 * slots free that the stream finds at once. Spark calls this extension point private; the version is pinned, and the test
 * runs a real scheduler.
 */
public final class MaxShareLocalMode implements ExternalClusterManager {

  private static final Pattern MASTER = Pattern.compile("local\\[([1-9][0-9]{0,3}),maxShare]");

  @Override
  public boolean canCreate(String master) {
    return MASTER.matcher(master).matches();
  }

  @Override
  public TaskScheduler createTaskScheduler(SparkContext context, String master) {
    return new MaxShareTaskScheduler(context, MaxShares.of(context.getConf()));
  }

  @Override
  public SchedulerBackend createSchedulerBackend(SparkContext context, String master, TaskScheduler scheduler) {
    return new LocalSchedulerBackend(context.getConf(), (TaskSchedulerImpl) scheduler, slotsOf(master));
  }

  @Override
  public void initialize(TaskScheduler scheduler, SchedulerBackend backend) {
    ((TaskSchedulerImpl) scheduler).initialize(backend);
  }

  private static int slotsOf(String master) {
    Matcher matcher = MASTER.matcher(master);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("Not a master of local mode with maximum shares: " + master);
    }
    return Integer.parseInt(matcher.group(1));
  }
}
