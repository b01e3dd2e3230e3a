import type { Chain } from '../../../devnet/anvil.js';
import type { TransactionRequest } from '../../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployWindowed,
  encodeCall,
} from '../../../devnet/deploy.js';
import type { SeededRandom } from '../../../devnet/random.js';

const GAS = 3_000_000n;
const SUPPLY = 10n ** 24n;
const WITHOUT_END = 2n ** 255n;

/** A token whose holders stake it: in a vault, in a pool of the vault's shares, and in one of its own events. */
export interface LifePools {
  readonly token: DeployedContract;
  readonly vault: DeployedContract;
  readonly stake: DeployedContract;
  readonly odd: DeployedContract;
}

/** @param owner holds all tokens */
export async function deployLifePools(chain: Chain, owner: string): Promise<LifePools> {
  const from = { from: owner };
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    ...from,
    name: 'Pooled',
    symbol: 'POOL',
    supply: SUPPLY,
    percentClaimable: 80,
    window: 2,
    snapshotInterval: 10,
  });
  const vault = await deployContract(chain, 'RevenueVault', [token.address], from);
  const stake = await deployContract(chain, 'StakePool', [vault.address], from);
  const odd = await deployContract(chain, 'OddPool', [token.address], from);
  return { token, vault, stake, odd };
}

/** What the owner must do once, before it can deposit. */
export function poolApprovals({ token, vault, stake, odd }: LifePools, owner: string) {
  const approve = (contract: DeployedContract, spender: DeployedContract) =>
    call(owner, contract, 'approve', [spender.address, WITHOUT_END]);
  return [
    ...[approve(token, vault), approve(token, odd), approve(vault, stake)],
    call(owner, vault, 'deposit', [10n ** 9n, owner]),
  ];
}

export const POOL_OPERATIONS = [
  'deposit in a pool',
  'transfer of shares',
  'withdrawal from a pool',
  'snapshot with pools',
] as const;
export type PoolOperation = (typeof POOL_OPERATIONS)[number];

/**
 * The transactions of an operation; some may revert.
 *
 * @param someone other depositors
 */
export function poolOperation(
  { token, vault, stake, odd }: LifePools,
  operation: PoolOperation,
  owner: string,
  { random, someone }: { random: SeededRandom; someone: () => string },
): TransactionRequest {
  const units = BigInt(random.integer(1, 1_000_000));
  const make = (contract: DeployedContract, name: string, args: readonly unknown[]) =>
    call(owner, contract, name, args);
  switch (operation) {
    case 'deposit in a pool':
      return random.pick([
        make(vault, 'deposit', [units, random.pick([owner, someone()])]),
        make(stake, 'stakeFor', [random.pick([owner, someone()]), units % 1_000n]),
        make(odd, 'lockFor', [random.pick([owner, someone()]), units, 3n]),
      ]);
    case 'transfer of shares':
      return random.pick([
        make(vault, 'transfer', [someone(), units % 1_000n]),
        make(stake, 'transfer', [someone(), units % 1_000n]),
        make(odd, 'hand', [someone(), units % 1_000n]),
      ]);
    case 'withdrawal from a pool':
      return random.pick([
        make(vault, 'redeem', [units % 1_000n, owner, owner]),
        make(stake, 'unstake', [units % 500n]),
        make(odd, 'unlock', [units % 500n]),
      ]);
    case 'snapshot with pools':
      return make(token, 'snapshot', []);
  }
}

function call(
  from: string,
  contract: DeployedContract,
  name: string,
  args: readonly unknown[],
): TransactionRequest {
  return { from, to: contract.address, gas: GAS, data: encodeCall(contract, name, args) };
}
