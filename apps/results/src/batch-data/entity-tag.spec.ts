import { entityTag, isKnownTag } from './entity-tag';

const query = { format: 'json', limit: 100, offset: 0 } as const;

describe('entity tags', () => {
  it('differ when batch, result, version, or what is asked of them differ', () => {
    const tags = [
      entityTag('batch-20250115-a3f8e2b1', 'raw', [1n], query),
      entityTag('batch-20250115-a3f8e2b2', 'raw', [1n], query),
      entityTag('batch-20250115-a3f8e2b1', 'revenue_by_category', [1n], query),
      entityTag('batch-20250115-a3f8e2b1', 'raw', [2n], query),
      entityTag('batch-20250115-a3f8e2b1', 'full_report', [1n, 11n], query),
      entityTag('batch-20250115-a3f8e2b1', 'full_report', [11n, 1n], query),
      entityTag('batch-20250115-a3f8e2b1', 'full_report', [111n], query),
      entityTag('batch-20250115-a3f8e2b1', 'raw', [1n], { ...query, limit: 10 }),
      entityTag('batch-20250115-a3f8e2b1', 'raw', [1n], { ...query, offset: 100 }),
      entityTag('batch-20250115-a3f8e2b1', 'raw', [1n], { ...query, format: 'ndjson' }),
      entityTag('batch-20250115-a3f8e2b1', 'raw', [1n], { ...query, columns: ['a', 'b'] }),
      entityTag('batch-20250115-a3f8e2b1', 'raw', [1n], { ...query, columns: ['a,b'] }),
    ];
    expect(new Set(tags).size).toBe(tags.length);
    expect(entityTag('batch-20250115-a3f8e2b1', 'raw', [1n], query)).toBe(tags[0]);
  });

  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
  ])('are known by If-None-Match %j: %s', (header, isKnown) => {
    expect(isKnownTag(header, '"a"')).toBe(isKnown);
  });
});
