import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { BASE } from '../place/base.js';
import { momentParameter } from '../place/moment.js';
import { withParameter } from '../place/parameters.js';
import { texts } from '../texts/texts.js';
import { HolderView } from '../views/holder/holder.js';
import { CollectionsView } from '../views/markets/collections.js';
import { GalleryView } from '../views/markets/gallery.js';
import { ModelView } from '../views/markets/model.js';
import { ModelsView } from '../views/markets/models.js';
import { SaleView } from '../views/markets/sale.js';
import { SalesView } from '../views/markets/sales.js';
import { NotFound } from '../views/notFound.js';
import { OfferingView } from '../views/offering/offering.js';
import { StartView } from '../views/start/start.js';
import { StatusView } from '../views/status/status.js';
import { TransactionView } from '../views/transaction/transaction.js';
import { Notices } from './notices.js';
import { TopBar } from './topBar.js';

/** The page: what is around every view, and the view of the URL. */
export function App() {
  // What is not ours, as files and GraphiQL, is not a place of the page.
  const ours = new RegExp(
    `^${BASE}/(?:$|[?#]|(?:offerings|holders|transactions|sales|models|collections|status)\\b)`,
  );
  return (
    <LocationProvider scope={ours}>
      <Shell />
    </LocationProvider>
  );
}

function Shell() {
  const { path, query, route } = useLocation();
  momentParameter.value = query.at ?? null;
  const choose = (moment: string | null) => route(withParameter(path, query, 'at', moment));
  return (
    <>
      <a class="skip" href="#content">
        {texts.value.shell.skip}
      </a>
      <TopBar onMoment={choose} />
      <Notices onNow={() => choose(null)} />
      <main id="content" tabIndex={-1}>
        <ErrorBoundary>
          <Router>
            <Route path={`${BASE}/`} component={StartView} />
            <Route path={`${BASE}/offerings/:chainId/:token`} component={OfferingView} />
            <Route path={`${BASE}/holders/:addresses`} component={HolderView} />
            <Route path={`${BASE}/transactions/:hash`} component={TransactionView} />
            <Route path={`${BASE}/sales`} component={SalesView} />
            <Route path={`${BASE}/sales/:chainId/:sale`} component={SaleView} />
            <Route path={`${BASE}/models`} component={ModelsView} />
            <Route path={`${BASE}/models/:chainId/:oracle/:model`} component={ModelView} />
            <Route path={`${BASE}/collections`} component={CollectionsView} />
            <Route path={`${BASE}/collections/:chainId/:collection`} component={GalleryView} />
            <Route path={`${BASE}/status`} component={StatusView} />
            <Route default component={() => <NotFound text={path} />} />
          </Router>
        </ErrorBoundary>
      </main>
    </>
  );
}
