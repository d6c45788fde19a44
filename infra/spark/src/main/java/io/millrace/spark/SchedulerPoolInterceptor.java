package io.millrace.spark;

import org.apache.spark.SparkContext;
import org.sparkproject.connect.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.ServerCall;
import org.sparkproject.connect.grpc.ServerCallHandler;
import org.sparkproject.connect.grpc.ServerInterceptor;
import org.sparkproject.connect.grpc.Status;

/**
 * Lets each Spark Connect request choose its FAIR scheduler pool with the header {@code x-spark-scheduler-pool}.
 *
 * <p>Spark takes the pool of a job from a local property of the thread that submits it, and the Connect protocol has no
 * field for it. It need not: the server makes the thread of an execution (and that one the thread of a streaming query)
 * inside the call's handler, and a new thread gets a copy of its creator's local properties. So it is enough that the
 * property is right on the handler's thread while the handler runs.
 *
 * <p>gRPC runs the handler of these calls in {@code onHalfClose}, on a pooled thread that is not always the one of
 * {@code interceptCall}; hence the property is set there. Handler threads are reused, and made by one another, so a call
 * without the header must clear the property: otherwise it would run in whatever pool was used last.
 *
 * <p>Loaded by name through {@code spark.connect.grpc.interceptor.classes}. Compiled against the gRPC classes relocated
 * into the Connect jar, so it has to be built again for another Spark line.
 */
public final class SchedulerPoolInterceptor implements ServerInterceptor {

  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("x-spark-scheduler-pool", Metadata.ASCII_STRING_MARSHALLER);

  private final PoolNames pools;
  private final PoolProperty property;

  /**
   * The constructor Spark calls. The server has its context before it loads interceptors, so this finds the running one;
   * asking again later could make a second context while the first one is being stopped.
   */
  public SchedulerPoolInterceptor() {
    this(SparkContext.getOrCreate());
  }

  private SchedulerPoolInterceptor(SparkContext context) {
    this(
        PoolNames.parse(context.getConf().get(PoolNames.CONF_KEY, PoolNames.CONF_DEFAULT)), PoolProperty.of(context));
  }

  SchedulerPoolInterceptor(PoolNames pools, PoolProperty property) {
    this.pools = pools;
    this.property = property;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String pool = headers.get(HEADER);
    if (pool != null && !pools.allows(pool)) {
      call.close(Status.INVALID_ARGUMENT.withDescription(pools.refusalOf(pool)), new Metadata());
      return new IgnoringListener<>();
    }
    return new PoolListener<>(next.startCall(call, headers), property, pool);
  }

  /** Runs the handler with the pool set or cleared, and leaves the thread as it was. */
  private static final class PoolListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final PoolProperty property;
    private final String poolOrNull;

    PoolListener(ServerCall.Listener<Q> delegate, PoolProperty property, String poolOrNull) {
      super(delegate);
      this.property = property;
      this.poolOrNull = poolOrNull;
    }

    @Override
    public void onHalfClose() {
      String before = property.get();
      property.set(poolOrNull);
      try {
        super.onHalfClose();
      } finally {
        property.set(before);
      }
    }
  }

  /** For a call that is closed already: its messages go nowhere. */
  private static final class IgnoringListener<Q> extends ServerCall.Listener<Q> {}
}
