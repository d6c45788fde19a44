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
