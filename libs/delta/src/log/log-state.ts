import type { AddAction, LogAction, MetadataAction, ProtocolAction } from './log-action';

/**
 * What is left of a log after its actions were applied in order. Files are known by the path as the log spells it:
 * deletion vectors, which would be the other half of the key, are refused.
 */
export class LogState {
  protocol: ProtocolAction | undefined;
  metadata: MetadataAction | undefined;
  readonly files = new Map<string, AddAction>();

  apply(action: LogAction): void {
    if ('add' in action) this.files.set(action.add.path, action.add);
    else if ('remove' in action) this.files.delete(action.remove.path);
    else if ('metaData' in action) this.metadata = action.metaData;
    else this.protocol = action.protocol;
  }
}
