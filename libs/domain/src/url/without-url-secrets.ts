/** The http(s) URL without its user part, query and fragment, where clients put tokens: for logs and answers. */
export function withoutUrlSecrets(url: string): string {
  const { protocol, origin, pathname } = URL.canParse(url) ? new URL(url) : NO_URL;
  // Of another scheme the path can be anything.
  return protocol === 'http:' || protocol === 'https:' ? origin + pathname : '(not a URL)';
}

const NO_URL = { protocol: '', origin: '', pathname: '' };
