import { Kafka, logLevel } from 'kafkajs';

/** As the stream's topic is declared. */
export async function makeTopic(broker: string, topic: string): Promise<void> {
  const kafka = new Kafka({ brokers: [broker], clientId: 'millrace-bench', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions: 12 }], waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}
