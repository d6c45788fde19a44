import { listPath, nextPage } from './list-query';

it('asks for what the address says, and for nothing else', () => {
  expect(listPath('')).toBe('/batch/list?limit=20');
  expect(listPath('?status=FAILED&analysisType=&limit=9999&x=1')).toBe('/batch/list?limit=20&status=FAILED');
  expect(listPath('?cursor=a%2Bb%3D')).toBe('/batch/list?limit=20&cursor=a%2Bb%3D');
});

it('keeps the filters on the next page', () => {
  expect(nextPage('?status=FAILED&cursor=1', '2')).toBe('/batches?status=FAILED&cursor=2');
});
