import { crc32 } from 'node:zlib';
import type {
  AddArtifactsRequest,
  AddArtifactsRequest_ArtifactChunk,
} from '../generated/spark/connect/base_pb';
import type { ScriptedFailure } from './scripted-failure';

interface Received {
  readonly chunks: Uint8Array[];
  isCrcSuccessful: boolean;
}

/** The artifacts of a scripted server: puts chunks together and checks them as Spark does. */
export class ScriptedArtifacts {
  /** Failures of AddArtifacts, taken one by one, each after its first message. */
  readonly failures: ScriptedFailure[] = [];
  /** Takes every chunk for damaged. */
  damages = false;
  private readonly received = new Map<string, Received>();
  private current: Received | undefined;

  content(name: string): Buffer | undefined {
    const found = this.received.get(name);
    return found === undefined ? undefined : Buffer.concat(found.chunks);
  }

  /** As a server does with what arrived damaged. */
  forget(): void {
    this.received.clear();
  }

  receive({ payload }: AddArtifactsRequest): void {
    if (payload.case === 'batch') {
      for (const { name, data } of payload.value.artifacts) this.begin(name, data);
    } else if (payload.case === 'beginChunk') this.begin(payload.value.name, payload.value.initialChunk);
    else if (payload.case === 'chunk') this.add(payload.value);
  }

  summaries() {
    return [...this.received].map(([name, { isCrcSuccessful }]) => ({ name, isCrcSuccessful }));
  }

  statuses(names: readonly string[]) {
    return Object.fromEntries(names.map((name) => [name, { exists: this.received.has(name) }]));
  }

  private begin(name: string, chunk: AddArtifactsRequest_ArtifactChunk | undefined): void {
    this.current = { chunks: [], isCrcSuccessful: true };
    this.received.set(name, this.current);
    if (chunk !== undefined) this.add(chunk);
  }

  private add({ data, crc }: AddArtifactsRequest_ArtifactChunk): void {
    if (this.current === undefined) throw new Error('a chunk came before the beginning of its artifact');
    this.current.chunks.push(data);
    if (this.damages || BigInt(crc32(data)) !== crc) this.current.isCrcSuccessful = false;
  }
}
