import { counted, tableText } from '../registry-command/report-text';
import type { ReasonTally, ReplaySummary } from './replay-rejects';

/** The summary as a table for people. */
export function replayText({ isDryRun, isInterrupted, isLimited, reasons, refused }: ReplaySummary): string {
  const sum = (what: 'matching' | 'sentBefore' | 'sent') =>
    reasons.reduce((total, tally) => total + tally[what], 0);
  if (sum('matching') + refused.length === 0) return 'No rejected event is meant: nothing was sent\n';
  const head = ['REASON', 'EVENTS', 'SENT BEFORE', isDryRun ? 'WOULD SEND' : 'SENT'];
  const rows = reasons.map(({ reason, ...tally }: ReasonTally) => [
    reason,
    ...[tally.matching, tally.sentBefore, tally.sent].map(String),
  ]);
  const lines = [
    ...refused.map(
      ({ topic, partition, offset, message }) =>
        `not sent: ${topic}, partition ${String(partition)}, offset ${String(offset)}: ${message}`,
    ),
    `${counted(sum('sent'), 'event', 'events')} ${isDryRun ? 'would be sent' : 'sent'} again`,
    ...(isLimited ? ['--limit is reached: there may be more'] : []),
    ...(isInterrupted ? ['interrupted: run it again to send the rest'] : []),
  ];
  return `${tableText(head, rows)}\n${lines.join('\n')}\n`;
}

/** The summary for scripts. A dry run has sent nothing: what it tells has the name that it has in the table. */
export function replayJson({ reasons, ...summary }: ReplaySummary): string {
  const foreseen = ({ sent: wouldSend, ...tally }: ReasonTally) => ({ ...tally, sent: 0, wouldSend });
  const body = { ...summary, reasons: summary.isDryRun ? reasons.map(foreseen) : reasons };
  return `${JSON.stringify(body, undefined, 2)}\n`;
}
