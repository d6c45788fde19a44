import type { BatchChanges } from '@millrace/domain';

/** Changes as a registry in memory tells them: soon after each, never inside the call that made it. */
export class InMemoryBatchChanges implements BatchChanges {
  private readonly listeners = new Set<(batchId: string) => void>();

  onChange(listener: (batchId: string) => void): () => void {
    // A subscription of its own, even when the same function listens twice.
    const call = (batchId: string) => {
      listener(batchId);
    };
    this.listeners.add(call);
    return () => {
      this.listeners.delete(call);
    };
  }

  /** For the registry, and for specs that want to be heard. */
  tell(batchId: string): void {
    queueMicrotask(() => {
      for (const listener of this.listeners) {
        try {
          listener(batchId);
        } catch {
          // The others are told all the same.
        }
      }
    });
  }
}
