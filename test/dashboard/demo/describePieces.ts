import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getBalance } from '../../../devnet/chain.js';
import { askData } from '../../api/support.js';
import { documentedBlocks } from '../../support/docs/blocks.js';
import { ethText } from '../support/ethText.js';
import { expectShown } from '../support/shown.js';
import { type DemoWorld, LOOKS } from './demoWorld.js';

/** The pieces of the demo in the site of somebody else, on a port of its own. */
export function describePieces(ofDemo: () => DemoWorld, expected: RegExp[]): void {
  let site: Server;
  let siteUrl: string;
  /** What it has between the script and its end. */
  let body = '';

  beforeAll(async () => {
    site = createServer((request, response) => {
      if (request.url !== '/') return response.writeHead(204).end();
      const { pageUrl } = ofDemo().demo;
      const { origin } = new URL(pageUrl);
      return response
        .writeHead(200, {
          'content-type': 'text/html',
          // As strict as a site can be that wants the pieces.
          'content-security-policy': `default-src 'none'; script-src ${origin}; connect-src ${origin}`,
        })
        .end(`<!doctype html><html lang="en"><title>Site</title>
          <script type="module" src="${pageUrl}embed/imo-ledger.js"></script>${body}</html>`);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    site?.close();
  });

  const token = () => ofDemo().tokens.MRD.address;
  const piece = (account: string) =>
    `<imo-claimable address="${account}" token="${token()}"></imo-claimable>`;
  const state = (name: string) => ofDemo().page.locator(`[state=${name}]`);
  const amountOf = (of: string) => ofDemo().page.locator(`${of} [part=amount]`);
  const titleOf = (of: string) => amountOf(of).first().getAttribute('title');

  /** What the contract says that an account can claim of the token. */
  async function claimableOf(account: string): Promise<string> {
    const world = ofDemo();
    const shares = [1, 2, 3, 4, 5, 6, 7, 8].map((id) =>
      world.shareOf(world.tokens.MRD, account, id),
    );
    return ethText((await Promise.all(shares)).reduce((sum, share) => sum + share, 0n));
  }

  /** What the token received, by its balance and what it has paid. */
  async function received(): Promise<string> {
    const { demo } = ofDemo();
    const { token: of } = await askData(
      demo,
      `{ token(chainId: ${demo.chain.chainId}, address: "${token()}") {
        claimedWei redeemedWei asOf { block }
      } }`,
    );
    const balance = await getBalance(demo.chain, token(), of.asOf.block);
    return ethText(balance + BigInt(of.claimedWei) + BigInt(of.redeemedWei));
  }

  describe('a piece in a page of another origin', () => {
    let account: string;

    beforeEach(async () => {
      const world = ofDemo();
      account = world.cast[2] ?? '';
      expected.push(new RegExp(`^elsewhere: ${siteUrl}$`));
      await world.open(LOOKS.phoneLight);
    });

    async function visit(html: string): Promise<void> {
      body = html;
      await ofDemo().page.goto(siteUrl);
    }

    test('shows what an account can claim, and what a token received', async () => {
      const { demo, page } = ofDemo();
      const stranger = `0x${'9'.repeat(40)}`;
      const { chainId } = demo.chain;
      await visit(
        piece(account) +
          `<imo-revenue token="${token()}" chain="${chainId}"></imo-revenue>` +
          piece(stranger).replace('<imo-claimable', '<imo-claimable id="stranger"'),
      );
      await expectShown(() => state('ready').count()).toBe(3);
      await ofDemo().expectSame(
        () => titleOf('imo-claimable'),
        () => claimableOf(account),
      );
      expect(await titleOf('imo-claimable')).not.toBe('0 ETH');
      await ofDemo().expectSame(() => titleOf('imo-revenue'), received);
      expect(await amountOf('#stranger').textContent()).toBe('0 ETH');
      const href = (of: string) => page.locator(`${of} [part=link]`).first().getAttribute('href');
      expect(await href('imo-claimable')).toBe(`${demo.pageUrl}holders/${account}`);
      expect(await href('imo-revenue')).toBe(`${demo.pageUrl}offerings/${chainId}/${token()}`);
    });

    test('shows both figures as the example of docs/page.md is written', async () => {
      const [example] = documentedBlocks().filter(({ file }) => file === 'docs/page.md');
      expect(example?.text).toContain('/embed/imo-ledger.js"></script>');
      await visit(
        (example?.text ?? '')
          .replace(/<script.*\n/, '')
          .replace(/address="\w+"/, `address="${account}"`)
          .replace(/token="\w+"/g, `token="${token()}"`)
          .replace('chain="1"', 'chain="31337"'),
      );
      await expectShown(() => state('ready').count()).toBe(2);
      await ofDemo().expectSame(
        () => titleOf('imo-claimable'),
        () => claimableOf(account),
      );
      expect(await amountOf('imo-revenue').textContent()).toMatch(/^\d+\.\d+ ETH$/);
    });

    test('has the colours and the language of the page around it', async () => {
      const { page } = ofDemo();
      await visit(`<div lang="de">${piece(account)}</div>`);
      await state('ready').waitFor();
      expect(await page.locator('imo-claimable [part=label]').textContent()).toBe('Jetzt abrufbar');
      expect(await amountOf('imo-claimable').textContent()).toMatch(/^\d+,\d+ ETH$/);
      const link = page.locator('imo-claimable [part=link]');
      const colour = () => link.evaluate((element) => getComputedStyle(element).color);
      await page.evaluate(() =>
        document.documentElement.style.setProperty('--imo-accent', 'rgb(1, 2, 3)'),
      );
      expect(await colour()).toBe('rgb(1, 2, 3)');
    });

    test.each([
      ['token', 'token="0x12"', 'The attribute token is not an address'],
      ['address', 'address="<img src=x>"', 'The attribute address is not an address'],
      ['chain', 'chain="-1"', 'The attribute chain is not a chain id'],
    ])(
      'asks nothing for an attribute %s that cannot be read, and says which',
      async (name, wrong, text) => {
        const { page } = ofDemo();
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        await visit(piece(account).replace(new RegExp(` ${name}="[^"]*"|(?=>)`), ` ${wrong}`));
        await state('invalid').waitFor();
        expect(await page.locator('[part=note]').textContent()).toContain(text);
        expect(await amountOf('imo-claimable').textContent()).toBe('—');
        expect(asked.filter((url) => url.includes('/graphql'))).toEqual([]);
        await page.locator('imo-claimable').evaluate(
          (one, [address = '', of = '']) => {
            one.setAttribute('address', address);
            one.setAttribute('token', of);
            one.removeAttribute('chain');
          },
          [account, token()],
        );
        await state('ready').waitFor();
        await ofDemo().expectSame(
          () => titleOf('imo-claimable'),
          () => claimableOf(account),
        );
      },
    );

    test('has no figure for a token that the server does not index, not even zero', async () => {
      const { page } = ofDemo();
      await visit(`<imo-revenue token="0x${'1'.repeat(40)}"></imo-revenue>`);
      await state('failed').waitFor();
      expect(await amountOf('imo-revenue').textContent()).toBe('—');
      expect(await page.locator('[part=note]').textContent()).toContain(
        'does not index this token',
      );
    });

    test('says that the books of its token have ended', async () => {
      const { page } = ofDemo();
      await page.route('**/graphql', async (route) => {
        const response = await route.fetch();
        const text = (await response.text()).replace('"held":null', '"held":{"lastBlock":5}');
        await route.fulfill({ response, body: text });
      });
      await visit(piece(account));
      await state('held').waitFor();
      expect(await titleOf('imo-claimable')).toMatch(/^\d+\.\d+ ETH$/);
      expect(await page.locator('[part=note]').textContent()).toContain('ended at block 5');
    });

    test('says when its figures cannot be loaded', async () => {
      const { page } = ofDemo();
      expected.push(/ERR_FAILED|failed:/);
      await page.route('**/graphql', (route) => route.abort());
      await visit(piece(account));
      await state('failed').waitFor();
      expect(await amountOf('imo-claimable').textContent()).toBe('—');
      expect(await page.locator('[part=note]').textContent()).toContain('cannot be loaded now');
    });
  });
}
