import type { TopicDeclaration, TopicFacts } from '@millrace/domain';

/** What a partition holds: offsets from `first` to just before `end`. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly first: number;
  readonly end: number;
}

export interface KafkaTopics {
  /**
   * All partitions of the topic, by number; undefined where there is no such topic.
   * @throws ServiceUnavailable when no broker answers.
   */
  offsetsOf(topic: string): Promise<readonly PartitionOffsets[] | undefined>;
}

/** What the check of the topics asks of the brokers. Every method throws ServiceUnavailable when none answers. */
export interface TopicAdmin {
  /**
   * The topic as the brokers have it; undefined where there is none.
   * @param settings names of those that are asked for.
   */
  factsOf(topic: string, settings: readonly string[]): Promise<TopicFacts | undefined>;
  /** False where somebody else has made it meanwhile. */
  create(topic: TopicDeclaration): Promise<boolean>;
}
