// Makes the pictures of the README and of the docs: `npm run screenshots`. A real browser opens the page and
// GraphiQL of `imo-ledger demo`: of its own, or of one that runs, by the URL of a holder in it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { launchBrowser, openPage } = await import('../dist/test/support/programs/browser.js');

const FOLDER = 'docs/pictures';
/** A machine may do something else. */
const WAITS_MS = 300_000;
const MARKED_MS = 12_000;
/** What the docs show of each view, by the end of its name. */
const LOOKS = {
  '': { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  '-phone': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
};
const VIEWS = `{
  tokens(first: 1, orderBy: RECEIVED, direction: DESC) { nodes { chainId address } }
  models(first: 1, orderBy: REQUESTS, direction: DESC) { nodes { modelId oracle { chainId address } } }
  collections(first: 1) { nodes { chainId address } }
  sales(first: 1, orderBy: PARTICIPANTS, direction: DESC) { nodes { chainId address } }
  # The oldest: its block is final.
  claims(first: 1, direction: ASC) { nodes { transactionHash } }
}`;
const QUERY = `# Amounts are exact: wei, as text.
query Claims {
  claims(first: 1) {
    nodes {
      snapshotId
      amountWei
      value(currency: "USD") { amount roundId }
    }
  }
  tokens(first: 1) {
    nodes {
      symbol
      lastSnapshot { claimableWei claimedWei }
      holders(first: 1, orderBy: CLAIMABLE) {
        nodes {
          address
          entitlement {
            totalClaimableWei
            redeemableWei
          }
        }
      }
    }
  }
}
`;

mkdirSync(FOLDER, { recursive: true });
const [running] = process.argv.slice(2);
if (running === undefined) await ofOwnDemo();
else await photograph({ holder: running, graphiql: new URL('/graphiql', running).href });

async function ofOwnDemo() {
  const stdio = ['ignore', 'pipe', 'inherit'];
  const demo = spawn('node', ['bin/imo-ledger.js', 'demo'], { stdio });
  try {
    await photograph(await placesOf(demo.stdout));
  } finally {
    demo.kill('SIGINT');
    await once(demo, 'exit');
  }
}

/** Where the page of a holder, and GraphiQL, are. */
async function placesOf(output) {
  let holder = '';
  for await (const line of createInterface(output)) {
    holder = /^ {2}(http\S+\/holders\/\S+)$/.exec(line)?.[1] ?? holder;
    const [, graphiql] = /GraphiQL in a browser: (\S+)/.exec(line) ?? [];
    if (graphiql !== undefined) return { holder, graphiql };
  }
  throw new Error('the demo ended before it served');
}

async function photograph({ holder, graphiql }) {
  const { origin } = new URL(holder);
  const places = await viewsOf(holder);
  const browser = await launchBrowser();
  try {
    for (const [name, url] of Object.entries(places)) {
      for (const [suffix, look] of Object.entries(LOOKS)) {
        await take(browser, { origin, name: `${name}${suffix}`, ...look }, (page) =>
          page.goto(url),
        );
      }
    }
    await take(browser, { origin, name: 'graphiql', ...LOOKS[''] }, async (page) => {
      await page.goto(`${graphiql}?query=${encodeURIComponent(QUERY)}`);
      await page.getByRole('button', { name: /^Execute query/ }).click();
      await page
        .getByRole('region', { name: 'Result Window' })
        .getByText('redeemableWei')
        .waitFor();
      await page.getByRole('button', { name: 'Hide editor tools' }).click();
    });
  } finally {
    await browser.close();
  }
}

/** Every view of the page, with what the demo has most of. */
async function viewsOf(holder) {
  const start = new URL('/', holder).href;
  const data = await ask(new URL('/graphql', start), VIEWS);
  const [token] = data.tokens.nodes;
  const [model] = data.models.nodes;
  const [collection] = data.collections.nodes;
  const [sale] = data.sales.nodes;
  const [claim] = data.claims.nodes;
  const under = (...parts) => `${start}${parts.join('/')}`;
  return {
    start,
    holder,
    offering: under('offerings', token.chainId, token.address),
    transaction: under('transactions', claim.transactionHash),
    sales: under('sales'),
    sale: under('sales', sale.chainId, sale.address),
    models: under('models'),
    model: under('models', model.oracle.chainId, model.oracle.address, model.modelId),
    collections: under('collections'),
    collection: under('collections', collection.chainId, collection.address),
    books: under('books'),
    status: under('status'),
  };
}

async function ask(api, query) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(api, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return (await response.json()).data;
}

/** One picture of a view, once everything that it asked for is there. */
async function take(browser, { origin, name, viewport, colorScheme }, show) {
  const more = { colorScheme, locale: 'en-GB', timezoneId: 'UTC' };
  const { page, complaints } = await openPage(browser, origin, viewport, more);
  await show(page);
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy=true]') === null &&
      document.querySelector('h1, .graphiql-container') !== null,
    null,
    { timeout: WAITS_MS },
  );
  // Figures of the newest blocks may be marked for a while: until they are compared, or final.
  await page
    .locator('.marks')
    .waitFor({ state: 'detached', timeout: MARKED_MS })
    .catch(() => null);
  // The worth of the one number is asked for when the number is there.
  const fiat = page.getByTestId('fiat');
  if ((await fiat.count()) > 0) await fiat.locator('.exact').first().waitFor({ timeout: WAITS_MS });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // Drawings below the window come when they are seen: those in it are there.
  await page.mouse.move(0, 0);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  await page.context().close();
}
