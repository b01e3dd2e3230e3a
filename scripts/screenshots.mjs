// Makes the pictures of the README and of the docs: `npm run screenshots`. A real browser opens the page and
// GraphiQL of `imo-ledger demo`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { launchBrowser, openPage } = await import('../dist/test/support/programs/browser.js');

const FOLDER = 'docs/pictures';
const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
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

const demo = spawn('node', ['bin/imo-ledger.js', 'demo'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  mkdirSync(FOLDER, { recursive: true });
  await photograph(await placesOf(demo.stdout));
} finally {
  demo.kill('SIGINT');
  await once(demo, 'exit');
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
  const start = new URL('/', holder).href;
  const { origin } = new URL(holder);
  const browser = await launchBrowser();
  try {
    await take(
      browser,
      { origin, name: 'holder', viewport: DESKTOP, colorScheme: 'light' },
      (page) => page.goto(holder),
    );
    await take(
      browser,
      { origin, name: 'holder-phone', viewport: PHONE, colorScheme: 'dark' },
      (page) => page.goto(holder),
    );
    await take(
      browser,
      { origin, name: 'start', viewport: DESKTOP, colorScheme: 'light' },
      (page) => page.goto(start),
    );
    await take(
      browser,
      { origin, name: 'offering', viewport: DESKTOP, colorScheme: 'light' },
      async (page) => {
        await page.goto(start);
        await page.getByRole('link', { name: /MRD/ }).click();
        await page.getByRole('heading', { name: 'Where the revenue is now' }).waitFor();
      },
    );
    await take(
      browser,
      { origin, name: 'graphiql', viewport: DESKTOP, colorScheme: 'light' },
      async (page) => {
        await page.goto(`${graphiql}?query=${encodeURIComponent(QUERY)}`);
        await page.getByRole('button', { name: /^Execute query/ }).click();
        await page
          .getByRole('region', { name: 'Result Window' })
          .getByText('redeemableWei')
          .waitFor();
        await page.getByRole('button', { name: 'Hide editor tools' }).click();
      },
    );
  } finally {
    await browser.close();
  }
}

/** One picture of a view, once everything that it asked for is there. */
async function take(browser, { origin, name, viewport, colorScheme }, show) {
  const more = { colorScheme, locale: 'en-GB', timezoneId: 'UTC' };
  const { page, complaints } = await openPage(browser, origin, viewport, more);
  await show(page);
  // The audit after the backfill compares every figure.
  await page.waitForFunction(
    () => document.querySelector('.marks, [aria-busy=true]') === null,
    null,
    { timeout: 120_000 },
  );
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.mouse.move(0, 0);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  await page.context().close();
}
