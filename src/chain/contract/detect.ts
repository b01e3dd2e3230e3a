import { id } from 'ethers';
import { functions } from '../../abi/erc7641.js';
import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import { wantedPolicy } from '../../config/contracts/policy.js';
import type { TokenConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import {
  differenceOf,
  fittingCandidates,
  onlyCandidate,
} from '../../ledger/policies/observation.js';
import type { Getters, RevenuePolicy } from '../../ledger/policies/policy.js';
import {
  candidatesFor,
  type KnownPolicy,
  POLICY_GETTERS,
  type PolicyCandidate,
  REGISTRY,
} from '../../ledger/policies/registry.js';
import { rehearsalDifference } from '../../ledger/rehearsal.js';
import type { RevenueTerms } from '../../ledger/state.js';
import type { ContractTerms } from '../../ledger/terms.js';
import type { BlockTag, ChainNode } from '../node.js';
import { rehearse, type SayUnrehearsed } from '../rehearsal/rehearse.js';
import { deploymentBlock } from './deployment.js';
import { contradictedPolicy, noPolicy, severalPolicies } from './policyRefusal.js';
import { observePolicy } from './policyViews.js';
import { readFirstTerms } from './terms.js';
import { textOf } from './texts.js';

/** What a token's contract says about itself. */
export interface DetectedToken {
  readonly address: Address;
  readonly policy: RevenuePolicy;
  /** Those of the deployment, or of the first block at which they fit the policy. */
  readonly terms: ContractTerms;
  /** Block of the deployment. */
  readonly startBlock: number;
  readonly initialLastSnapshot: bigint | null;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
}

/** Calls whose answers tell the policies apart; those with arguments get harmless ones. */
const GETTERS = [
  ...POLICY_GETTERS.map((signature) => ({ signature, data: id(signature).slice(0, 10) })),
  {
    signature: functions.redeemableERC20OnBurn.signature,
    data: functions.redeemableERC20OnBurn.encode({ amount: 0n, token: ZERO_ADDRESS }),
  },
];

/** Views that every ERC-7641 token has; a call with harmless arguments must answer. */
const REVENUE_VIEWS = [
  {
    signature: 'redeemableOnBurn(uint256)',
    data: functions.redeemableOnBurn.encode({ amount: 0n }),
  },
];

/**
 * Reads a token's terms, metadata and deployment block from the chain (docs/domain.md#telling-policies-apart).
 *
 * @param say takes why its rules were not rehearsed, or only in part
 * @throws ImoError `TOKEN_NOT_A_CONTRACT`, `TOKEN_NO_POLICY` (naming the nearest policy
 *   and the difference) or `TOKEN_START_TOO_LATE`.
 */
export async function detectToken(
  node: ChainNode,
  config: TokenConfig,
  chainStartBlock: number | null,
  say: SayUnrehearsed = () => undefined,
): Promise<DetectedToken> {
  const { address } = config;
  const head = await node.recentHead();
  const code = node.code(address, head);
  const starting = deploymentBlock(node, config, chainStartBlock, head, 'TOKEN_START_TOO_LATE');
  // Say first that the address has no contract.
  starting.catch(() => undefined);
  if ((await code) === '0x') {
    throw new ImoError(
      'TOKEN_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(address)} (block ${head}, ${node.displayUrl})`,
      'Check the address and the chain of this token in the config.',
    );
  }
  const startBlock = await starting;
  const [getters, supply, hasViews, name, symbol, decimals] = await Promise.all([
    readGetters(node, address, startBlock),
    readUint(node, address, functions.totalSupply.selector, head),
    hasRevenueViews(node, address, head),
    readText(node, address, functions.name.selector, head),
    readText(node, address, functions.symbol.selector, head),
    readUint(node, address, functions.decimals.selector, head),
  ]);
  const contradiction = rehearsed(node, config, { startBlock, getters }, say);
  // The code that needs it throws it.
  contradiction.catch(() => undefined);
  // Without supply the revenue views divide by zero (docs/domain.md#windowed): it had some at first.
  // So do they where a larger window left new revenue below zero (docs/policies.md#terms-that-change).
  const detectedAt = supply !== 0n && hasViews ? head : startBlock;
  const detected = await detectPolicy(node, address, wantedPolicy(config), detectedAt, {
    contradiction,
  });
  const { policy } = detected;
  const first = await readFirstTerms(node, { address, policy }, startBlock, detectedAt);
  const terms = first ?? { ...detected.terms, isPaused: null };
  const lastSnapshot =
    terms.intervalUnit === 'seconds'
      ? functions.lastSnapshotTimestamp
      : functions.lastSnapshotBlock;
  return {
    address,
    policy,
    terms,
    startBlock,
    initialLastSnapshot: getters[lastSnapshot.signature] ?? null,
    name,
    symbol,
    decimals: decimals !== null && decimals <= 255n ? Number(decimals) : null,
  };
}

async function hasRevenueViews(node: ChainNode, to: Address, block: number): Promise<boolean> {
  const calls = REVENUE_VIEWS.map(({ data }) => ({ to, data }));
  return (await node.views(calls, block)).every((answer) => answer !== null);
}

/** In words, what the contract's behaviour says against a policy; `null`: nothing. */
type Contradiction = (policy: RevenuePolicy) => string | null;

interface DetectionOptions {
  readonly registry?: readonly KnownPolicy[];
  /** It may still be tried out while the getters are read. */
  readonly contradiction?: Contradiction | Promise<Contradiction>;
}

/**
 * Finds the policy and the terms of a token at a block: by its getters and, where several policies
 * have the same ones, by what its views report.
 *
 * @param wanted the policy that the config names or states, or `auto`
 * @throws ImoError `TOKEN_NO_POLICY` naming the nearest policy and the difference
 */
export async function detectPolicy(
  node: ChainNode,
  address: Address,
  wanted: RevenuePolicy | 'auto',
  block: BlockTag,
  { registry = REGISTRY, contradiction = () => null }: DetectionOptions = {},
): Promise<{ policy: RevenuePolicy; terms: RevenueTerms }> {
  const [getters, views] = await Promise.all([
    readGetters(node, address, block),
    Promise.all(REVENUE_VIEWS.map(({ data }) => node.view(address, data, block))),
  ]);
  const missingViews = REVENUE_VIEWS.filter((_, index) => views[index] === null).map(
    ({ signature }) => signature,
  );
  const policies = wanted === 'auto' ? registry.map(({ policy }) => policy) : [wanted];
  const wantedOnly: KnownPolicy[] =
    wanted === 'auto' ? [...registry] : [{ policy: wanted, recognisedBy: 'getters' }];
  const [first, ...others] = missingViews.length > 0 ? [] : candidatesFor(getters, wantedOnly);
  if (first === undefined) throw noPolicy(address, getters, policies, missingViews);
  if (wanted !== 'auto' || (others.length === 0 && first.recognisedBy === 'getters')) {
    const difference = (await contradiction)(first.policy);
    if (difference !== null) throw contradictedPolicy(address, [first], difference);
    return first;
  }
  return separated(node, address, block, [first, ...others], await contradiction);
}

/** Chooses between policies that a contract's getters fit. */
async function separated(
  node: ChainNode,
  address: Address,
  block: BlockTag,
  candidates: readonly [PolicyCandidate, ...PolicyCandidate[]],
  contradiction: Contradiction,
): Promise<PolicyCandidate> {
  const observed = await observePolicy(node, address, block);
  const [first, ...others] = fittingCandidates(candidates, observed).filter(
    ({ policy }) => contradiction(policy) === null,
  );
  if (first === undefined) {
    const difference = differenceOf(candidates[0], observed) ?? contradiction(candidates[0].policy);
    throw contradictedPolicy(address, candidates, difference ?? 'its views say otherwise');
  }
  // Only one family is published with these getters, and nothing speaks against it.
  if (first.recognisedBy === 'getters') return first;
  const only = onlyCandidate([first, ...others]);
  if (only === null) throw severalPolicies(address, [first, ...others]);
  return only;
}

/**
 * In words, what a rehearsal of the contract after its deployment says against a policy. A token that
 * shares one ERC-20 and no ETH is rehearsed in that, if the config names it.
 */
async function rehearsed(
  node: ChainNode,
  config: TokenConfig,
  { startBlock, getters }: { readonly startBlock: number; readonly getters: Getters },
  say: SayUnrehearsed,
): Promise<Contradiction> {
  const { address, assets } = config;
  const sharesOne = ({ sharesEth }: RevenuePolicy) => !sharesEth;
  const wanted = wantedPolicy(config);
  const mayShareOne =
    wanted === 'auto'
      ? candidatesFor(getters).some(({ policy }) => sharesOne(policy))
      : sharesOne(wanted);
  const [only = null, ...others] = mayShareOne ? assets : [];
  const asset = others.length === 0 ? only : null;
  const rehearsal = await rehearse(node, address, startBlock, say, asset);
  if (rehearsal === null) return () => null;
  return (policy) => {
    // Shares something else, or its terms were set after the deployment: nothing was rehearsed.
    const terms = sharesOne(policy) === (asset !== null) ? policy.termsFrom(getters) : null;
    if (terms === null) return null;
    const difference = rehearsalDifference({ policy, terms }, rehearsal);
    return difference === null
      ? null
      : `in a rehearsal on its state of block ${startBlock}, ${difference}`;
  };
}

async function readGetters(node: ChainNode, to: Address, block: BlockTag): Promise<Getters> {
  const calls = GETTERS.map(({ data }) => ({ to, data }));
  const answers = await node.views(calls, block);
  return Object.fromEntries(
    GETTERS.map(({ signature }, index) => [signature, uintOf(answers[index] ?? null)]),
  );
}

async function readUint(
  node: ChainNode,
  address: Address,
  data: string,
  block: BlockTag,
): Promise<bigint | null> {
  return uintOf(await node.view(address, data, block));
}

function uintOf(answer: string | null): bigint | null {
  return answer !== null && answer.length === 66 ? BigInt(answer) : null;
}

/** A name or symbol of a contract, cleaned for storing. */
export async function readText(
  node: ChainNode,
  address: Address,
  selector: string,
  block: number,
): Promise<string | null> {
  const answer = await node.view(address, selector, block);
  return answer === null ? null : textOf(answer);
}
