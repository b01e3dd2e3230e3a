import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { unpackedBrowser } from './browserFiles.js';

/** A page, and all that went wrong in it or came from elsewhere. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** A real browser without a window: our own on Linux, elsewhere the Chrome of this machine. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return chromium.launch({ channel: 'chrome' });
  }
  const { executablePath, env } = await unpackedBrowser();
  return chromium.launch({ executablePath, env: { ...definedEnvironment(), ...env } });
}

/** Profiles that are open, by what they are like: a page of the next test finds the files in the cache. */
const profiles = new WeakMap<Browser, Map<string, BrowserContext>>();

async function profileOf(browser: Browser, like: BrowserContextOptions): Promise<BrowserContext> {
  const known = profiles.get(browser) ?? new Map<string, BrowserContext>();
  profiles.set(browser, known);
  const key = JSON.stringify(like);
  const open = known.get(key);
  if (open !== undefined) return open;
  const context = await browser.newContext(like);
  known.set(key, context);
  context.once('close', () => known.delete(key));
  return context;
}

/** Runs in a page before its scripts: what the page before kept is gone, what this one keeps stays. */
function forgetOnce(): void {
  try {
    if (sessionStorage.getItem('isOpen') === 'yes') return;
    localStorage.clear();
    sessionStorage.setItem('isOpen', 'yes');
  } catch {
    // A page without storage keeps nothing.
  }
}

/**
 * A page that remembers nothing, in the profile of pages that are alike: close the page to keep its cache, or its context.
 * Complaints are warnings and errors of the console, exceptions,
 * what the Content-Security-Policy forbade, and requests that failed or went elsewhere.
 *
 * @param origin from which alone the page may load
 */
export async function openPage(
  browser: Browser,
  origin: string,
  viewport: { readonly width: number; readonly height: number },
  more: Omit<BrowserContextOptions, 'viewport'> = {},
): Promise<WatchedPage> {
  const context = await profileOf(browser, { ...more, viewport });
  const page = await context.newPage();
  await page.addInitScript(forgetOnce);
  const complaints: string[] = [];
  page.on('console', (message) => {
    const type = message.type();
    if (type === 'error' || type === 'warning') complaints.push(`${type}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A subscription that the page leaves.
    if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
    complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== origin) complaints.push(`elsewhere: ${url}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => {
    complaints.push(`policy: ${text}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { reportViolation } = globalThis as unknown as {
        reportViolation(text: string): void;
      };
      reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return { page, complaints };
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
