import type { StreamMode, StreamRecord } from '@millrace/domain';

/** What a start asks for. */
export interface StreamRequest {
  readonly topic: string;
  /** To be kept up to date as well, by name. */
  readonly analyses: readonly string[];
  readonly mode: StreamMode;
}

/** Queries that are not started again by themselves, by name. */
export const failedOf = ({ queries }: StreamRecord): string[] =>
  queries.filter(({ failure }) => failure !== null).map(({ name }) => name);

/** Whether a start asks for what shall run already. */
export function isSame(stream: StreamRecord, { topic, analyses, mode }: StreamRequest): boolean {
  const sorted = (names: readonly string[]) => [...names].sort().join();
  return stream.topic === topic && stream.mode === mode && sorted(stream.analyses) === sorted(analyses);
}
