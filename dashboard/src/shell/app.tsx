import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { BASE } from '../place/base.js';
import { momentOf, momentParameter } from '../place/moment.js';
import { withParameter } from '../place/parameters.js';
import { texts } from '../texts/texts.js';
import { NotFound } from '../views/notFound.js';
import { later } from './later.js';
import { Notices } from './notices.js';
import { TopBar } from './topBar.js';

// A view is loaded when it is opened: no reader waits for another one.
const BooksView = later(() => import('../views/books/books.js').then((view) => view.BooksView));
const CollectionsView = later(() =>
  import('../views/markets/collections.js').then((view) => view.CollectionsView),
);
const GalleryView = later(() =>
  import('../views/markets/gallery.js').then((view) => view.GalleryView),
);
const HolderView = later(() => import('../views/holder/holder.js').then((view) => view.HolderView));
const ModelView = later(() => import('../views/markets/model.js').then((view) => view.ModelView));
const ModelsView = later(() =>
  import('../views/markets/models.js').then((view) => view.ModelsView),
);
const SaleView = later(() => import('../views/markets/sale.js').then((view) => view.SaleView));
const SalesView = later(() => import('../views/markets/sales.js').then((view) => view.SalesView));
const OfferingView = later(() =>
  import('../views/offering/offering.js').then((view) => view.OfferingView),
);
const StartView = later(() => import('../views/start/start.js').then((view) => view.StartView));
const StatusView = later(() => import('../views/status/status.js').then((view) => view.StatusView));
const TransactionView = later(() =>
  import('../views/transaction/transaction.js').then((view) => view.TransactionView),
);

/** The page: what is around every view, and the view of the URL. */
export function App() {
  // What is not ours, as files and GraphiQL, is not a place of the page.
  const ours = new RegExp(
    `^${BASE}/(?:$|[?#]|(?:offerings|holders|transactions|sales|models|collections|books|status)\\b)`,
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
  const isReadable = momentOf(momentParameter.value).kind !== 'unreadable';
  const choose = (moment: string | null) => route(withParameter(path, query, 'at', moment));
  return (
    <>
      <a class="skip" href="#content">
        {texts.value.shell.skip}
      </a>
      <TopBar onMoment={choose} />
      <Notices onNow={() => choose(null)} />
      <main id="content" tabIndex={-1}>
        {/* Figures of now would be taken for those of the moment that was meant. */}
        {isReadable && (
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
              <Route path={`${BASE}/books`} component={BooksView} />
              <Route path={`${BASE}/status`} component={StatusView} />
              <Route default component={() => <NotFound text={path} />} />
            </Router>
          </ErrorBoundary>
        )}
      </main>
    </>
  );
}
