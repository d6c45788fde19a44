/** Which page an address shows. */
export type Route =
  | { readonly page: 'batches' }
  | { readonly page: 'batch'; readonly batchId: string }
  | { readonly page: 'none' };

const BATCH = /^\/batches\/([\w-]+)$/;

export function routeOf(path: string): Route {
  const plain = path.replace(/\/+$/, '');
  if (plain === '/batches') return { page: 'batches' };
  const [, batchId] = BATCH.exec(plain) ?? [];
  return batchId === undefined ? { page: 'none' } : { page: 'batch', batchId };
}
