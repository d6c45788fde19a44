import { resultPath, withParameters } from '../api/result-rows';
import type { ResultPath } from '../api/result-rows';
import { analysisTitle, finishedAnalyses, pipelineOf } from '../batches/batch';
import type { Batch } from '../batches/batch';

const FORMATS = [
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
  ['parquet', 'Parquet'],
  ['arrow', 'Arrow'],
] as const;

export function Downloads({ batch }: { readonly batch: Batch }) {
  const { batchId } = batch;
  return (
    <section class="card" aria-label="Downloads">
      <h2>Downloads</h2>
      <ul class="downloads">
        <Download name="Rows" of={{ batchId }} />
        {finishedAnalyses(batch).map((analysis) => (
          <Download
            key={analysis}
            name={analysisTitle(analysis, pipelineOf(batch))}
            of={{ batchId, analysis }}
          />
        ))}
      </ul>
    </section>
  );
}

function Download({ name, of }: { readonly name: string; readonly of: ResultPath }) {
  const file = `${of.batchId}-${of.analysis ?? 'rows'}`;
  return (
    <li>
      <span>{name}</span>
      {FORMATS.map(([format, label]) => (
        <a
          key={format}
          href={withParameters(resultPath(of), { format })}
          download={`${file}.${format}`}
          aria-label={`${name} as ${label}`}
        >
          {label}
        </a>
      ))}
    </li>
  );
}
