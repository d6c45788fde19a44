package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sparkproject.connect.grpc.CallOptions;
import org.sparkproject.connect.grpc.Channel;
import org.sparkproject.connect.grpc.ClientInterceptors;
import org.sparkproject.connect.grpc.ManagedChannel;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.MethodDescriptor;
import org.sparkproject.connect.grpc.MethodDescriptor.Marshaller;
import org.sparkproject.connect.grpc.Server;
import org.sparkproject.connect.grpc.ServerCall;
import org.sparkproject.connect.grpc.ServerServiceDefinition;
import org.sparkproject.connect.grpc.Status;
import org.sparkproject.connect.grpc.StatusRuntimeException;
import org.sparkproject.connect.grpc.inprocess.InProcessChannelBuilder;
import org.sparkproject.connect.grpc.inprocess.InProcessServerBuilder;
import org.sparkproject.connect.grpc.stub.ClientCalls;
import org.sparkproject.connect.grpc.stub.MetadataUtils;
import org.sparkproject.connect.grpc.stub.ServerCalls;

/** Real gRPC in this process; only Spark's local property is replaced, by one that belongs to the one server thread. */
class SchedulerPoolInterceptorTest {

  private static final MethodDescriptor<String, String> ECHO =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Echo/Echo")
          .setRequestMarshaller(new Utf8())
          .setResponseMarshaller(new Utf8())
          .build();

  private final RecordingProperty property = new RecordingProperty();
  private final SchedulerPoolInterceptor interceptor =
      new SchedulerPoolInterceptor(PoolNames.parse("streaming-pool,batch-pool"), property);
  private final List<String> poolsSeenByHandler = new ArrayList<>();
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void startServer() throws IOException {
    ServerServiceDefinition echo =
        ServerServiceDefinition.builder("test.Echo")
            .addMethod(
                ECHO,
                ServerCalls.asyncUnaryCall(
                    (request, response) -> {
                      poolsSeenByHandler.add(property.get());
                      response.onNext(request);
                      response.onCompleted();
                    }))
            .build();
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(echo)
            .intercept(interceptor)
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  @AfterEach
  void stopServer() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @Test
  void theHandlerRunsInTheRequestedPool() {
    assertEquals("hello", call("hello", "batch-pool"));
    assertEquals(List.of("batch-pool"), poolsSeenByHandler);
  }

  @Test
  void withoutTheHeaderAStalePoolIsCleared() {
    property.set("streaming-pool");
    call("hello", null);
    assertEquals(1, poolsSeenByHandler.size());
    assertNull(poolsSeenByHandler.get(0));
  }

  @Test
  void theThreadIsLeftAsItWas() {
    property.set("streaming-pool");
    call("hello", "batch-pool");
    call("hello", null);
    assertEquals("streaming-pool", property.get());
  }

  @Test
  void theThreadIsLeftAsItWasAfterAFailure() {
    property.set("streaming-pool");
    ServerCall.Listener<String> failing =
        new ServerCall.Listener<>() {
          @Override
          public void onHalfClose() {
            throw new IllegalStateException("as asked");
          }
        };
    // Without gRPC around it, which would log the failure.
    ServerCall.Listener<String> listener =
        interceptor.<String, String>interceptCall(null, header("batch-pool"), (call, headers) -> failing);
    assertThrows(IllegalStateException.class, listener::onHalfClose);
    assertEquals("streaming-pool", property.get());
  }

  @Test
  void anUnknownPoolIsRefusedBeforeTheHandlerSeesTheRequest() {
    StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> call("hello", "bach-pool"));
    assertEquals(Status.Code.INVALID_ARGUMENT, refusal.getStatus().getCode());
    assertEquals(
        "Unknown scheduler pool 'bach-pool', expected one of: streaming-pool, batch-pool",
        refusal.getStatus().getDescription());
    assertTrue(poolsSeenByHandler.isEmpty());
  }

  @Test
  void anEmptyHeaderIsAnUnknownPool() {
    StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> call("hello", ""));
    assertEquals(Status.Code.INVALID_ARGUMENT, refusal.getStatus().getCode());
  }

  private String call(String request, String poolOrNull) {
    Channel withHeader =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(header(poolOrNull)));
    return ClientCalls.blockingUnaryCall(withHeader, ECHO, CallOptions.DEFAULT, request);
  }

  private static Metadata header(String poolOrNull) {
    Metadata headers = new Metadata();
    if (poolOrNull != null) {
      headers.put(SchedulerPoolInterceptor.HEADER, poolOrNull);
    }
    return headers;
  }

  private static final class RecordingProperty implements PoolProperty {
    private String pool;

    @Override
    public String get() {
      return pool;
    }

    @Override
    public void set(String poolOrNull) {
      pool = poolOrNull;
    }
  }

  private static final class Utf8 implements Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
