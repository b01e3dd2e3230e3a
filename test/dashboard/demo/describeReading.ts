import { describe, expect, test } from 'vitest';
import { toQuantity } from '../../../devnet/rpc.js';
import { ethText } from '../support/ethText.js';
import { expectShown } from '../support/shown.js';
import { type DemoWorld, LOOKS } from './demoWorld.js';

/** A file as rows by the names of the columns; no field of these has a comma in it. */
async function rowsOf(url: string): Promise<Record<string, string>[]> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const [head = '', ...lines] = (await response.text()).trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** What somebody reads who has no wallet. */
export function describeReading(ofDemo: () => DemoWorld): void {
  const box = () => ofDemo().page.getByRole('combobox', { name: 'Address, token or transaction' });

  describe('a reader of the demo', () => {
    test.each(Object.entries(LOOKS))(
      'pastes an address on the first page and sees to the wei what the contracts say (%s)',
      async (_, look) => {
        const world = ofDemo();
        const { address } = world.person();
        const page = await world.open(look);
        await page.goto(world.demo.pageUrl);
        await box().fill(address);
        await page.getByRole('button', { name: 'Show', exact: true }).click();
        await world.claimable().waitFor();
        await world.expectNumberOf(address);
        expect(await world.claimableBy([address])).toBeGreaterThan(0n);
        expect(await page.getByText(/^Expires first:/).textContent()).toContain('snapshot');
      },
    );

    test('sees why a text is not a valid address, and stays', async () => {
      const { demo, page } = ofDemo();
      await page.goto(demo.pageUrl);
      await box().fill('0x12');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      expect(await page.getByRole('alert').textContent()).toContain('That is not an address.');
      expect(page.url()).toBe(demo.pageUrl);
    });

    test('treats several addresses as one person: shares are added, what moved between them is left out', async () => {
      const world = ofDemo();
      const { page, tokens } = world;
      const [first, second] = [world.person().address, world.person().address];
      await world.send(first, tokens.MRD, 'transfer', [second, 4n * 10n ** 18n]);
      await page.goto(world.pathOf(first));
      await page.getByText('Add an address').click();
      await page.getByRole('textbox', { name: /Another address/ }).fill(second);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.waitForURL(new RegExp(`/holders/${first},${second}$`, 'i'));
      await world.expectNumberOf(first, second);
      const between = page.locator('.between');
      await expectShown(() => between.textContent()).toContain('One transfer between them moved');
      const moved = between.getByRole('button').first();
      expect(await moved.getAttribute('data-exact')).toBe('4 MRD');
    });

    test('links to a moment: the figures are those of the block, and nothing can be claimed', async () => {
      const world = ofDemo();
      const { page, storyBlock } = world;
      const [address = ''] = world.cast;
      await world.withWallet(world.person());
      await page.goto(world.pathOf(address, `?at=${storyBlock}`));
      await world.claimable().waitFor();
      const then = await world.claimableBy([address], storyBlock);
      expect(then).toBeGreaterThan(0n);
      expect(await world.exactClaimable()).toBe(ethText(then));
      expect(await page.getByRole('button', { name: /^Claim / }).count()).toBe(0);
      expect(
        (await page.getByText('You see everything as of').textContent())?.replace('\u202f', ''),
      ).toContain(`block ${storyBlock}`);
      await page.getByRole('button', { name: 'Back to now' }).click();
      await page.waitForURL(world.pathOf(address));
      await world.expectNumberOf(address);
    });

    test.each(['?at=yesterday', '?at=99999999'])(
      'is not shown today for the moment %s',
      async (query) => {
        const world = ofDemo();
        const { page } = world;
        await page.goto(world.pathOf(world.cast[0] ?? '', query));
        await page.getByRole('alert').first().waitFor();
        expect(await page.getByRole('alert').first().textContent()).toMatch(
          /neither a block|refused/,
        );
        await expectShown(() => page.locator('[aria-busy=true]').count()).toBe(0);
        expect(await world.claimable().count()).toBe(0);
      },
    );

    test('reads the page in German, and keeps that', async () => {
      const world = ofDemo();
      const { page } = world;
      const { address } = world.person();
      await page.goto(world.demo.pageUrl);
      await page.getByLabel('Language').selectOption('Deutsch');
      await page.getByRole('heading', { name: 'Was können Sie abrufen?' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Was können Sie abrufen?' }).waitFor();
      await page.getByRole('combobox', { name: 'Adresse, Token oder Transaktion' }).fill(address);
      await page.getByRole('button', { name: 'Anzeigen', exact: true }).click();
      await world.claimable().waitFor();
      await world.expectSame(
        () => world.exactClaimable(),
        async () => ethText(await world.claimableBy([address])).replace('.', ','),
      );
    });

    test('sees what a sale raised, and which holders of its token are sales', async () => {
      const world = ofDemo();
      const { page, demo } = world;
      await page.goto(`${demo.pageUrl}sales`);
      const row = page.locator('tbody tr', { hasText: 'Meridian launchpad' });
      await row.waitFor();
      expect((await row.locator('td').allTextContents()).slice(0, 7)).toEqual([
        'Meridian launchpad',
        'Launchpad',
        'MRD',
        'Finalised',
        // Refunds that are taken late lower it.
        expect.stringMatching(/^1[23]\d\.?\d* ETH$/),
        '165.2 %',
        '26',
      ]);
      await page.goto(world.offering('MRD'));
      const holders = page.getByRole('region', { name: 'Holders' }).locator('tbody tr');
      await expectShown(() => holders.filter({ hasText: 'sale' }).count()).toBe(2);
      await holders.first().getByRole('link').click();
      await page.getByRole('heading', { name: 'Claimable now' }).waitFor();
    });

    test('exports what an address was given: what is claimable in it is the number of the page', async () => {
      const world = ofDemo();
      const { page, storyBlock } = world;
      const address = world.cast[1] ?? '';
      await page.goto(world.pathOf(address, `?at=${storyBlock}`));
      await world.claimable().waitFor();
      await page.getByText('All rows (CSV)').click();
      const link = page.getByRole('link', { name: 'Entitlements (CSV)' });
      const rows = await rowsOf(new URL((await link.getAttribute('href')) ?? '', page.url()).href);
      const sum = rows.reduce((whole, { claimable = '' }) => whole + BigInt(claimable), 0n);
      expect(sum).toBeGreaterThan(0n);
      expect(ethText(sum)).toBe(await world.exactClaimable());
      expect(sum).toBe(await world.claimableBy([address], storyBlock));
    });
  });

  describe('the books of the demo', () => {
    test('are compared with the balance of the contract at their block, and both are equal', async () => {
      const { page, demo, tokens } = ofDemo();
      await page.goto(`${demo.pageUrl}books`);
      const compared = page.getByRole('region', { name: 'Books and contract' });
      const result = compared.locator('[data-result]');
      await result.waitFor();
      const [text, ...figures] = await compared.evaluate((region) => [
        region.querySelector('[data-result]')?.textContent ?? '',
        ...[...region.querySelectorAll<HTMLElement>('tbody .amount')].map(
          (one) => one.dataset.exact,
        ),
      ]);
      const block = toQuantity(Number(text?.replace(/\D/g, '')));
      const balance = ethText(
        BigInt(await demo.chain.rpc.call('eth_getBalance', [tokens.MRD.address, block])),
      );
      expect(text).toContain('Equal at block');
      expect(figures).toEqual([balance, balance]);
    });

    test('prove a share in the browser, by the root of its snapshot', async () => {
      const world = ofDemo();
      const { page, demo, tokens, storyBlock } = world;
      const [holder = ''] = world.cast;
      const share = await world.shareOf(tokens.MRD, holder, 1, storyBlock);
      await page.goto(`${demo.pageUrl}books?snapshot=1`);
      await page.locator('#proof-of').fill(holder);
      await page.getByRole('button', { name: 'Show the proof' }).click();
      const text = page.getByLabel('Proof, from here or from somebody else');
      await expectShown(() => text.inputValue()).toContain('shareWei');
      const verify = page.getByRole('button', { name: 'Verify in this browser' });
      const verdict = page.locator('[data-verdict]');
      await verify.click();
      await verdict.waitFor();
      expect(await verdict.getAttribute('data-verdict')).toBe('proved');
      expect(await verdict.locator('.amount').getAttribute('data-exact')).toBe(ethText(share));
      const proof = await text.inputValue();
      await text.fill(proof.replace(String(share), String(share + 1n)));
      await verify.click();
      await expectShown(() => verdict.getAttribute('data-verdict')).toBe('wrong');
    });
  });
}
