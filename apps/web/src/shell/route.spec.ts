import { routeOf } from './route';

it.each([
  ['/batches', { page: 'batches' }],
  ['/batches/', { page: 'batches' }],
  ['/batches/batch-20250115-a3f8e2b1', { page: 'batch', batchId: 'batch-20250115-a3f8e2b1' }],
  ['/batches/a/b', { page: 'none' }],
  ['/batches/%2e%2e', { page: 'none' }],
  ['/elsewhere', { page: 'none' }],
])('%s is %j', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});
