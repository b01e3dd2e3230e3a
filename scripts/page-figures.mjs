// Measures the page of `imo-ledger demo` as a browser loads it: `npm run page:figures`. Size over the wire, requests, time to
// the one number, and layout shifts, on a desktop and on a phone, of the first visit and of the second.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const { launchBrowser } = await import('../dist/test/support/programs/browser.js');

const SCREENS = {
  desktop: { width: 1280, height: 860 },
  phone: { width: 390, height: 844 },
};
const RUNS = 5;

const demo = spawn('node', ['bin/imo-ledger.js', 'demo', '--short'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const holder = await holderOf(demo.stdout);
  const browser = await launchBrowser();
  try {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      const visits = [];
      for (let run = 0; run < RUNS; run++) visits.push(await visit(browser, viewport, holder));
      for (const which of ['first', 'second'])
        print(
          screen,
          which,
          visits.map((one) => one[which]),
        );
    }
  } finally {
    await browser.close();
  }
} finally {
  demo.kill('SIGINT');
  await once(demo, 'exit');
}

/** Where the page of a holder is, once the demo serves. */
async function holderOf(output) {
  let holder = '';
  for await (const line of createInterface(output)) {
    holder = /^ {2}(http\S+\/holders\/\S+)$/.exec(line)?.[1] ?? holder;
    if (line.includes('GraphiQL in a browser')) return holder;
  }
  throw new Error('the demo ended before it served');
}

/** A first visit with an empty cache, and a second one. */
async function visit(browser, viewport, url) {
  const context = await browser.newContext({ viewport });
  try {
    return { first: await measure(context, url), second: await measure(context, url) };
  } finally {
    await context.close();
  }
}

async function measure(context, url) {
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(url);
  await page.getByTestId('claimable').getByRole('button').waitFor();
  // What comes later may still move what is there.
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
  await page.waitForTimeout(500);
  const figures = await page.evaluate(() => {
    const entries = [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ];
    const ofPage = entries.filter(({ name }) => !name.includes('/graphql'));
    return {
      kilobytes: ofPage.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1_000,
      files: ofPage.length,
      queries: entries.length - ofPage.length,
      numberMs: globalThis.pageFigures.numberMs,
      shift: globalThis.pageFigures.shift,
    };
  });
  await page.close();
  return figures;
}

/** Runs in the page, before its scripts. */
function watch() {
  globalThis.pageFigures = { numberMs: null, shift: 0 };
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) {
      if (!hadRecentInput) globalThis.pageFigures.shift += value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    if (document.querySelector('[data-testid=claimable] [data-exact]') === null) {
      requestAnimationFrame(look);
    } else {
      globalThis.pageFigures.numberMs = performance.now();
    }
  };
  requestAnimationFrame(look);
}

function print(screen, which, visits) {
  const median = (of) => visits.map(of).toSorted((a, b) => a - b)[Math.floor(visits.length / 2)];
  const worst = (of) => Math.max(...visits.map(of));
  process.stdout.write(
    `${screen}, ${which} visit: ${median((one) => one.kilobytes).toFixed(1)} KB in ${median((one) => one.files)} files, ` +
      `${median((one) => one.queries)} queries, number after ${Math.round(median((one) => one.numberMs))} ms, ` +
      `layout shift ${worst((one) => one.shift).toFixed(3)}\n`,
  );
}
