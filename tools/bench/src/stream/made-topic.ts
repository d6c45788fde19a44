import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';

/** As the stream's topic is declared. */
export function makeTopic(broker: string, topic: string): Promise<void> {
  return asAdmin(broker, async (admin) => {
    await admin.createTopics({ topics: [{ topic, numPartitions: 12 }], waitForLeaders: true });
  });
}

/** With what is in it. */
export function deleteTopic(broker: string, topic: string): Promise<void> {
  return asAdmin(broker, (admin) => admin.deleteTopics({ topics: [topic] }));
}

async function asAdmin(broker: string, work: (admin: Admin) => Promise<void>): Promise<void> {
  const kafka = new Kafka({ brokers: [broker], clientId: 'millrace-bench', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
