import type { GrpcChannel } from '../channel/grpc-channel';
import { BackgroundReleases } from '../execute/background-release';
import { StreamingQueryListenerBus } from '../streaming/streaming-query-listener-bus';
import type { ClientSettings } from './client-settings';
import { LocalDataCache } from './local-data-cache';
import { OperationTags } from './operation-tags';
import type { SessionIdentity } from './session-identity';
import { SessionPreparation } from './session-preparation';

/** Which session on which server, and how patiently. */
interface SessionOrigin {
  readonly channel: GrpcChannel;
  readonly identity: SessionIdentity;
  readonly settings: ClientSettings;
}

/** The parts one session shares among its views (a view is the same session with other request headers). */
export interface SessionParts extends SessionOrigin {
  readonly releases: BackgroundReleases;
  readonly preparation: SessionPreparation;
  readonly tags: OperationTags;
  readonly localData: LocalDataCache;
  readonly listenerBus: StreamingQueryListenerBus;
}

/** The parts of a session nothing has been asked of. @param conf - sent before its first request. */
export function newSessionParts(
  origin: SessionOrigin,
  conf: Readonly<Record<string, string>> = {},
): SessionParts {
  return {
    ...origin,
    releases: new BackgroundReleases(),
    preparation: new SessionPreparation(conf),
    tags: new OperationTags(),
    localData: new LocalDataCache(),
    listenerBus: new StreamingQueryListenerBus(),
  };
}
