import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

const BYTES_PER_GB = 1e9;

/** What figures of this run cannot be understood without. */
export function machineFacts(): [fact: string, value: string][] {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const memory = (totalmem() / BYTES_PER_GB).toFixed(0);
  return [
    ['machine', `${availableParallelism()} cores (${model}), ${memory} GB, ${platform()} ${arch()}`],
    ['load before', `${loadavg()[0]?.toFixed(1) ?? '?'} (1 min)`],
    ['Node', process.versions.node],
  ];
}
