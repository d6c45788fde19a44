/** As `Promise.all` over a map, with at most `limit` of them under way at once. The first failure ends it. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  let hasFailed = false;
  const work = async () => {
    for (const [index, item] of entries) {
      if (hasFailed) return;
      results[index] = await map(item);
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    hasFailed = true;
    // Nothing runs on behind the back of whoever is told of the failure.
    await Promise.allSettled(workers);
    throw error;
  }
  return results;
}
