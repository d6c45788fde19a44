import { BATCH_STATUSES, REQUESTABLE_ANALYSES } from '@millrace/domain';
import { useEffect } from 'preact/hooks';
import { follow } from '../api/follow';
import { getJson } from '../api/get-json';
import { useResource } from '../api/resource';
import { count, duration, utcTime } from '../figures/format';
import { settings } from '../shell/page-settings';
import { Empty, Show } from '../states/states';
import { analysisTitle, batchTitle, runMs } from './batch';
import type { Batch } from './batch';
import { listPath, nextPage } from './list-query';
import { StatusBadge } from './status-badge';

interface BatchList {
  readonly total: number;
  readonly batches: readonly Batch[];
  readonly nextCursor: string | null;
}

export function BatchListPage({ search }: { readonly search: string }) {
  const path = listPath(search);
  const list = useResource(path, () => getJson<BatchList>(path));
  useEffect(
    () =>
      follow({
        eventsPath: '/batch/events',
        refresh: () => void list.refresh(),
        pollMs: settings().pollMs,
      }),
    [list],
  );
  return (
    <>
      <h1>Batches</h1>
      <Filters search={search} />
      <Show of={list.state.value} what="the batches" retry={() => void list.refresh()}>
        {(shown) => (shown.batches.length === 0 ? <None /> : <Batches list={shown} search={search} />)}
      </Show>
    </>
  );
}

/** A plain form: the filters are in the address, and can be sent to somebody. */
function Filters({ search }: { readonly search: string }) {
  const query = new URLSearchParams(search);
  return (
    <form class="filters" method="get" action="/batches">
      <label>
        Status
        <select name="status">
          <option value="">any</option>
          {BATCH_STATUSES.map((status) => (
            <option key={status} value={status} selected={query.get('status') === status}>
              {status.toLowerCase()}
            </option>
          ))}
        </select>
      </label>
      <label>
        Analysis
        <select name="analysisType">
          <option value="">any</option>
          {REQUESTABLE_ANALYSES.map((name) => (
            <option key={name} value={name} selected={query.get('analysisType') === name}>
              {analysisTitle(name, 'transactions')}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Filter</button>
    </form>
  );
}

function None() {
  return (
    <Empty>
      <p>
        <strong>No batch is here.</strong>
      </p>
      <p>
        <code>POST /batch/run</code> makes one: <a href="/docs">the pages of the API</a> have examples that
        can be sent from there.
      </p>
    </Empty>
  );
}

function Batches({ list, search }: { readonly list: BatchList; readonly search: string }) {
  return (
    <>
      <div class="table" role="group" aria-label="Batches, newest first" tabIndex={0}>
        <table>
          <caption class="unseen">Batches, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Batch</th>
              <th scope="col">Status</th>
              <th scope="col" class="number desk">
                Rows
              </th>
              <th scope="col" class="number desk">
                Ran for
              </th>
              <th scope="col" class="desk">
                Submitted
              </th>
            </tr>
          </thead>
          <tbody>
            {list.batches.map((batch) => (
              <BatchRow key={batch.batchId} batch={batch} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">
        {count(list.batches.length)} of {count(list.total)}.{' '}
        {list.nextCursor !== null && <a href={nextPage(search, list.nextCursor)}>Older ones</a>}
      </p>
    </>
  );
}

function BatchRow({ batch }: { readonly batch: Batch }) {
  const ran = runMs(batch, Date.now());
  return (
    <tr>
      <th scope="row">
        <a href={`/batches/${batch.batchId}`}>{batchTitle(batch)}</a>
        <span class="id">{batch.batchId}</span>
      </th>
      <td>
        <StatusBadge status={batch.status} />
      </td>
      <td class="number desk">{batch.rowCount === null ? '–' : count(batch.rowCount)}</td>
      <td class="number desk">{ran === null ? '–' : duration(ran)}</td>
      <td class="desk">{utcTime(batch.submitTime)}</td>
    </tr>
  );
}
