// Makes docs/graphiql.png, the picture of the README: `npm run docs:picture`. A real browser asks
// the server of `imo-ledger demo`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const { launchBrowser, openPage } = await import('../dist/test/support/programs/browser.js');

const FILE = 'docs/graphiql.png';
const VIEWPORT = { width: 1280, height: 860 };
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
  await photograph(await urlOf(demo.stdout));
} finally {
  demo.kill('SIGINT');
  await once(demo, 'exit');
}

async function urlOf(output) {
  for await (const line of createInterface(output)) {
    const [, url] = /GraphiQL in a browser: (\S+)/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('the demo ended before it served');
}

async function photograph(url) {
  const browser = await launchBrowser();
  try {
    const { page, complaints } = await openPage(browser, new URL(url).origin, VIEWPORT);
    await page.goto(`${url}?query=${encodeURIComponent(QUERY)}`);
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await page.getByRole('region', { name: 'Result Window' }).getByText('redeemableWei').waitFor();
    await page.getByRole('button', { name: 'Hide editor tools' }).click();
    await page.mouse.move(0, 0);
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
    await page.screenshot({ path: FILE, animations: 'disabled' });
  } finally {
    await browser.close();
  }
}
