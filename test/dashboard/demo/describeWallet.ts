import { describe, expect, test } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { encodeCall, readContract } from '../../../devnet/deploy.js';
import { eventually } from '../../support/eventually.js';
import { ethText } from '../support/ethText.js';
import { expectShown } from '../support/shown.js';
import type { TestWallet } from '../support/testWallet.js';
import { type DemoWorld, LOOKS, type Look, type Person } from './demoWorld.js';

const MERIDIAN = 'Meridian 7B RevShare · MRD';

/** What somebody does with a wallet whose key is known. */
export function describeWallet(ofDemo: () => DemoWorld): void {
  const claimAll = () => ofDemo().page.getByRole('button', { name: /^Claim all: / });
  const claimOne = () =>
    ofDemo()
      .card(MERIDIAN)
      .getByRole('button', { name: /^Claim / });
  const said = () => ofDemo().page.locator('.transactions').textContent();

  /** The page of a holder of its own, who has a wallet. */
  async function visit(look: Look): Promise<{ person: Person; wallet: TestWallet }> {
    const world = ofDemo();
    await world.open(look);
    const person = world.person();
    const wallet = await world.withWallet(person);
    await world.page.goto(world.pathOf(person.address));
    await claimAll().waitFor();
    await world.expectNumberOf(person.address);
    return { person, wallet };
  }

  describe('a holder of the demo with a wallet', () => {
    test('claims of one token: the number falls to what the contracts say, once it is indexed', async () => {
      const world = ofDemo();
      const { person } = await visit(LOOKS.phoneDark);
      const newest = (await world.openOf('MRD', person.address)).at(-1) ?? 0;
      const share = await world.shareOf(world.tokens.MRD, person.address, newest);
      expect(share).toBeGreaterThan(0n);
      const before = await world.exactClaimable();
      await claimOne().click();
      await expectShown(() => world.states()).toEqual(['indexed']);
      expect(await world.shareOf(world.tokens.MRD, person.address, newest)).toBe(0n);
      await expectShown(() => world.exactClaimable()).not.toBe(before);
      await world.expectNumberOf(person.address);
      const paid = world.card('History').locator('tbody td.number [data-exact]');
      await expectShown(() =>
        paid.evaluateAll((all) => all.map((one) => one.getAttribute('data-exact'))),
      ).toContain(ethText(share));
    });

    test('claims all of two tokens, one transaction after the other', async () => {
      const world = ofDemo();
      const { person, wallet } = await visit(LOOKS.desktopLight);
      const symbols = ['MRD', 'ATL'] as const;
      const before = await Promise.all(
        symbols.map((symbol) => world.openOf(symbol, person.address)),
      );
      const shown = await world.exactClaimable();
      await claimAll().click();
      await expectShown(() => world.states()).toEqual(['indexed', 'indexed']);
      expect(wallet.asked.filter((method) => method === 'eth_sendTransaction')).toHaveLength(2);
      for (const [index, symbol] of symbols.entries()) {
        expect(before[index]).not.toEqual([]);
        for (const id of before[index] ?? []) {
          expect(await world.shareOf(world.tokens[symbol], person.address, id)).toBe(0n);
        }
      }
      await expectShown(() => world.exactClaimable()).not.toBe(shown);
      await world.expectNumberOf(person.address);
      await expectShown(said).toContain('Claimable now: ');
    });

    test('sends none of the others when one is rejected', async () => {
      const world = ofDemo();
      const { person, wallet } = await visit(LOOKS.desktopDark);
      wallet.mood = 'rejects';
      await claimAll().click();
      await expectShown(() => world.states()).toEqual(['rejected', 'notSent']);
      expect(await said()).toContain('You rejected the request. Nothing was sent.');
      await world.expectNumberOf(person.address);
      expect(await world.openOf('MRD', person.address)).not.toEqual([]);
    });

    test('reads why the contract refused a transaction', async () => {
      const world = ofDemo();
      const { person, wallet } = await visit(LOOKS.phoneLight);
      // The same holder is faster elsewhere, while the wallet asks.
      wallet.beforeSending = async () => {
        const newest = (await world.openOf('MRD', person.address)).at(-1) ?? 0;
        await world.send(person.address, world.tokens.MRD, 'claim', [newest]);
        await eventually(async () =>
          expect(await world.shareOf(world.tokens.MRD, person.address, newest)).toBe(0n),
        );
      };
      await claimOne().click();
      await expectShown(() => world.states()).toEqual(['reverted']);
      expect(await said()).toMatch(/the contract refused it.*Reason: .*already claimed/s);
      await world.expectNumberOf(person.address);
    });

    test('is not asked to send for somebody else', async () => {
      const world = ofDemo();
      const { page } = world;
      const wallet = await world.withWallet(world.person());
      const other = world.person();
      await page.goto(world.pathOf(other.address));
      await claimOne().click();
      await expectShown(() => world.states()).toEqual(['otherAccount']);
      expect(wallet.asked).not.toContain('eth_sendTransaction');
    });

    test('burns a part of its tokens for what the contract says, and the books have it', async () => {
      const world = ofDemo();
      const { person } = await visit(LOOKS.phoneLight);
      const balance = () =>
        readContract(world.demo.chain, world.tokens.MRD, 'balanceOf', [person.address]);
      const held = await balance();
      const burned = (held * 300n) / 1_000n;
      const card = world.card(MERIDIAN);
      await card.getByText('Burn tokens…').click();
      await card.getByRole('slider', { name: 'How many tokens' }).fill('300');
      const quote = world.page.getByTestId('burn-quote');
      await world.expectSame(
        () => quote.getByRole('button').first().getAttribute('data-exact'),
        async () =>
          ethText(
            await readContract(world.demo.chain, world.tokens.MRD, 'redeemableOnBurn', [burned]),
          ),
      );
      await card.getByRole('button', { name: /^Burn .* for / }).click();
      await expectShown(() => world.states()).toEqual(['indexed']);
      expect(await balance()).toBe(held - burned);
      await world.page.getByRole('button', { name: 'Burns' }).click();
      const cells = world.card('History').locator('tbody td.number [data-exact]');
      const paid = ethText(await world.paidForBurn(person.address));
      await expectShown(() =>
        cells.evaluateAll((all) => all.map((one) => one.getAttribute('data-exact'))),
      ).toContain(paid);
    });

    test('has a claim taken back by a reorg: the number returns, and the row is struck through', async () => {
      const world = ofDemo();
      const { demo } = world;
      const { person } = await visit(LOOKS.desktopDark);
      const before = await world.exactClaimable();
      const newest = (await world.openOf('MRD', person.address)).at(-1) ?? 0;
      const { number: shared } = await latestBlock(demo.chain);
      await claimOne().click();
      await expectShown(() => world.states()).toEqual(['indexed']);
      await expectShown(() => world.exactClaimable()).not.toBe(before);
      await world.card('History').locator('tbody tr').first().waitFor();
      // The blocks since then are replaced by empty ones.
      const head = await world.nextBlock();
      await demo.chain.rpc.call('anvil_reorg', [head - shared, []]);
      await world.card('History').locator('tr.withdrawn').first().waitFor();
      expect(await world.openOf('MRD', person.address)).toContain(newest);
      await world.expectNumberOf(person.address);
      await world.page.goto(`${demo.pageUrl}status`);
      const reorgs = world.card('Reorganisations').locator('tbody tr');
      await expectShown(() => reorgs.count()).toBeGreaterThan(0);
    });
  });

  test('without a wallet, the page of the demo shows what to send, and a link that opens one', async () => {
    const world = ofDemo();
    const { page, tokens } = world;
    const { address } = world.person();
    await page.goto(world.pathOf(address));
    await world
      .card(MERIDIAN)
      .locator('summary', { hasText: /^Claim / })
      .click();
    const ids = await world.openOf('MRD', address);
    const data =
      ids.length === 1
        ? encodeCall(tokens.MRD, 'claim', ids)
        : encodeCall(tokens.MRD, 'claimBatch', [ids]);
    await expectShown(() => world.card(MERIDIAN).locator('code.data').first().textContent()).toBe(
      data,
    );
    const link = world
      .card(MERIDIAN)
      .getByRole('link', { name: 'Open in a wallet on this device' });
    expect(await link.getAttribute('href')).toMatch(
      new RegExp(`^ethereum:0x[\\da-fA-F]{40}@31337/claim\\?uint256=${ids[0]}$`),
    );
  });
}
