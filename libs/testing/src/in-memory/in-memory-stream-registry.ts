import type { StoredSession, StreamQueryRecord, StreamRecord, StreamRegistry } from '@millrace/domain';

/** The port of the streams in memory: passes the same conformance suite as the one on Postgres. */
export class InMemoryStreamRegistry implements StreamRegistry {
  private readonly streams = new Map<string, StreamRecord>();
  private session: StoredSession | undefined;

  requestStart(name: string, topic: string, startTime: Date): Promise<boolean> {
    const stream = this.streams.get(name);
    if (stream?.desired === 'RUNNING') return Promise.resolve(false);
    this.streams.set(name, { name, desired: 'RUNNING', topic, startTime, queries: stream?.queries ?? [] });
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

  loadSession(): Promise<StoredSession | undefined> {
    return Promise.resolve(this.session);
  }

  saveSession({ userId, sessionId, serverSideSessionId }: StoredSession): Promise<void> {
    this.session = { userId, sessionId, serverSideSessionId };
    return Promise.resolve();
  }
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : Number(a.name > b.name));
