import type { Chain } from '../../../devnet/anvil.js';
import { functions as erc20 } from '../../../src/abi/erc20.js';
import { functions } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import type { ChainViews } from '../../../src/audit/questions/chainViews.js';
import type { Lookup } from '../../../src/audit/questions/question.js';
import { readEntitlements } from '../../../src/store/read/entitlements/entitlements.js';
import type { Queryable } from '../../../src/store/read/query/queryable.js';
import { readPoolVersions } from '../../../src/store/read/tokens/poolVersions.js';
import { readRevenueAssets } from '../../../src/store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../../../src/store/read/tokens/tokens.js';
import { withViews } from '../viewsAt.js';
import { readServedTerms } from './oddTerms.js';
import type { OddContract } from './oddWorld.js';

/** A figure that we serve and the contract contradicts. */
export interface WrongFigure {
  readonly figure: string;
  readonly block: number;
  readonly ours: bigint;
  /** `null`: the contract reverts. */
  readonly contract: bigint | null;
}

export interface Judgement {
  readonly figures: number;
  readonly wrong: readonly WrongFigure[];
}

interface Figure {
  readonly figure: string;
  readonly ours: bigint;
  readonly lookup: Lookup;
  /** A view that reverts says that nothing can be had. */
  readonly mayRevert: boolean;
}

/**
 * Holds every figure that is served about a contract at the end of a block against the
 * contract's own views: supply, balance, terms; of every account its balance, what it can
 * redeem and what it can claim of each snapshot.
 */
export async function judgeAt(
  db: Queryable,
  chain: Chain,
  token: TokenRecord,
  { accounts, lastId }: { accounts: readonly Address[]; lastId: number },
  subject: OddContract,
  block: number,
): Promise<Judgement> {
  const figures = [
    ...(await ownFigures(db, token, subject, block)),
    ...(await accountFigures(db, token, accounts, lastId, block)),
  ];
  return withViews(chain, block, async (views) => {
    const answers = await views.read(figures.map(({ lookup }) => lookup));
    const wrong = figures.flatMap(({ figure, ours, mayRevert }, index) => {
      const contract = answers[index] ?? null;
      const agrees = contract === null ? mayRevert && ours === 0n : contract === ours;
      return agrees ? [] : [{ figure, block, ours, contract }];
    });
    const terms = await judgeTerms(db, views, token, subject, block, wrong.length === 0);
    return { figures: figures.length + terms.figures, wrong: [...wrong, ...terms.wrong] };
  });
}

async function ownFigures(
  db: Queryable,
  token: TokenRecord,
  { rules, address: to }: OddContract,
  block: number,
): Promise<Figure[]> {
  const asset = rules.asset as Address;
  const shared = (await readRevenueAssets(db, [token.number])).find((of) => of.asset === asset);
  const numbers = [token.number, ...(shared === undefined ? [] : [shared.number])];
  const [native, inAsset] = await readPoolVersions(
    db,
    numbers.map((tokenNumber) => ({ tokenNumber, block })),
  );
  const figures: Figure[] = [
    {
      figure: 'totalSupply()',
      ours: native?.supply ?? 0n,
      lookup: { kind: 'call', to, data: functions.totalSupply.encode({}) },
      mayRevert: false,
    },
  ];
  // ETH that a token does not share is in no books.
  if (token.rules.policy.sharesEth) {
    const ours = native?.balanceWei ?? 0n;
    figures.push({
      figure: 'ETH balance',
      ours,
      lookup: { kind: 'balance', to },
      mayRevert: false,
    });
  }
  if (inAsset === undefined) return figures;
  const data = erc20.balanceOf.encode({ account: to });
  const lookup = { kind: 'call', to: asset, data } as const;
  const ofAsset = { figure: 'asset balance', ours: inAsset.balanceWei, lookup, mayRevert: false };
  return [...figures, ofAsset];
}

async function accountFigures(
  db: Queryable,
  token: TokenRecord,
  accounts: readonly Address[],
  lastId: number,
  block: number,
): Promise<Figure[]> {
  const { address: to } = token;
  // A token that shares one asset and no ETH has its claims in the books of the asset.
  const [only] = await readRevenueAssets(db, [token.number]);
  const bookNumber = only?.number;
  const entitlements = await readEntitlements(
    db,
    accounts.map((account) => ({ token, account, block, bookNumber })),
  );
  return entitlements.flatMap(({ balance, snapshots, redeemableWei }, index) => {
    const account = accounts[index] ?? to;
    const ask = (figure: string, ours: bigint, data: string, mayRevert = true): Figure => ({
      figure,
      ours,
      lookup: { kind: 'call', to, data },
      mayRevert,
    });
    const figures = [
      ask(`balanceOf(${account})`, balance, functions.balanceOf.encode({ account }), false),
      ask(
        `redeemableOnBurn(balanceOf(${account}))`,
        redeemableWei,
        functions.redeemableOnBurn.encode({ amount: balance }),
      ),
    ];
    for (let id = 1; id <= lastId; id += 1) {
      const ours = snapshots.find(({ snapshotId }) => snapshotId === id)?.claimableWei ?? 0n;
      const data = functions.claimableRevenue.encode({ account, snapshotId: BigInt(id) });
      figures.push(ask(`claimableRevenue(${account}, ${id})`, ours, data));
    }
    return figures;
  });
}

/**
 * Terms that we do not state are not compared. The window may be what the getter says, or what it
 * hides: as long as no snapshot has left either, no figure tells them apart. A percentage that no getter
 * says is marked as such where it is served (`parts.percent`): it may differ only so marked, and only as
 * long as every figure is right.
 */
async function judgeTerms(
  db: Queryable,
  views: ChainViews,
  token: TokenRecord,
  { contract, address }: OddContract,
  block: number,
  areFiguresRight: boolean,
): Promise<Judgement> {
  const answer = await views.view(address, contract.interface.encodeFunctionData('termsInForce'));
  if (answer === null) throw new Error(`${address} does not say its terms at block ${block}`);
  const [percent, window, interval, isInSeconds] = contract.interface.decodeFunctionResult(
    'termsInForce',
    answer,
  );
  const served = await readServedTerms(db, token, block);
  const pairs: (readonly [string, bigint | null, bigint])[] = [
    ['percent', served.percent, percent],
    // 0 stands for a window without end on both sides.
    ['window', served.window, window],
    ['interval', served.interval, interval],
    ['interval in seconds', served.isInSeconds, isInSeconds ? 1n : 0n],
  ];
  const stated = pairs.flatMap(([figure, ours, truth]) =>
    ours === null ? [] : [{ figure, block, ours, contract: truth }],
  );
  const said = await views.view(address, functions.SNAPSHOT_CLAIMABLE_NUMBER.encode({}));
  const isMarked = token.rules.policy.parts.percent !== 'getter';
  const isHidden = (figure: string, ours: bigint) =>
    (figure === 'window' && said !== null && ours === BigInt(said)) ||
    (figure === 'percent' && isMarked && areFiguresRight);
  const wrong = stated.filter(
    ({ figure, ours, contract: truth }) => ours !== truth && !isHidden(figure, ours),
  );
  return { figures: stated.length, wrong };
}
