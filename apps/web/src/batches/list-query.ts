const FILTERS = ['status', 'analysisType', 'cursor'];

/** What the API is asked for, of what stands in the address of the page. */
export function listPath(search: string): string {
  const asked = new URLSearchParams(search);
  const query = new URLSearchParams({ limit: '20' });
  for (const name of FILTERS) {
    const value = asked.get(name);
    if (value !== null && value !== '') query.set(name, value);
  }
  return `/batch/list?${query.toString()}`;
}

/** Address of the page that shows what comes after this. */
export function nextPage(search: string, cursor: string): string {
  const query = new URLSearchParams(search);
  query.set('cursor', cursor);
  return `/batches?${query.toString()}`;
}
