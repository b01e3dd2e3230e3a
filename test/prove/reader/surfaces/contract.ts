import { functions as erc20 } from '../../../../src/abi/erc20.js';
import { functions as erc7641 } from '../../../../src/abi/erc7641.js';
import type { Address } from '../../../../src/address.js';
import type { Lookup } from '../../../../src/audit/questions/question.js';
import { withViews } from '../../viewsAt.js';
import type { Draw } from '../draw.js';
import { type FigureOf, type FigureSheet, NATIVE } from '../figures.js';
import { personNames, putPersonSums } from '../person.js';
import { atBlock, ofHolder, ofShare, ofToken, TOKENS } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';

/** A view, and the figure that it returns. */
interface View {
  readonly lookup: Lookup;
  readonly of: FigureOf;
  /** What a revert says; `null`: nothing. */
  readonly reverted: bigint | null;
}

/** The views of the token and of its assets at the ends of both windows: the judge of all others. */
export const contract: Surface = {
  surface: 'contract',
  names: [
    ...['balance', 'supply', 'held', 'redeemable', 'snapshot claimable', 'claimable'],
    ...personNames(['balance', 'redeemable', 'claimable']),
  ],
  async read(world, draw, sheet) {
    for (const { block } of [draw.after, draw.until]) await readAt(world, draw, block, sheet);
    putPersonSums(sheet, draw);
  },
};

async function readAt(
  { chain }: ReaderWorld,
  draw: Draw,
  block: number,
  sheet: FigureSheet,
): Promise<void> {
  const to = draw.token.address;
  const moment = atBlock(block);
  await withViews(chain, block, async (views) => {
    const balanceOf = (account: Address): Lookup => ({
      ...{ kind: 'call', to },
      data: erc20.balanceOf.encode({ account }),
    });
    const balances = await views.read(draw.holders.map(balanceOf));
    const lastId = draw.token.snapshotBlocks.filter((taken) => taken <= block).length;
    const asked: View[] = tokenViews(draw, moment);
    for (const [place, holder] of draw.holders.entries()) {
      const balance = balances[place] ?? 0n;
      const of = { ...ofHolder(draw, holder, moment), asset: TOKENS };
      sheet.put({ ...of, name: 'balance' }, balance);
      asked.push(...holderViews(draw, { holder, moment, balance, lastId }));
    }
    const answers = await views.read(asked.map(({ lookup }) => lookup));
    const sums = new Map<string, { of: FigureOf; sum: bigint }>();
    for (const [place, { of, reverted }] of asked.entries()) {
      const answer = answers[place] ?? reverted;
      if (answer === null) continue;
      sheet.put(of, answer);
      if (of.name !== 'snapshot claimable') continue;
      const whole = {
        ...of,
        name: 'claimable',
        subject: of.subject.replace(/^snapshot \d+ of /, ''),
      };
      const key = `${whole.subject} ${whole.asset}`;
      sums.set(key, { of: whole, sum: (sums.get(key)?.sum ?? 0n) + answer });
    }
    for (const { of, sum } of sums.values()) sheet.put(of, sum);
  });
}

function tokenViews(draw: Draw, moment: string): View[] {
  const to = draw.token.address;
  const of = ofToken(draw, moment);
  const supply = erc7641.totalSupply.encode({});
  return [
    {
      lookup: { kind: 'call', to, data: supply },
      of: { ...of, name: 'supply', asset: TOKENS },
      reverted: null,
    },
    ...draw.token.assets.map(
      (asset): View => ({
        lookup:
          asset === NATIVE
            ? { kind: 'balance', to }
            : {
                kind: 'call',
                to: asset as Address,
                data: erc20.balanceOf.encode({ account: to }),
              },
        of: { ...of, name: 'held', asset },
        reverted: null,
      }),
    ),
  ];
}

function holderViews(
  draw: Draw,
  {
    holder,
    moment,
    balance,
    lastId,
  }: {
    readonly holder: Address;
    readonly moment: string;
    readonly balance: bigint;
    readonly lastId: number;
  },
): View[] {
  const to = draw.token.address;
  const of = ofHolder(draw, holder, moment);
  return draw.token.assets.flatMap((asset) => {
    const token = asset as Address;
    const redeem =
      asset === NATIVE
        ? erc7641.redeemableOnBurn.encode({ amount: balance })
        : erc7641.redeemableERC20OnBurn.encode({ amount: balance, token });
    const shares = Array.from({ length: lastId }, (_, index): View => {
      const snapshotId = BigInt(index + 1);
      const data =
        asset === NATIVE
          ? erc7641.claimableRevenue.encode({ account: holder, snapshotId })
          : erc7641.claimableERC20.encode({ account: holder, snapshotId, token });
      return {
        lookup: { kind: 'call', to, data },
        of: { ...ofShare(draw, holder, index + 1, moment), name: 'snapshot claimable', asset },
        // What is claimed or has expired cannot be claimed: some contracts revert there.
        reverted: 0n,
      };
    });
    return [
      {
        lookup: { kind: 'call', to, data: redeem },
        of: { ...of, name: 'redeemable', asset },
        reverted: null,
      },
      ...shares,
    ];
  });
}
