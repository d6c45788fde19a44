import { count, duration, utcTime } from '../figures/format';
import { pipelineOf, runMs } from './batch';
import type { Batch } from './batch';
import { StatusBadge } from './status-badge';

type Fact = readonly [name: string, value: string];

export function BatchFacts({ batch }: { readonly batch: Batch }) {
  return (
    <section class="card" aria-label="The batch">
      <p aria-live="polite">
        <StatusBadge status={batch.status} /> <code>{batch.batchId}</code>
      </p>
      <dl class="facts">
        {factsOf(batch).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function factsOf(batch: Batch): readonly Fact[] {
  const ran = runMs(batch, Date.now());
  return [
    ['Submitted', utcTime(batch.submitTime)],
    ...fact('Ran for', ran, duration),
    ...fact('Rows', batch.rowCount, count),
    ['Reads', sourceOf(batch)],
    ...fact('Version', batch.sourceVersion, String),
    ...fact('Attempt', batch.attempt > 1 ? batch.attempt : null, String),
    ...fact('Kept until', batch.expiresAt, utcTime),
  ];
}

const fact = <T,>(name: string, value: T | null, format: (value: T) => string): readonly Fact[] =>
  value === null ? [] : [[name, format(value)]];

function sourceOf(batch: Batch): string {
  switch (pipelineOf(batch)) {
    case 'retail':
      return 'files of retail sales';
    case 'schema-driven':
      return `files of ${batch.dataset ?? 'a data set'}`;
    case 'transactions':
      return batch.topic === null ? daysOf(batch) : `topic ${batch.topic}`;
  }
}

function daysOf({ source, startDate, endDate }: Batch): string {
  const table = source === 'seed' ? 'the seed table' : "the stream's table";
  return startDate === null ? table : `${table}, ${startDate} to ${endDate ?? 'the latest'}`;
}
