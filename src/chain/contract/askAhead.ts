import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import type { TokenConfig } from '../../config/types.js';
import type { Getters, RevenuePolicy } from '../../ledger/policies/policy.js';
import type { ContractTerms } from '../../ledger/terms.js';
import type { BlockTag, ChainNode } from '../node.js';
import { type DeployedState, deployedState } from '../rehearsal/rehearse.js';
import { deploymentBlock } from './deployment.js';
import { readGetters, readSigns, type Signs, uintOf } from './signs.js';
import { readFirstTerms } from './terms.js';
import { readText } from './texts.js';

/** What is asked of a token before anything is known of it: of a far node, each round of questions costs its way. */
export interface AskedAhead {
  readonly code: Promise<string>;
  readonly starting: Promise<number>;
  readonly aboutHead: Promise<
    readonly [bigint | null, string | null, string | null, bigint | null]
  >;
  readonly signsAtHead: Promise<Signs>;
  /** Of the block that the config says; `null`: it says none. */
  readonly atStart: AskedAtStart | null;
}

export interface AskedAtStart {
  readonly block: number;
  readonly answers: Promise<{ readonly getters: Getters; readonly state: Promise<DeployedState> }>;
}

/** Asks all of it at once. */
export function askAhead(
  node: ChainNode,
  config: TokenConfig,
  chainStartBlock: number | null,
  head: number,
): AskedAhead {
  const { address } = config;
  const claimed = config.startBlock ?? chainStartBlock;
  const asked = {
    code: node.code(address, head),
    starting: deploymentBlock(node, config, chainStartBlock, head, 'TOKEN_START_TOO_LATE'),
    aboutHead: Promise.all([
      readUint(node, address, functions.totalSupply.selector, head),
      readText(node, address, functions.name.selector, head),
      readText(node, address, functions.symbol.selector, head),
      readUint(node, address, functions.decimals.selector, head),
    ]),
    signsAtHead: readSigns(node, address, head),
  };
  // The code that needs it throws it: first that the address has no contract, then where it starts.
  for (const answer of Object.values(asked)) answer.catch(() => undefined);
  const isAsked = claimed !== null && claimed <= head;
  return { ...asked, atStart: isAsked ? askAtStart(node, address, claimed) : null };
}

/** What a rehearsal and the first terms go by, of a block in which the token may have been deployed. */
export function askAtStart(node: ChainNode, address: Address, block: number): AskedAtStart {
  const state = deployedState(node, address, block);
  state.catch(() => undefined);
  const answers = readGetters(node, address, block).then((getters) => ({ getters, state }));
  answers.catch(() => undefined);
  return { block, answers };
}

/** The first terms of a token, which may be asked before its policy is certain. */
export class FirstTerms {
  private foreseen: {
    readonly policy: RevenuePolicy;
    readonly terms: Promise<ContractTerms | null>;
  } | null = null;

  constructor(
    private readonly node: ChainNode,
    private readonly address: Address,
    private readonly startBlock: number,
    private readonly fitting: number,
  ) {}

  foresee(policy: RevenuePolicy): void {
    const terms = this.read(policy);
    terms.catch(() => undefined);
    this.foreseen = { policy, terms };
  }

  of(policy: RevenuePolicy): Promise<ContractTerms | null> {
    return this.foreseen?.policy === policy ? this.foreseen.terms : this.read(policy);
  }

  private read(policy: RevenuePolicy): Promise<ContractTerms | null> {
    const { node, address, startBlock, fitting } = this;
    return readFirstTerms(node, { address, policy }, startBlock, fitting);
  }
}

async function readUint(
  node: ChainNode,
  address: Address,
  data: string,
  block: BlockTag,
): Promise<bigint | null> {
  return uintOf(await node.view(address, data, block));
}
