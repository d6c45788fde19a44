import { pageOf, pageQuerySchema } from './page';

const schema = pageQuerySchema({ defaultPageSize: 100, maxPageSize: 10_000 });

describe('page', () => {
  it('has a default size and a cap', () => {
    expect(schema.parse({})).toEqual({ limit: 100, offset: 0 });
    expect(schema.parse({ limit: '1000000', offset: '7' })).toEqual({ limit: 10_000, offset: 7 });
  });

  it.each([{ limit: '-1' }, { limit: '1.5' }, { offset: 'x' }, { offset: '' }, { page: '2' }])(
    'refuses %j',
    (query) => {
      expect(schema.safeParse(query).success).toBe(false);
    },
  );

  it('tells whether more follows', () => {
    expect(pageOf({ limit: 10, offset: 90 }, 10, 100).hasMore).toBe(false);
    expect(pageOf({ limit: 10, offset: 80 }, 10, 100).hasMore).toBe(true);
    expect(pageOf({ limit: 10, offset: 500 }, 0, 100).hasMore).toBe(false);
  });
});
