import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { KafkaUnavailable } from './kafka-failure';

const TIMEOUT_MS = 60_000;

/**
 * The key of the newest record of each partition that has any.
 * @param ends offset after the newest record, by partition.
 * @throws KafkaUnavailable
 */
export async function newestKeys(
  kafka: Kafka,
  topic: string,
  ends: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Map(ends.flatMap((end, partition) => (end > 0 ? [[partition, end - 1] as const] : [])));
  const keys = new Map<number, string>();
  const groupId = `millrace-newest-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId });
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topic });
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new KafkaUnavailable(`Kafka did not give the newest records of ${topic} in time`));
      }, TIMEOUT_MS);
      const running = consumer.run({
        autoCommit: false,
        eachMessage: ({ partition, message }) => {
          if (Number(message.offset) === wanted.get(partition)) keys.set(partition, String(message.key));
          if (keys.size === wanted.size) resolve();
          return Promise.resolve();
        },
      });
      running.catch(reject);
      for (const [partition, offset] of wanted) consumer.seek({ topic, partition, offset: String(offset) });
    });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
    await forgetGroup(kafka, groupId);
  }
  return keys;
}

/** The group was needed for one reading. That it stays behind would be no harm. */
async function forgetGroup(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  await admin
    .connect()
    .then(() => admin.deleteGroups([groupId]))
    .catch(() => undefined);
  await admin.disconnect();
}
