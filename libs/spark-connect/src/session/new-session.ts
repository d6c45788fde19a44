import { randomUUID } from 'node:crypto';
import { BackgroundReleases } from '../execute/background-release';
import { StreamingQueryListenerBus } from '../streaming/streaming-query-listener-bus';
import { SessionPreparation } from './session-preparation';
import { LocalDataCache } from './local-data-cache';
import { OperationTags } from './operation-tags';
import { SessionIdentity } from './session-identity';
import { SparkConnectClient } from './spark-connect-client';

/** A client of a new session of the same user on the same server, with the same request headers and settings. */
export function newSessionOf(client: SparkConnectClient): SparkConnectClient {
  const { channel, identity, settings } = client.parts;
  const parts = {
    channel: channel.another(),
    identity: new SessionIdentity(identity.userId, randomUUID(), identity.stamp().clientType),
    settings,
    releases: new BackgroundReleases(),
    preparation: new SessionPreparation({}),
    tags: new OperationTags(),
    localData: new LocalDataCache(),
    listenerBus: new StreamingQueryListenerBus(),
  };
  return new SparkConnectClient(parts, client.headers);
}
