const PLAN_IDS_PER_PROCESS = 2 ** 40;

// Spark 4.1 caches reads by their whole relation INCLUDING the plan id: a restarted client that began at 0 again in a session
// it re-uses could be answered from a stale file listing, so each process begins at a random, safe-integer base.
let nextId = Math.floor(Math.random() * (Number.MAX_SAFE_INTEGER - PLAN_IDS_PER_PROCESS));

/** A plan id no other relation of this process has. */
export function nextPlanId(): bigint {
  nextId += 1;
  return BigInt(nextId);
}
