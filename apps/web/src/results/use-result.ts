import { loadResult, resultPath } from '../api/result-rows';
import type { ResultPath, ResultTable } from '../api/result-rows';
import { useResource } from '../api/resource';
import type { Resource } from '../api/resource';

/** Results never change: they are asked for once. */
export function useResult(of: ResultPath, limit: number): Resource<ResultTable> {
  return useResource(`${resultPath(of)} ${String(limit)}`, () => loadResult(of, limit));
}
