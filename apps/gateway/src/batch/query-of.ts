/** The query of a URL with its question mark, as it was sent; empty without one. */
export function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
