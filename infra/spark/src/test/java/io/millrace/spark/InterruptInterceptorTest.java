package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.ConfigRequest;
import org.apache.spark.connect.proto.ConfigResponse;
import org.apache.spark.connect.proto.InterruptRequest;
import org.apache.spark.connect.proto.InterruptRequest.InterruptType;
import org.apache.spark.connect.proto.InterruptResponse;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc.SparkConnectServiceBlockingStub;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc.SparkConnectServiceImplBase;
import org.apache.spark.connect.proto.UserContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkproject.connect.grpc.ManagedChannel;
import org.sparkproject.connect.grpc.Server;
import org.sparkproject.connect.grpc.Status;
import org.sparkproject.connect.grpc.StatusRuntimeException;
import org.sparkproject.connect.grpc.inprocess.InProcessChannelBuilder;
import org.sparkproject.connect.grpc.inprocess.InProcessServerBuilder;
import org.sparkproject.connect.grpc.stub.StreamObserver;

/** Real gRPC and Spark's own messages in this process; only the service behind the interceptor is a small one of the test. */
class InterruptInterceptorTest {

  private static final String SESSION = "6f1c1b5e-2d61-4f0e-9f0a-111111111111";
  private static final String OPERATION = "6f1c1b5e-2d61-4f0e-9f0a-2222222222aa";
  private static final String TAG =
      "SparkConnect_OperationTag_User_millrace_Session_" + SESSION + "_Operation_" + OPERATION;

  private final List<String> events = new ArrayList<>();
  private final InterruptInterceptor interceptor = new InterruptInterceptor(tag -> events.add("cancel " + tag));
  private Server server;
  private ManagedChannel channel;
  private SparkConnectServiceBlockingStub spark;

  @BeforeEach
  void startServer() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(new RecordingService())
            .intercept(interceptor)
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    spark = SparkConnectServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stopServer() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @Test
  void theJobsOfTheExecutionAreCancelledAfterSparkHasHandledTheRequest() {
    InterruptResponse response = spark.interrupt(byOperationId(OPERATION).build());
    assertEquals(OPERATION, response.getInterruptedIds(0));
    assertEquals(List.of("interrupt", "cancel " + TAG), events);
  }

  @Test
  void theOperationIdIsComparedAsSparkWritesIt() {
    spark.interrupt(byOperationId(OPERATION.toUpperCase()).build());
    assertEquals(List.of("interrupt", "cancel " + TAG), events);
  }

  @Test
  void theJobsAreCancelledAlsoWhereSparkRefusesTheRequest() {
    InterruptRequest refused = byOperationId(OPERATION).setClientType("refuse").build();
    StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> spark.interrupt(refused));
    assertEquals(Status.Code.NOT_FOUND, refusal.getStatus().getCode());
    assertEquals(List.of("interrupt", "cancel " + TAG), events);
  }

  @Test
  void anInterruptByTagPassesAsItIs() {
    spark.interrupt(
        request(InterruptType.INTERRUPT_TYPE_TAG).setOperationTag(OPERATION).build());
    assertEquals(List.of("interrupt"), events);
  }

  @Test
  void anInterruptOfEverythingPassesAsItIsEvenWithAnOperationId() {
    spark.interrupt(request(InterruptType.INTERRUPT_TYPE_ALL).setOperationId(OPERATION).build());
    assertEquals(List.of("interrupt"), events);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no uuid", "a,b"})
  void anIdThatNamesNoExecutionPassesAsItIs(String operationId) {
    spark.interrupt(byOperationId(operationId).build());
    assertEquals(List.of("interrupt"), events);
  }

  @Test
  void anEmptyRequestPassesAsItIs() {
    spark.interrupt(InterruptRequest.getDefaultInstance());
    assertEquals(List.of("interrupt"), events);
  }

  @Test
  void theSameIdsInAnotherSessionOrOfAnotherUserAreAnotherExecution() {
    spark.interrupt(byOperationId(OPERATION).setSessionId(OPERATION).build());
    spark.interrupt(byOperationId(OPERATION).setUserContext(UserContext.newBuilder().setUserId("other")).build());
    assertTrue(events.stream().noneMatch(event -> event.endsWith(TAG)), events.toString());
    assertEquals(4, events.size());
  }

  @Test
  void otherCallsPassAsTheyAre() {
    spark.config(ConfigRequest.newBuilder().setSessionId(SESSION).build());
    assertEquals(List.of("config"), events);
  }

  private static InterruptRequest.Builder byOperationId(String operationId) {
    return request(InterruptType.INTERRUPT_TYPE_OPERATION_ID).setOperationId(operationId);
  }

  private static InterruptRequest.Builder request(InterruptType type) {
    return InterruptRequest.newBuilder()
        .setInterruptType(type)
        .setSessionId(SESSION)
        .setUserContext(UserContext.newBuilder().setUserId("millrace"));
  }

  private final class RecordingService extends SparkConnectServiceImplBase {
    @Override
    public void interrupt(InterruptRequest request, StreamObserver<InterruptResponse> response) {
      events.add("interrupt");
      if (request.getClientType().equals("refuse")) {
        response.onError(Status.NOT_FOUND.asRuntimeException());
        return;
      }
      response.onNext(InterruptResponse.newBuilder().addInterruptedIds(request.getOperationId()).build());
      response.onCompleted();
    }

    @Override
    public void config(ConfigRequest request, StreamObserver<ConfigResponse> response) {
      events.add("config");
      response.onNext(ConfigResponse.getDefaultInstance());
      response.onCompleted();
    }
  }
}
