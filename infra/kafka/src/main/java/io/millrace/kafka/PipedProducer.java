package io.millrace.kafka;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's own producer for another process: sends the records that it reads from standard input to one topic.
 *
 * <p>Input: frames, each a length (four bytes, the highest first) and so many bytes. The first is the configuration of the producer, as a
 * properties file in UTF-8; then come the key and the value of each record. The end of the input is the end of the work.
 *
 * <p>Output: lines {@code acknowledged <n>}, the number of records so far, soon after it has changed. It ends with 0 when all are
 * acknowledged, else with 1, and {@code failed <why>} is its last line. It ends at once when the other process does: nobody would
 * hear of what it sends.
 */
public final class PipedProducer {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final long REPORT_EVERY_MS = 5;

  private final AtomicLong acknowledged = new AtomicLong();
  private final PrintStream out;
  private long reported;

  private PipedProducer(PrintStream out) {
    this.out = out;
  }

  /** @param args the topic */
  public static void main(String[] args) {
    ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    PipedProducer piped = new PipedProducer(System.out);
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, BUFFER_BYTES))) {
      piped.sendAll(in, args[0]);
    } catch (Exception failed) {
      piped.fail(failed);
    }
  }

  private void sendAll(DataInputStream in, String topic) throws Exception {
    // Not closed where this fails: it would first wait for Kafka.
    Producer<byte[], byte[]> producer = producer(in);
    ScheduledExecutorService reports = Executors.newSingleThreadScheduledExecutor();
    reports.scheduleWithFixedDelay(this::report, REPORT_EVERY_MS, REPORT_EVERY_MS, TimeUnit.MILLISECONDS);
    for (byte[] key = frame(in); key != null; key = frame(in)) {
      byte[] value = frame(in);
      if (value == null) {
        throw new EOFException("the input ended within a record");
      }
      producer.send(new ProducerRecord<>(topic, key, value), this::onCompletion);
    }
    producer.close();
    reports.shutdown();
    reports.awaitTermination(1, TimeUnit.SECONDS);
    report();
  }

  private static Producer<byte[], byte[]> producer(DataInputStream in) throws IOException {
    byte[] configuration = frame(in);
    if (configuration == null) {
      throw new EOFException("the input has no configuration");
    }
    Properties properties = new Properties();
    properties.load(new StringReader(new String(configuration, StandardCharsets.UTF_8)));
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** @return null at the end of the input */
  private static byte[] frame(DataInputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private void onCompletion(RecordMetadata metadata, Exception failed) {
    if (failed == null) {
      acknowledged.incrementAndGet();
    } else {
      fail(failed);
    }
  }

  /** At once: the thread that reads the input may wait for more of it. */
  private synchronized void fail(Exception failed) {
    report();
    Throwable root = failed;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    out.println("failed " + message.lines().findFirst().orElse(""));
    out.flush();
    Runtime.getRuntime().halt(1);
  }

  private synchronized void report() {
    long now = acknowledged.get();
    if (now != reported) {
      out.println("acknowledged " + now);
      reported = now;
    }
  }
}
