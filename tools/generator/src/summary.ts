import { formatCount } from './progress';
import type { Counts } from './truth';

const row = (name: string, count: number, detail: string): string =>
  `  ${name.padEnd(16)}${formatCount(count).padStart(14)}${detail === '' ? '' : `   ${detail}`}`;

const parts = (named: Readonly<Record<string, number>>): string =>
  Object.entries(named)
    .map(([name, count]) => `${name.replaceAll('_', ' ')} ${formatCount(count)}`)
    .join(', ');

/** What was produced, for people. */
export function summaryOf(counts: Counts): string {
  const { distinctValid, late, fraudulent, duplicates, malformed, firstEventTime, lastEventTime } = counts;
  const lines = [row('valid events', distinctValid, parts({ late, fraudulent }))];
  if (duplicates.total > 0) {
    const { soon, muchLater } = duplicates;
    lines.push(row('sent again', duplicates.total, parts({ soon, 'much later': muchLater })));
  }
  if (malformed.total > 0) lines.push(row('malformed', malformed.total, parts(malformed.byKind)));
  if (firstEventTime !== null) lines.push(`  event times     ${firstEventTime} to ${lastEventTime ?? ''}`);
  return lines.join('\n');
}
