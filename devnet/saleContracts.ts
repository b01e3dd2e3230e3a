// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chain } from './anvil.js';
import { type DeployedContract, type DeployOptions, deployContract } from './deploy.js';

const NATIVE = `0x${'0'.repeat(40)}`;

export interface LaunchpadOptions extends DeployOptions {
  token: string;
  /** Left out: ETH. */
  raiseAsset?: string | null;
  target: bigint;
  tokensForSale: bigint;
  /** Unix seconds. Deposits are taken from the first on, until before the second. */
  startTime: number;
  endTime: number;
  /** Gets what the sale keeps. Default: who deploys. */
  treasury?: string;
}

/** A launchpad sale. It still needs its tokens. */
export function deployLaunchpad(
  chain: Chain,
  options: LaunchpadOptions,
): Promise<DeployedContract> {
  const { token, raiseAsset, target, tokensForSale, startTime, endTime, treasury } = options;
  const asset = raiseAsset ?? NATIVE;
  const window = [startTime, endTime, treasury ?? options.from];
  const args = [token, asset, target, tokensForSale, ...window];
  return deployContract(chain, 'LaunchpadSale', args, options);
}

/** A sale of `rate` token units for each unit paid. It still needs its tokens. */
export function deployFixedPrice(
  chain: Chain,
  options: DeployOptions & {
    token: string;
    raiseAsset?: string | null;
    rate: bigint;
    wallet: string;
  },
): Promise<DeployedContract> {
  const { token, raiseAsset, rate, wallet } = options;
  return deployContract(
    chain,
    'FixedPriceSale',
    [token, raiseAsset ?? NATIVE, rate, wallet],
    options,
  );
}

/** A liquidity bootstrapping pool with virtual reserves. It still needs its tokens. */
export function deployLbp(
  chain: Chain,
  options: DeployOptions & {
    token: string;
    raiseAsset: string;
    virtualAssets: bigint;
    virtualShares: bigint;
    endTime: number;
    manager: string;
  },
): Promise<DeployedContract> {
  const { token, raiseAsset, virtualAssets, virtualShares, endTime, manager } = options;
  const args = [token, raiseAsset, virtualAssets, virtualShares, endTime, manager];
  return deployContract(chain, 'LbpSale', args, options);
}

/** A sale that only a mapping in imo.yaml describes. It still needs its tokens. */
export function deployOverflow(
  chain: Chain,
  options: DeployOptions & {
    token: string;
    raiseAsset: string;
    target: bigint;
    tokensForSale: bigint;
    endTime: number;
  },
): Promise<DeployedContract> {
  const { token, raiseAsset, target, tokensForSale, endTime } = options;
  const args = [token, raiseAsset, target, tokensForSale, endTime];
  return deployContract(chain, 'OverflowSale', args, options);
}
