import { render } from 'preact';
import { BatchListPage } from './batches/batch-list-page';
import { BatchPage } from './batches/batch-page';
import { routeOf } from './shell/route';
import type { Route } from './shell/route';
import { Shell } from './shell/shell';
import { NotFound } from './states/not-found';
import './styles.css';

const route = routeOf(location.pathname);

function pageOf(shown: Route) {
  switch (shown.page) {
    case 'batches':
      return <BatchListPage search={location.search} />;
    case 'batch':
      return <BatchPage batchId={shown.batchId} />;
    case 'none':
      return <NotFound />;
  }
}

const root = document.getElementById('app');
if (root !== null) render(<Shell route={route}>{pageOf(route)}</Shell>, root);
