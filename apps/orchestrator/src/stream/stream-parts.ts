import type { StreamRegistry, TablePaths } from '@millrace/domain';
import type { Pipeline } from '@millrace/pipelines';
import type { KafkaTopics } from '../kafka/kafka-topics';
import type { SparkConnection } from '../spark/spark-connection';
import { Checkpoints } from './checkpoints';
import type { QueryRunner } from './query-runner';
import { RestartPolicy } from './restart-policy';
import { SourceWatch } from './source-watch';
import { StreamQueries } from './stream-queries';
import { StreamSupervisor } from './stream-supervisor';

export interface StreamNeeds {
  readonly connection: SparkConnection;
  readonly registry: StreamRegistry;
  readonly topics: KafkaTopics;
  readonly pipeline: Pipeline;
  readonly paths: TablePaths;
  readonly runner: QueryRunner;
}

/** Puts together what looks after a stream. */
export function streamSupervisor(
  { connection, registry, topics, pipeline, paths, runner }: StreamNeeds,
  { mostFailures }: { readonly mostFailures: number },
): StreamSupervisor {
  const now = () => new Date();
  const streamName = pipeline.name;
  const checkpoints = new Checkpoints(streamName, registry, topics, runner, now);
  const sources = new SourceWatch(topics, paths);
  const restarts = new RestartPolicy(mostFailures);
  const queries = new StreamQueries({ streamName, registry, runner, checkpoints, sources, restarts, now });
  return new StreamSupervisor({ connection, registry, pipeline, checkpoints, sources, queries, now });
}
