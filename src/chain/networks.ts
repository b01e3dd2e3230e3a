import type { Address } from '../address.js';

/** The fields of a listed transaction that show its kind. */
export interface ListedTransaction {
  readonly hash: string;
  /** EIP-2718; 0 where the node says nothing. */
  readonly type: number;
  readonly from: string;
  /** `null` for a creation. */
  readonly to: string | null;
  readonly gas: bigint;
  readonly gasPriceWei: bigint;
}

/** How transactions of one kind are recognised: all that is given must hold. */
export interface SystemRule {
  /** What the network calls them. */
  readonly what: string;
  readonly types?: readonly number[];
  readonly from?: readonly Address[];
  /** First and last address of a range of system contracts. */
  readonly to?: readonly [Address, Address];
  /** The sender is who proposed the block. */
  readonly isOfProposer?: true;
  readonly hasNoGas?: true;
  readonly isFree?: true;
}

/** A kind of chain whose native money also moves without call frames. */
export interface Network {
  readonly name: string;
  readonly chainIds: readonly number[];
  /** Transactions that nodes may list without call frames. */
  readonly frameless: readonly SystemRule[];
  /** Blocks do not list all transactions that logs are of, and bloom filters lack their logs. */
  readonly hidesTransactions?: true;
  /** The contract that logs each movement of the native money, if there is one. */
  readonly nativeLedger?: Address;
  /** How native money moves without frames; for people. */
  readonly moves: string;
}

const numbered = (digits: string): Address => `0x${digits.padStart(40, '0')}`;
const ZERO = numbered('0');

/**
 * A transaction without gas cannot run code, whatever the chain: it is the bookkeeping of the
 * chain itself.
 */
const WITHOUT_GAS: SystemRule = { what: 'transaction without gas', hasNoGas: true };

export const NETWORKS: readonly Network[] = [
  {
    name: 'Polygon PoS',
    chainIds: [137, 80_002],
    frameless: [
      { what: 'state sync', from: [ZERO], to: [ZERO, ZERO], hasNoGas: true },
      { what: 'state sync', types: [0x7f] },
    ],
    hidesTransactions: true,
    nativeLedger: numbered('1010'),
    moves: 'deposits from Ethereum arrive by state sync, at the end of a sprint',
  },
  {
    name: 'BNB Smart Chain',
    chainIds: [56, 97],
    frameless: [
      {
        what: 'call of a system contract by the validator',
        isOfProposer: true,
        isFree: true,
        to: [numbered('1000'), numbered('3000')],
      },
    ],
    moves: 'fees are collected by the system address and paid to the validators',
  },
  {
    name: 'Ronin',
    chainIds: [2020, 2021],
    frameless: [{ what: 'call of a system contract', isOfProposer: true, isFree: true }],
    moves: 'rewards are paid to validators at the end of an epoch',
  },
  {
    name: 'Arbitrum',
    chainIds: [42_161, 42_170, 421_614],
    frameless: [
      { what: 'deposit', types: [0x64] },
      { what: 'submission of a retryable ticket', types: [0x69] },
      { what: 'internal transaction of ArbOS', types: [0x6a] },
    ],
    moves: 'deposits, escrows of retryable tickets and refunds of gas are movements of ArbOS',
  },
  {
    name: 'OP Stack',
    chainIds: [
      10, 130, 204, 252, 480, 1301, 1868, 5000, 8453, 34_443, 57_073, 84_532, 7_777_777, 11_155_420,
    ],
    frameless: [{ what: 'deposit', types: [0x7e] }],
    moves: 'a deposit mints to its sender before its call',
  },
  {
    name: 'zkSync',
    chainIds: [324, 300, 2741],
    frameless: [
      { what: 'upgrade of the protocol', types: [0xfe] },
      { what: 'priority transaction from Ethereum', types: [0xff] },
    ],
    nativeLedger: numbered('800a'),
    moves: 'the bootloader moves fees and deposits in the ledger of the base token',
  },
  {
    name: 'Celo',
    chainIds: [42_220, 44_787, 11_142_220],
    frameless: [{ what: 'deposit', types: [0x7e] }],
    hidesTransactions: true,
    nativeLedger: '0x471ece3750da237f93b8e339c536989b8978a438',
    moves: 'CELO is an ERC-20 too: its transfers move the native money by the precompile 0xfd',
  },
  {
    name: 'Gnosis',
    chainIds: [100, 10_200],
    frameless: [],
    moves: 'the bridge mints at the end of a block, by a call of the chain itself',
  },
  {
    name: 'Avalanche C-Chain',
    chainIds: [43_114, 43_113],
    frameless: [],
    moves: 'imports from other chains of Avalanche are in no transaction of the EVM',
  },
  {
    name: 'Sonic and Fantom',
    chainIds: [146, 250],
    frameless: [{ what: 'internal transaction', from: [ZERO], isFree: true }],
    moves: 'rewards are minted by the node driver',
  },
];

/** The network of a chain; `null` if nothing special is known of it. */
export function networkOf(chainId: number): Network | null {
  return NETWORKS.find(({ chainIds }) => chainIds.includes(chainId)) ?? null;
}

/**
 * The rule by which a transaction may be without call frames; `null` if it must have them.
 *
 * @param proposer `miner` of the block
 */
export function framelessRule(
  chainId: number,
  transaction: ListedTransaction,
  proposer: string,
): SystemRule | null {
  const rules = [...(networkOf(chainId)?.frameless ?? []), WITHOUT_GAS];
  return rules.find((rule) => fits(rule, transaction, proposer)) ?? null;
}

function fits(rule: SystemRule, transaction: ListedTransaction, proposer: string): boolean {
  const { types, from, to } = rule;
  if (types !== undefined && !types.includes(transaction.type)) return false;
  if (from !== undefined && !from.some((address) => address === transaction.from)) return false;
  if (rule.isOfProposer && transaction.from !== proposer) return false;
  if (rule.hasNoGas && transaction.gas !== 0n) return false;
  if (rule.isFree && transaction.gasPriceWei !== 0n) return false;
  if (to === undefined) return true;
  // Addresses of one length in lower case are in the order of their numbers.
  return transaction.to !== null && to[0] <= transaction.to && transaction.to <= to[1];
}
