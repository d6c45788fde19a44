import { join } from 'node:path';
import { readConfig } from './config';
import { readTopics } from './parts/kafka/topics';

const ROOT = join(__dirname, '..', '..', '..');

describe('the settings of the stack', () => {
  it('are all defaults in an empty environment', () => {
    expect(readConfig({ GATEWAY_PORT: '' }, '/x')).toMatchObject({
      home: '/x/.millrace',
      java: 'java',
      ports: {},
      sparkMaster: 'local[8,maxShare]',
    });
  });

  it('take home, ports and servers of the person', () => {
    const env = {
      MILLRACE_HOME: '/y',
      KAFKA_PORT: '0',
      REDIS_URL: 'redis://r:1',
      JAVA_HOME: '/jdk',
    };
    expect(readConfig(env, '/x')).toMatchObject({
      home: '/y',
      ports: { kafka: 0 },
      external: { redis: 'redis://r:1' },
      java: '/jdk/bin/java',
    });
  });

  it('name every wrong one', () => {
    expect(() => readConfig({ GATEWAY_PORT: 'http', SPARK_REMOTE: 'localhost' }, '/x')).toThrow(
      /SPARK_REMOTE[^]*GATEWAY_PORT|GATEWAY_PORT[^]*SPARK_REMOTE/,
    );
  });

  it('give Spark no more task slots than the declared topics have partitions', () => {
    const slots = Number(/^local\[(\d+)/.exec(readConfig({}, ROOT).sparkMaster)?.[1]);
    const partitions = readTopics(ROOT).map((topic) => topic.partitions);
    expect(Math.min(...partitions)).toBeGreaterThanOrEqual(slots);
  });
});
