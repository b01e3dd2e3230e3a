import { id } from 'ethers';
import { functions } from '../../abi/erc7641.js';
import { type Address, checksummed } from '../../address.js';
import { readAddresses } from '../../chain/contract/assets.js';
import { type DetectedToken, detectPolicy, detectToken } from '../../chain/contract/detect.js';
import { readText } from '../../chain/contract/texts.js';
import { ImoError } from '../../errors.js';
import type { Getters, RevenuePolicy } from '../../ledger/policies/policy.js';
import { POLICY_GETTERS } from '../../ledger/policies/registry.js';
import type { RevenueTerms } from '../../ledger/state.js';
import type { Found } from '../found.js';
import type { Subject } from '../node/subject.js';
import { type ArrivedAsset, findAssetPayments } from '../search/assets.js';
import { type FoundDeployment, findDeployment } from '../search/deployment.js';
import { proxyText } from './proxy.js';
import { termsInWords } from './terms.js';

/** A revenue token with what was learnt on the way. */
export interface FoundToken {
  readonly found: Found;
  /** For texts about others. */
  readonly symbol: string;
  /** First block to search. */
  readonly from: number;
  readonly assetPayments: readonly ArrivedAsset[];
}

type Learnt = Pick<DetectedToken, 'policy' | 'name' | 'symbol' | 'decimals'> & {
  readonly terms: RevenueTerms;
  /** Why nothing, or not all, was rehearsed. */
  readonly unrehearsed: readonly string[];
};

/** Blocks from which the time between two is taken. */
const TIMED_BLOCKS = 1_000;

/**
 * The entry of an address that is a revenue token, with the evidence for its policy.
 *
 * @returns `null` where it shares no revenue: the view that every ERC-7641 token has is missing
 * @throws ImoError `TOKEN_NO_POLICY` where it shares revenue by rules that are not known
 */
export async function tokenAt(subject: Subject, address: Address): Promise<FoundToken | null> {
  const { note } = subject;
  if (!(await hasRevenueView(subject, address))) return null;
  const deployment = await findDeployment(subject, address);
  if (deployment.by === 'first log') note(WITHOUT_OLD_STATES);
  const from = deployment.block ?? 0;
  const assetPayments = await findAssetPayments(subject, address, from);
  const { learnt, assets } = await learn(subject, address, deployment, assetPayments);
  const symbol = learnt.symbol ?? checksummed(address);
  return {
    found: {
      list: 'tokens',
      address,
      isCertain: true,
      keys: {
        policy: learnt.policy.name,
        ...(deployment.block === null ? {} : { startBlock: deployment.block }),
        ...(assets.length === 0 ? {} : { assets: assets.map(checksummed) }),
      },
      comments: await commentsOf(subject, address, learnt, deployment),
    },
    symbol,
    from,
    assetPayments,
  };
}

const WITHOUT_OLD_STATES =
  'the endpoint keeps no old states: the first log of each contract stands for its deployment, and no policy is ' +
  'rehearsed. `index` needs an archive node.';

/** A function that no contract has: what takes it takes anything. */
const NO_FUNCTION = '0xffffffff';

/** Whether the view that every ERC-7641 token has is there; without supply it divides by zero. */
async function hasRevenueView({ node, head }: Subject, address: Address): Promise<boolean> {
  const probe = functions.redeemableOnBurn.encode({ amount: 0n });
  if ((await node.view(address, probe, head)) !== null) return true;
  if (await node.takesCall(address, NO_FUNCTION, head)) return false;
  return node.takesCall(address, probe, head);
}

async function learn(
  subject: Subject,
  address: Address,
  deployment: FoundDeployment,
  payments: readonly ArrivedAsset[],
): Promise<{ learnt: Learnt; assets: readonly Address[] }> {
  const arrived = [...new Set(payments.map(({ asset }) => asset))];
  const [only, ...others] = arrived;
  const alone = only !== undefined && others.length === 0 ? [only] : [];
  try {
    const learnt = await detect(subject, address, deployment, []);
    const { sharesAssets, sharesEth } = learnt.policy;
    if (!sharesAssets) return { learnt, assets: [] };
    if (!sharesEth && alone.length > 0) {
      return { learnt: await detect(subject, address, deployment, alone), assets: alone };
    }
    const listed = await readAddresses(
      subject.node,
      address,
      functions.revenueTokens,
      subject.head,
    );
    return { learnt, assets: listed === null ? await paidOut(subject, address, arrived) : [] };
  } catch (error) {
    const isUnclear = error instanceof ImoError && error.code === 'TOKEN_NO_POLICY';
    if (!isUnclear || alone.length === 0) throw error;
    return { learnt: await detect(subject, address, deployment, alone), assets: alone };
  }
}

/** The assets that a burn of everything would pay: others that arrived are not shared. */
async function paidOut(
  { node, head }: Subject,
  to: Address,
  assets: readonly Address[],
): Promise<Address[]> {
  const supply = await node.view(to, functions.totalSupply.selector, head);
  const amount = supply?.length === 66 ? BigInt(supply) : 0n;
  const calls = assets.map((token) => {
    return { to, data: functions.redeemableERC20OnBurn.encode({ amount, token }) };
  });
  const answers = await node.views(calls, head);
  return assets.filter((_, index) => BigInt(answers[index] ?? 0) > 0n);
}

async function detect(
  subject: Subject,
  address: Address,
  { block, by }: FoundDeployment,
  assets: readonly Address[],
): Promise<Learnt> {
  const { node, head, progress } = subject;
  progress(`${address}: policy`);
  if (by === 'code') {
    const unrehearsed: string[] = [];
    const config = { address, policy: 'auto', startBlock: block, assets };
    const token = await detectToken(node, config, null, (reason) => unrehearsed.push(reason));
    return { ...token, unrehearsed };
  }
  const { policy, terms } = await detectPolicy(node, address, 'auto', head);
  const [name, symbol] = await Promise.all([
    readText(node, address, functions.name.selector, head),
    readText(node, address, functions.symbol.selector, head),
  ]);
  const unrehearsed = ['the endpoint keeps no old states'];
  return { policy, terms, name, symbol, decimals: null, unrehearsed };
}

async function commentsOf(
  subject: Subject,
  address: Address,
  { policy, terms, name, symbol, unrehearsed }: Learnt,
  { block, by }: FoundDeployment,
): Promise<string[]> {
  const getters = await readGetters(subject, address);
  const now = policy.forContract(getters).termsFrom(getters) ?? terms;
  const said = Object.entries(getters).flatMap(([getter, answer]) =>
    answer === null ? [] : [CLOCKS.has(getter) ? `${getter} answers` : `${getter} = ${answer}`],
  );
  const [reason] = unrehearsed;
  return [
    [name ?? 'no name', ...(symbol === null ? [] : [`(${symbol})`])].join(' '),
    `found because it was named; ${await proxyText(subject, address)}`,
    `policy ${policy.name}: ${said.join(', ')}`,
    reason === undefined
      ? `rehearsed by simulation on its state of block ${block}: receipts, snapshots, claims and burns gave the figures of this policy`
      : `not rehearsed, or in part: ${reason}. The audit compares the books with the contract.`,
    ...termsInWords(now, await blockSeconds(subject)),
    ...(by === 'first log'
      ? [
          'startBlock is the block of its first log: the endpoint keeps no old states that would show its deployment',
        ]
      : []),
    ...sharesText(policy),
  ];
}

function sharesText({ sharesAssets, sharesEth }: RevenuePolicy): string[] {
  if (!sharesAssets) return [];
  return [
    sharesEth ? 'It shares ERC-20 assets in addition to ETH.' : 'It shares one ERC-20 and no ETH.',
  ];
}

/** Their answer changes with every snapshot. */
const CLOCKS = new Set(['lastSnapshotTimestamp()', 'lastSnapshotBlock()']);

async function readGetters({ node, head }: Subject, address: Address): Promise<Getters> {
  const calls = POLICY_GETTERS.map((getter) => ({ to: address, data: id(getter).slice(0, 10) }));
  const answers = await node.views(calls, head);
  return Object.fromEntries(
    POLICY_GETTERS.map((getter, index) => {
      const answer = answers[index] ?? null;
      return [getter, answer?.length === 66 ? BigInt(answer) : null];
    }),
  );
}

async function blockSeconds({ node, head }: Subject): Promise<number | null> {
  const first = Math.max(head - TIMED_BLOCKS, 1);
  if (first >= head) return null;
  const [before, now] = await node.headersAt([first, head]);
  if (before === undefined || now === undefined) return null;
  return (now.timestampMs - before.timestampMs) / 1000 / (head - first);
}
