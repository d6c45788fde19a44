import { credentials, type ChannelCredentials } from '@grpc/grpc-js';
import type { ConnectionSettings } from './connection-string';

/** TLS beyond the certificates the system trusts; PEM, as text or bytes. */
export interface TlsSettings {
  /** The authorities to trust instead of the system's. */
  readonly rootCertificates?: string | Uint8Array | undefined;
  /** The certificate chain this client shows; needs `clientKey`. */
  readonly clientCertificate?: string | Uint8Array | undefined;
  readonly clientKey?: string | Uint8Array | undefined;
  /** The name the server's certificate must carry, where it is not the host of the connection string. */
  readonly serverName?: string | undefined;
}

/** How a channel proves who it is, and with whom it speaks. */
export interface ChannelSecurity {
  readonly tls?: TlsSettings | undefined;
  /** Send the token in clear text to another machine. */
  readonly allowInsecureToken?: boolean | undefined;
}

/**
 * Refuses a token that would cross the network readable by everyone. PySpark lets a token imply TLS; here it must be asked for, because
 * the same connection string would otherwise mean clear text or TLS depending on a parameter that says nothing about either, and
 * because Spark's own server speaks clear text only: towards this machine a token without TLS is the ordinary case.
 * @throws TypeError naming the ways out, never the token.
 */
export function refuseExposedToken(connection: ConnectionSettings, security: ChannelSecurity): void {
  if (connection.token === undefined || usesTls(connection, security)) return;
  if (isLoopback(connection.host) || security.allowInsecureToken === true) return;
  throw new TypeError(
    `the token would travel in clear text to ${connection.host}: add use_ssl=true to the connection string (or call tls()), ` +
      'or call allowInsecureToken() where the network itself is trusted',
  );
}

/** @throws TypeError when a certificate or key is unreadable or half of a pair is missing. */
export function channelCredentials(
  connection: ConnectionSettings,
  security: ChannelSecurity,
): ChannelCredentials {
  if (!usesTls(connection, security)) return credentials.createInsecure();
  const { rootCertificates, clientCertificate, clientKey } = security.tls ?? {};
  try {
    return credentials.createSsl(pem(rootCertificates), pem(clientKey), pem(clientCertificate));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`tls(): the certificates or the key cannot be used: ${reason}`, { cause: error });
  }
}

function usesTls(connection: ConnectionSettings, security: ChannelSecurity): boolean {
  return connection.useSsl || security.tls !== undefined;
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host);
}

function pem(content: string | Uint8Array | undefined): Buffer | null {
  return content === undefined ? null : Buffer.from(content);
}
