const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The server refuses session and operation ids of any other form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
