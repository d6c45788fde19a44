/** `2h 34m`, as the contract writes it; days and seconds only where they tell something. */
export function formatUptime(uptimeSeconds: number): string {
  const minutes = Math.floor(uptimeSeconds / 60);
  if (minutes < 1) return `${String(Math.floor(uptimeSeconds))}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return `${String(minutes)}m`;
  const days = Math.floor(hours / 24);
  const short = `${String(hours % 24)}h ${String(minutes % 60)}m`;
  return days < 1 ? short : `${String(days)}d ${short}`;
}
