import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
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

/**
 * A page in a profile of its own. Complaints are warnings and errors of the console, exceptions,
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
  const context = await browser.newContext({ ...more, viewport });
  const page = await context.newPage();
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
