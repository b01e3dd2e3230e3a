import { describe, expect, test } from 'vitest';
import { askData } from '../../api/support.js';
import {
  allDrawn,
  linksBehind,
  pixelsBeyond,
  seriousFindings,
  settled,
} from '../support/viewChecks.js';
import { type DemoWorld, LOOKS } from './demoWorld.js';

/** Looks in which axe reads a view: it takes longer than all the rest. */
const CHECKED: readonly string[] = ['desktopLight', 'phoneDark'];
/** Of a view with many links of one kind, so many are followed. */
const OF_A_KIND = 1;

/** Every view with what the demo has most of. */
async function viewsOf(world: DemoWorld): Promise<string[]> {
  const { demo, cast } = world;
  const { models, collections, sales, claims } = await askData(
    demo,
    `{ models(first: 1) { nodes { modelId oracle { chainId address } } }
       collections(first: 1) { nodes { chainId address } }
       sales(first: 1, orderBy: PARTICIPANTS, direction: DESC) { nodes { chainId address } }
       claims(first: 1, direction: ASC) { nodes { transactionHash } } }`,
  );
  const [{ modelId, oracle }] = models.nodes;
  const [collection] = collections.nodes;
  const [sale] = sales.nodes;
  return [
    '',
    'sales',
    `sales/${sale.chainId}/${sale.address}`,
    'models',
    `models/${oracle.chainId}/${oracle.address}/${modelId}`,
    'collections',
    `collections/${collection.chainId}/${collection.address}`,
    `transactions/${claims.nodes[0].transactionHash}`,
    'books',
    'status',
    'nowhere',
  ]
    .map((path) => `${demo.pageUrl}${path}`)
    .concat(world.offering('MRD'), world.pathOf(`${cast[0]},${cast[1]}`));
}

/** What is true of every view. */
export function describeViews(ofDemo: () => DemoWorld): void {
  describe('on every view of the demo', () => {
    test('nothing is inaccessible or scrolls sideways, on a desktop and a phone, light and dark', async () => {
      const world = ofDemo();
      const { page } = world;
      for (const view of await viewsOf(world)) {
        await page.goto(view);
        await page.locator('h1').waitFor();
        await settled(page);
        await allDrawn(page);
        for (const [name, { viewport, colorScheme }] of Object.entries(LOOKS)) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          expect([view, name, await pixelsBeyond(page)]).toEqual([view, name, 0]);
          // Each width and each colour scheme once: what is on a view does not depend on both together.
          if (!CHECKED.includes(name)) continue;
          expect([view, name, await seriousFindings(page)]).toEqual([view, name, []]);
        }
      }
      expect(await page.title()).toBe('imo-ledger');
    });

    test('every kind of link leads to something', async () => {
      const { page, demo } = ofDemo();
      const kinds = new Map<string, number>();
      const waiting = [demo.pageUrl];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const links = await linksBehind(page, next);
        for (const link of links) {
          if (!link.startsWith(demo.pageUrl) || link.includes('#')) continue;
          // Addresses, hashes and numbers differ within a kind.
          const kind = link.replace(demo.pageUrl, '').replace(/0x[\da-f]+|\d+/gi, '…');
          const followed = kinds.get(kind) ?? 0;
          if (followed >= OF_A_KIND) continue;
          kinds.set(kind, followed + 1);
          waiting.push(link);
        }
      }
      expect([...kinds.keys()]).toEqual(
        expect.arrayContaining([
          'offerings/…/…',
          'holders/…',
          'sales/…/…',
          'models/…/…/…',
          'collections/…/…',
          'transactions/…',
          'books',
          'status',
          'graphiql',
        ]),
      );
    });
  });

  /** The files of a view that a reader opens first, as they come over the wire. */
  async function filesOf(place: string) {
    const { page } = ofDemo();
    await page.goto(place);
    await settled(page);
    const files = await page.evaluate(() =>
      [
        ...performance.getEntriesByType('navigation'),
        ...performance.getEntriesByType('resource'),
      ].map((entry) => ({
        url: entry.name,
        bytes: (entry as PerformanceResourceTiming).encodedBodySize,
      })),
    );
    return files.filter(({ url: of }) => !of.includes('/graphql'));
  }

  test.each(['en', 'de'])(
    'every view loads less than 120 KB at first, and its files are kept for good (%s)',
    async (locale) => {
      const world = ofDemo();
      const page = await world.open(LOOKS.desktopLight, { locale });
      const { pageUrl } = world.demo;
      for (const place of [pageUrl, world.pathOf(world.cast[0] ?? ''), world.offering('MRD')]) {
        const loaded = await filesOf(place);
        expect(loaded.map(({ url: of }) => of.replace(/.*\./, '')).toSorted()).toEqual(
          expect.arrayContaining(['css', 'js', 'woff2']),
        );
        const bytes = loaded.reduce((sum, file) => sum + file.bytes, 0);
        expect(bytes).toBeGreaterThan(50_000);
        expect(bytes).toBeLessThan(120_000);
        for (const { url: of } of loaded.filter((file) => file.url.includes('/assets/'))) {
          const { headers } = await fetch(of, { method: 'HEAD' });
          expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        }
      }
      // Figures of one width: the font of the page has them.
      const widths = await page.evaluate(() => {
        const text = document.createElement('span');
        document.querySelector('main')?.append(text);
        return ['111', '000'].map((figures) => {
          text.textContent = figures;
          return text.getBoundingClientRect().width;
        });
      });
      expect(widths[0]).toBe(widths[1]);
    },
  );
}
