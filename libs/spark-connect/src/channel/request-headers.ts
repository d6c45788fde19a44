const LEGAL_NAME = /^[a-z0-9_.-]+$/;
/** Anything else would be refused by grpc-js with an error that repeats the value, which may be a token. */
const PRINTABLE_ASCII = /^[ -~]*$/;
/** HTTP/2 forbids them, or gRPC sets them itself. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-type',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/**
 * Request headers as they travel, their names in lower case.
 * @throws TypeError naming the header, never its value, when gRPC could not send it.
 */
export function requestHeaders(
  headers: Iterable<readonly [name: string, value: string]>,
): Record<string, string> {
  const checked = [...headers].map(([name, value]): [string, string] => {
    const sent = name.toLowerCase();
    refuseWrongName(sent);
    refuseWrongValue(`the value of header ${sent}`, value);
    return [sent, value];
  });
  return Object.fromEntries(checked);
}

/** @throws TypeError naming what it is, never the value, when a header could not carry it. */
export function refuseWrongValue(what: string, value: string): void {
  if (!PRINTABLE_ASCII.test(value)) throw new TypeError(`${what} must be printable ASCII`);
}

function refuseWrongName(name: string): void {
  const refusal = refusalOf(name);
  if (refusal !== undefined) throw new TypeError(`'${name}' cannot be a header name: ${refusal}`);
}

function refusalOf(name: string): string | undefined {
  if (!LEGAL_NAME.test(name)) return 'it may have letters, digits and _.- only';
  if (name.endsWith('-bin')) return 'gRPC keeps the ending -bin for binary values';
  return name.startsWith('grpc-') || RESERVED.has(name) ? 'gRPC sets it itself' : undefined;
}
