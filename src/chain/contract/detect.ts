import { functions } from '../../abi/erc7641.js';
import { type Address, checksummed } from '../../address.js';
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
  type PolicyCandidate,
  REGISTRY,
} from '../../ledger/policies/registry.js';
import { rehearsalDifference } from '../../ledger/rehearsal.js';
import type { RevenueTerms } from '../../ledger/state.js';
import type { ContractTerms } from '../../ledger/terms.js';
import type { BlockTag, ChainNode } from '../node.js';
import { type DeployedState, rehearse, type SayUnrehearsed } from '../rehearsal/rehearse.js';
import { askAhead, askAtStart, FirstTerms } from './askAhead.js';
import { contradictedPolicy, noPolicy, severalPolicies } from './policyRefusal.js';
import { observePolicy } from './policyViews.js';
import { readSigns, type Signs } from './signs.js';

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
  const asked = askAhead(node, config, chainStartBlock, head);
  const { code, starting } = asked;
  if ((await code) === '0x') {
    throw new ImoError(
      'TOKEN_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(address)} (block ${head}, ${node.displayUrl})`,
      'Check the address and the chain of this token in the config.',
    );
  }
  const startBlock = await starting;
  const [supply, name, symbol, decimals] = await asked.aboutHead;
  const signsAtHead = await asked.signsAtHead;
  const { getters, state } = await (asked.atStart?.block === startBlock
    ? asked.atStart
    : askAtStart(node, address, startBlock)
  ).answers;
  const contradiction = rehearsed(node, config, { startBlock, getters, state }, say);
  // The code that needs it throws it.
  contradiction.catch(() => undefined);
  // Without supply the revenue views divide by zero (docs/domain.md#windowed): it had some at first.
  // So do they where a larger window left new revenue below zero (docs/policies.md#terms-that-change).
  const isSound = supply !== 0n && signsAtHead.missingViews.length === 0;
  const detectedAt = isSound ? head : startBlock;
  const signs = isSound ? signsAtHead : undefined;
  const firstTerms = new FirstTerms(node, address, startBlock, detectedAt);
  const detected = await detectPolicy(node, address, wantedPolicy(config), detectedAt, {
    contradiction,
    ...(signs === undefined ? {} : { signs }),
    onLikely: (policy) => firstTerms.foresee(policy),
  });
  const { policy } = detected;
  const first = await firstTerms.of(policy);
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

/** In words, what the contract's behaviour says against a policy; `null`: nothing. */
type Contradiction = (policy: RevenuePolicy) => string | null;

interface DetectionOptions {
  readonly registry?: readonly KnownPolicy[];
  /** It may still be tried out while the getters are read. */
  readonly contradiction?: Contradiction | Promise<Contradiction>;
  /** What was asked of the contract at the block already. */
  readonly signs?: Signs;
  /** Called with the policy that it most likely is, before it is certain. */
  readonly onLikely?: (policy: RevenuePolicy) => void;
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
  {
    registry = REGISTRY,
    contradiction = () => null,
    signs,
    onLikely = () => undefined,
  }: DetectionOptions = {},
): Promise<{ policy: RevenuePolicy; terms: RevenueTerms }> {
  const { getters, missingViews } = signs ?? (await readSigns(node, address, block));
  const policies = wanted === 'auto' ? registry.map(({ policy }) => policy) : [wanted];
  const wantedOnly: KnownPolicy[] =
    wanted === 'auto' ? [...registry] : [{ policy: wanted, recognisedBy: 'getters' }];
  const [first, ...others] = missingViews.length > 0 ? [] : candidatesFor(getters, wantedOnly);
  if (first === undefined) throw noPolicy(address, getters, policies, missingViews);
  onLikely(first.policy);
  if (wanted !== 'auto' || (others.length === 0 && first.recognisedBy === 'getters')) {
    const difference = (await contradiction)(first.policy);
    if (difference !== null) throw contradictedPolicy(address, [first], difference);
    return first;
  }
  return separated(node, address, block, [first, ...others], contradiction);
}

/** Chooses between policies that a contract's getters fit. */
async function separated(
  node: ChainNode,
  address: Address,
  block: BlockTag,
  candidates: readonly [PolicyCandidate, ...PolicyCandidate[]],
  rehearsing: Contradiction | Promise<Contradiction>,
): Promise<PolicyCandidate> {
  const [observed, contradiction] = await Promise.all([
    observePolicy(node, address, block),
    rehearsing,
  ]);
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
  {
    startBlock,
    getters,
    state,
  }: {
    readonly startBlock: number;
    readonly getters: Getters;
    readonly state: Promise<DeployedState>;
  },
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
  const rehearsal = await rehearse(node, address, startBlock, say, asset, state);
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
