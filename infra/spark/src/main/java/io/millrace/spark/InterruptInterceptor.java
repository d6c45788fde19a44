package io.millrace.spark;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.connect.proto.InterruptRequest;
import org.apache.spark.connect.proto.InterruptRequest.InterruptType;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.sql.connect.service.ExecuteJobTag;
import org.sparkproject.connect.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.ServerCall;
import org.sparkproject.connect.grpc.ServerCallHandler;
import org.sparkproject.connect.grpc.ServerInterceptor;

/**
 * Makes an interrupt by operation id final: no Spark job of that execution goes on, whenever the interrupt comes.
 *
 * <p>Spark 4.0 does not promise that. An interrupt that overtakes its execution finds nothing and changes nothing; one that
 * comes while the plan is still made is reported as done, and yet a job can start and run on. Here Spark answers the
 * request first, since its own way gives the client the right error, and then {@link CancelledExecutions} ends what
 * is left and what still comes.
 *
 * <p>Interrupts by tag and of everything pass as they are, as do all other calls. Loaded by name through
 * {@code spark.connect.grpc.interceptor.classes}, like {@link SchedulerPoolInterceptor}.
 */
public final class InterruptInterceptor implements ServerInterceptor {

  private static final String METHOD = SparkConnectServiceGrpc.getInterruptMethod().getFullMethodName();

  /** Takes the job tag of a cancelled execution. */
  private final Consumer<String> cancel;

  /** The constructor Spark calls, once, when its context is there. */
  public InterruptInterceptor() {
    this(CancelledExecutions.listeningTo(SparkContext.getOrCreate())::cancel);
  }

  InterruptInterceptor(Consumer<String> cancel) {
    this.cancel = cancel;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    boolean isInterrupt = METHOD.equals(call.getMethodDescriptor().getFullMethodName());
    return isInterrupt ? new InterruptListener<>(listener, cancel) : listener;
  }

  /** The tag that Spark gives the jobs of the named execution; empty if the request names none. */
  static Optional<String> jobTagOf(InterruptRequest request) {
    if (request.getInterruptType() != InterruptType.INTERRUPT_TYPE_OPERATION_ID) {
      return Optional.empty();
    }
    return canonical(request.getOperationId())
        .map(id -> ExecuteJobTag.apply(request.getUserContext().getUserId(), request.getSessionId(), id));
  }

  /** As Spark writes the operation id of an execution; it would refuse another text than a UUID. */
  private static Optional<String> canonical(String operationId) {
    try {
      return Optional.of(UUID.fromString(operationId).toString());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** gRPC hands over the one message of the call, then runs Spark's handler in {@code onHalfClose}. */
  private static final class InterruptListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Consumer<String> cancel;
    private Optional<String> jobTag = Optional.empty();

    InterruptListener(ServerCall.Listener<Q> delegate, Consumer<String> cancel) {
      super(delegate);
      this.cancel = cancel;
    }

    @Override
    public void onMessage(Q message) {
      if (message instanceof InterruptRequest request) {
        jobTag = jobTagOf(request);
      }
      super.onMessage(message);
    }

    @Override
    public void onHalfClose() {
      try {
        super.onHalfClose();
      } finally {
        jobTag.ifPresent(cancel);
      }
    }
  }
}
