import { describe, expect, test } from 'vitest';
import { checksummed } from '../../../src/address.js';
import { accountOf } from '../../store/read/actions.js';
import { ALICE, BOB, CAROL, ERIN, REFERENCE, WINDOWED } from '../../store/read/scenario.js';
import { serveScenario } from '../servedScenario.js';
import { askData, askError } from '../support.js';

const { api, books } = await serveScenario();

const FIGURES =
  'totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei' as const;
const personIn = (of: string) => `query ($holders: [Address!]!, $at: AtInput) {
  person(holders: $holders, at: $at ${of}) {
    holders
    asOf { chainId block }
    positions { balance token { chainId symbol } asOf { block }
      entitlements { asset assignedWei ${FIGURES} } }
    participations { deposited }
  }
}`;
const PERSON = personIn('');

describe('a person', () => {
  test('has what its accounts have together, whatever moved between them', async () => {
    const holders = [ALICE, CAROL, checksummed(ALICE)];
    const { person } = await askData(api, PERSON, { holders });
    expect(person).toEqual({
      holders: [checksummed(ALICE), checksummed(CAROL)],
      asOf: [
        { chainId: 1, block: 55 },
        { chainId: 2, block: 60 },
      ],
      positions: [
        {
          // 60 of alice, of which carol got 10, less 10 that alice burned.
          balance: '50',
          token: { chainId: 1, symbol: 'WIN' },
          asOf: { block: 55 },
          entitlements: [
            {
              asset: 'native',
              // Alice 360, 150, 210; carol 30, 42.
              assignedWei: '792',
              totalClaimableWei: '402',
              claimedWei: '30',
              redeemedWei: '66',
              expiredWei: '360',
              redeemableWei: expect.any(String),
              accruingWei: expect.any(String),
            },
          ],
        },
        {
          balance: '5',
          token: { chainId: 2, symbol: 'WIN2' },
          asOf: { block: 60 },
          entitlements: [expect.objectContaining({ assignedWei: '0', accruingWei: '42' })],
        },
      ],
      participations: [],
    });
  });

  test.each([[20], [21], [22], [31], [55]])(
    'has the sum of the figures of its accounts at block %i',
    async (block) => {
      const holders = [ALICE, BOB, CAROL];
      const given = { holders, at: { block } };
      const { person } = await askData(api, personIn(', chainId: 1'), given);
      const each = await Promise.all(
        holders.map((address) =>
          askData(
            api,
            `query ($address: Address!, $at: AtInput) { holder(address: $address, chainId: 1, at: $at) {
               positions { balance entitlement { ${FIGURES} snapshotsConnection { nodes { shareWei } } } } } }`,
            { address, at: { block } },
          ),
        ),
      );
      const positions = each.flatMap(({ holder }) => holder.positions);
      const sum = (amounts: string[]) =>
        String(amounts.reduce((all, one) => all + BigInt(one), 0n));
      const [{ balance, entitlements }] = person.positions;
      expect(balance).toBe(sum(positions.map((position) => position.balance)));
      expect(balance).toBe(block === 55 ? '90' : '100');
      const [{ asset, assignedWei, ...figures }] = entitlements;
      expect(asset).toBe('native');
      for (const [name, figure] of Object.entries(figures)) {
        expect([name, figure]).toEqual([name, sum(positions.map((one) => one.entitlement[name]))]);
      }
      const shares = positions.flatMap(({ entitlement }) => entitlement.snapshotsConnection.nodes);
      expect(assignedWei).toBe(sum(shares.map(({ shareWei }) => shareWei)));
    },
  );

  test('earns step by step what it was assigned in all', async () => {
    const given = { holders: [ALICE, CAROL] };
    const { personSeries, hours } = await askData(
      api,
      `query ($holders: [Address!]!) {
        personSeries(chainId: 1, token: "${WINDOWED}", holders: $holders, interval: MONTH) {
          block asset assignedWei claimedWei redeemedWei balance claimableWei expiredWei }
        hours: personSeries(chainId: 1, token: "${WINDOWED}", holders: $holders, interval: HOUR,
          timestamp: { gte: "2023-11-14T21:00:00Z" }) { assignedWei balance } }`,
      given,
    );
    expect(personSeries).toEqual([
      {
        ...{ block: 50, asset: 'native', balance: '50', expiredWei: '360' },
        ...{ assignedWei: '792', claimedWei: '30', redeemedWei: '66', claimableWei: '402' },
      },
    ]);
    expect(hours).toEqual([
      { assignedWei: '0', balance: '0' },
      { assignedWei: '792', balance: '50' },
    ]);
  });

  test('earns from the sources of the revenue, also of what rolled over, and the parts add up', async () => {
    const address = (digit: number) => `'\\x${'00'.repeat(19)}0${digit}'`;
    const set = (block: number, values: string) =>
      books.pool.query(`UPDATE receipt SET ${values} WHERE block_number = ${block}`);
    await set(10, `source = 'oracle', source_address = ${address(1)}, model_id = 7`);
    await set(30, `source = 'collection', source_address = ${address(2)}`);
    const { personSeries } = await askData(
      api,
      `{ personSeries(chainId: 1, token: "${WINDOWED}", holders: ["${ALICE}", "${CAROL}"], interval: MONTH) {
         assignedWei sources { source sourceAddress sourceLabel modelId amountWei } } }`,
    );
    const nothing = { sourceAddress: null, sourceLabel: null, modelId: null };
    expect(personSeries).toEqual([
      {
        assignedWei: '792',
        sources: [
          // 360 of snapshot 1, and 216 of the 252 of snapshot 3, of which 360 in 420 rolled over.
          {
            ...{ source: 'ORACLE', sourceAddress: `0x${'00'.repeat(19)}01`, sourceLabel: null },
            ...{ modelId: '7', amountWei: '576' },
          },
          {
            ...{ ...nothing, source: 'COLLECTION', sourceAddress: `0x${'00'.repeat(19)}02` },
            amountWei: '180',
          },
          { ...nothing, source: 'UNKNOWN', amountWei: '36' },
        ],
      },
    ]);
  });

  test('has the same values each time, also when the query has been compiled', async () => {
    const worth = `{ person(holders: ["${ALICE}"]) { values(currency: "USD") {
      totalClaimableWei { currency missingAmounts missing { reason } } } } }`;
    const missing = [{ reason: 'NO_FEED' }];
    for (let asked = 0; asked < 12; asked++) {
      const { person } = await askData(api, worth);
      expect([asked, person.values.totalClaimableWei]).toEqual([
        asked,
        { currency: 'USD', missingAmounts: 1, missing },
      ]);
    }
  });

  test('has a claim plan for each account that has something to claim', async () => {
    const { claimPlans } = await askData(
      api,
      `query ($holders: [Address!]!) { claimPlans(holders: $holders) { address
        steps { pays { amount } transaction { from } } } }`,
      { holders: [CAROL, accountOf(0x1234), ERIN, ALICE] },
    );
    const paid = claimPlans.map(({ address, steps }: ClaimPlans) => {
      const amounts = steps.flatMap(({ pays }) => pays.map(({ amount }) => BigInt(amount)));
      expect(new Set(steps.map(({ transaction }) => transaction.from))).toEqual(new Set([address]));
      return [address, amounts.reduce((all, one) => all + one, 0n)];
    });
    expect(paid).toEqual([
      [checksummed(CAROL), 42n],
      [checksummed(ERIN), 1n],
      [checksummed(ALICE), 360n],
    ]);
  });

  test('has 1 to 100 accounts with a right checksum, and a series of fewer steps', async () => {
    const many = Array.from({ length: 101 }, (_, index) => accountOf(0x1000 + index));
    expect(await askError(api, PERSON, { holders: [] })).toMatchObject({ code: 'BAD_PERSON' });
    expect(await askError(api, PERSON, { holders: many })).toMatchObject({ code: 'BAD_PERSON' });
    const series = `query ($holders: [Address!]!) { personSeries(chainId: 1, token: "${REFERENCE}",
      holders: $holders, interval: HOUR, timestamp: { gte: "2023-11-14T00:00:00Z" }) { from } }`;
    expect(await askError(api, series, { holders: many.slice(0, 100) })).toMatchObject({
      code: 'TOO_MANY_STEPS',
    });
    const [wrong] = [checksummed(ALICE).replace(/[a-z](?=[^x]*$)/, (sign) => sign.toUpperCase())];
    const { code } = await askError(api, PERSON, { holders: [wrong] });
    expect(code).toMatch(/ADDRESS|BAD_USER_INPUT|CHECKSUM/);
  });
});

interface ClaimPlans {
  readonly address: string;
  readonly steps: readonly {
    readonly pays: readonly { readonly amount: string }[];
    readonly transaction: { readonly from: string };
  }[];
}
