import { randomUUID } from 'node:crypto';
import { SessionIdentity } from './session-identity';
import { newSessionParts } from './session-parts';
import { SparkConnectClient } from './spark-connect-client';

/** A client of a new session of the same user on the same server, with the same request headers and settings. */
export function newSessionOf(client: SparkConnectClient): SparkConnectClient {
  const { channel, identity, settings } = client.parts;
  const origin = {
    channel: channel.another(),
    identity: new SessionIdentity(identity.userId, randomUUID(), identity.stamp().clientType),
    settings,
  };
  return new SparkConnectClient(newSessionParts(origin), client.headers);
}
