import { ANALYSIS_NAMES } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';

/** Members of a full report that failed for good, while the others have finished. */
export class MembersFailed extends Error {
  constructor(failures: ReadonlyMap<AnalysisName, string>) {
    const [first] = failures.values();
    super(
      `${failures.size} of ${ANALYSIS_NAMES.length} analyses failed (${[...failures.keys()].join(', ')}): ` +
        `${first ?? 'no reason given'} — a retry of the batch runs only what failed`,
    );
    this.name = 'MembersFailed';
  }
}
