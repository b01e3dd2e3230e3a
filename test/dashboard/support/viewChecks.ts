import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectShown } from './shown.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs if it is ever mistaken for HTML, turns the text around, and is long. */
export const HOSTILE = `<img src=x onerror="document.title='owned'">\u202e${'x'.repeat(300)}`;

/** Waits until everything that the view asked for is there. */
export async function settled(page: Page): Promise<void> {
  // The browser looks by itself: asking it again and again would cost more than the view.
  await page.waitForFunction(
    () =>
      document.querySelector('h1') !== null && document.querySelector('[aria-busy=true]') === null,
    undefined,
    { polling: 50 },
  );
}

/** Loads a view again until it shows something: the server keeps what is marked for a second. */
export function reloadUntil(page: Page, shown: Locator): Promise<void> {
  return expectShown(async () => {
    await page.reload();
    await settled(page);
    return shown.count();
  }).toBeGreaterThan(0);
}

/** Has every drawing made, also those of sections that come later, as printing does. */
export async function allDrawn(page: Page): Promise<void> {
  await expectShown(async () => {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    return page.locator('.chart-place').count();
  }).toBe(0);
}

/** What axe finds serious or critical in a view. */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: { id: string; impact: string; nodes: { html: string }[] }[];
        }>;
      };
    };
    const { violations } = await checker.run({
      // What passes is not described, and frames and files of others do not occur.
      resultTypes: ['violations'],
      iframes: false,
      preload: false,
    });
    return violations
      .filter(({ impact }) => ['serious', 'critical'].includes(impact))
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}

/** Opens a link, and expects something behind it. @returns the links of the page behind it */
export async function linksBehind(page: Page, link: string): Promise<string[]> {
  if (/graphiql|\/v1\//.test(link)) {
    const response = await fetch(link, { headers: { accept: 'text/html' } });
    expect([link, response.status]).toEqual([link, 200]);
    await response.body?.cancel();
    return [];
  }
  await page.goto(link);
  await settled(page);
  expect([link, await page.getByRole('alert').allTextContents()]).toEqual([link, []]);
  return page
    .locator('a[href]')
    .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
}

/** Pixels that a view is wider than the window: it would scroll sideways. */
export function pixelsBeyond(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
