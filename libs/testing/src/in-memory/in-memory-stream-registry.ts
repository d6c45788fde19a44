import type {
  CheckpointGeneration,
  CheckpointOf,
  StoredSession,
  StreamGap,
  StreamMode,
  StreamQueryRecord,
  StreamRecord,
  StreamRegistry,
} from '@millrace/domain';

/** The port of the streams in memory: passes the same conformance suite as the one on Postgres. */
export class InMemoryStreamRegistry implements StreamRegistry {
  private readonly streams = new Map<string, StreamRecord>();
  private readonly generations: CheckpointGeneration[] = [];
  private session: StoredSession | undefined;

  requestStart(
    name: string,
    topic: string,
    startTime: Date,
    analyses: readonly string[] = [],
    mode: StreamMode = 'continuous',
  ): Promise<boolean> {
    const stream = this.streams.get(name);
    if (stream?.desired === 'RUNNING') return Promise.resolve(false);
    const { queries, gaps } = stream ?? { queries: [], gaps: [] };
    const asked = { topic, startTime, analyses: [...analyses], mode };
    this.streams.set(name, { name, desired: 'RUNNING', ...asked, queries, gaps });
    return Promise.resolve(true);
  }

  requestStop(name: string): Promise<boolean> {
    const stream = this.streams.get(name);
    if (stream?.desired !== 'RUNNING') return Promise.resolve(false);
    this.streams.set(name, { ...stream, desired: 'STOPPED' });
    return Promise.resolve(true);
  }

  find(name: string): Promise<StreamRecord | undefined> {
    return Promise.resolve(this.streams.get(name));
  }

  list(): Promise<StreamRecord[]> {
    return Promise.resolve([...this.streams.values()].sort(byName));
  }

  saveQuery(streamName: string, query: StreamQueryRecord): Promise<void> {
    const stream = this.streams.get(streamName);
    if (stream === undefined) return Promise.reject(new Error(`The stream ${streamName} was never started`));
    const others = stream.queries.filter(({ name }) => name !== query.name);
    this.streams.set(streamName, { ...stream, queries: [...others, { ...query }].sort(byName) });
    return Promise.resolve();
  }

  findGeneration(of: CheckpointOf): Promise<CheckpointGeneration | undefined> {
    const found = this.generations.filter((one) => isOf(one, of));
    return Promise.resolve(found.sort((a, b) => b.generation - a.generation)[0]);
  }

  beginGeneration(begun: CheckpointGeneration): Promise<boolean> {
    const { stream: name, generation } = begun;
    if (this.generations.some((one) => isOf(one, begun) && one.generation === generation)) {
      return Promise.resolve(false);
    }
    this.generations.push({ ...begun });
    const stream = this.streams.get(name);
    if (stream !== undefined) {
      const gaps = stream.gaps.map((gap) =>
        gap.acceptedAt === null && isOf({ ...gap, stream: name }, begun) && gap.generation === generation - 1
          ? { ...gap, acceptedAt: begun.startTime }
          : gap,
      );
      this.streams.set(name, { ...stream, gaps });
    }
    return Promise.resolve(true);
  }

  recordGaps(streamName: string, gaps: readonly StreamGap[]): Promise<void> {
    const stream = this.streams.get(streamName);
    if (stream === undefined) return Promise.reject(new Error(`The stream ${streamName} was never started`));
    const keyOf = ({ query, topic, generation, partition }: StreamGap) =>
      [query, topic, generation, partition].join();
    const byKey = new Map(stream.gaps.map((gap) => [keyOf(gap), gap]));
    for (const gap of gaps) {
      const known = byKey.get(keyOf(gap));
      if ((known?.acceptedAt ?? null) !== null) continue;
      byKey.set(keyOf(gap), { ...gap, detectedAt: known?.detectedAt ?? gap.detectedAt });
    }
    this.streams.set(streamName, { ...stream, gaps: [...byKey.values()].sort(newestFirst) });
    return Promise.resolve();
  }

  loadSession(): Promise<StoredSession | undefined> {
    return Promise.resolve(this.session);
  }

  saveSession({ userId, sessionId, serverSideSessionId }: StoredSession): Promise<void> {
    this.session = { userId, sessionId, serverSideSessionId };
    return Promise.resolve();
  }
}

const isOf = (one: CheckpointOf, other: CheckpointOf) =>
  one.stream === other.stream && one.query === other.query && one.topic === other.topic;

const newestFirst = (a: StreamGap, b: StreamGap) =>
  b.detectedAt.getTime() - a.detectedAt.getTime() || a.partition - b.partition;

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : Number(a.name > b.name));
