import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import type { SaleConfig } from '../../config/sales/sales.js';
import { ImoError } from '../../errors.js';
import { deploymentBlock } from '../contract/deployment.js';
import type { ChainNode } from '../node.js';
import { SALE_RULES } from './registry.js';
import { type FixedTerms, NO_FIXED_TERMS, type SaleGetter } from './saleKind.js';

/** What a sale's contract says about itself, and the config where it says nothing. */
export interface DetectedSale extends FixedTerms {
  /** `null` for the chain's own coin. */
  readonly raiseAsset: Address | null;
  readonly startBlock: number;
}

/**
 * Reads a sale's terms and deployment block from the chain.
 *
 * @throws ImoError `SALE_NOT_A_CONTRACT`, `SALE_START_TOO_LATE`, `SALE_KIND_DIFFERS` (naming
 *   the getters that are missing) or `SALE_TERMS_DIFFER` if config and contract disagree.
 */
export async function detectSale(
  node: ChainNode,
  config: SaleConfig,
  chainStartBlock: number | null,
): Promise<DetectedSale> {
  const head = await node.headNumber();
  if ((await node.code(config.address, head)) === '0x') {
    throw new ImoError(
      'SALE_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(config.address)} (block ${head}, ${node.displayUrl})`,
      'Check the address and the chain of this sale in the config.',
    );
  }
  const startBlock = await deploymentBlock(
    node,
    config,
    chainStartBlock,
    head,
    'SALE_START_TOO_LATE',
  );
  const { terms } = SALE_RULES[config.kind];
  if (terms === null) {
    const configured = config.raiseAsset ?? 'native';
    const raiseAsset = configured === 'native' ? null : configured;
    return { raiseAsset, ...NO_FIXED_TERMS, startBlock };
  }
  const answers = await readAll(node, config, terms.getters, startBlock);
  return { raiseAsset: exchanged(config, answers), ...terms.termsOf(answers), startBlock };
}

async function readAll(
  node: ChainNode,
  config: SaleConfig,
  getters: Readonly<Record<string, SaleGetter>>,
  block: number,
): Promise<Record<string, bigint>> {
  const values: Record<string, bigint> = {};
  const missing: string[] = [];
  for (const [name, { signature, selector }] of Object.entries(getters)) {
    const answer = await node.view(config.address, selector, block);
    if (answer === null || answer.length !== 66) missing.push(signature);
    else values[name] = BigInt(answer);
  }
  if (missing.length === 0) return values;
  throw new ImoError(
    'SALE_KIND_DIFFERS',
    `${checksummed(config.address)} is not a ${config.kind} sale: it lacks ${missing.join(', ')}`,
    'Correct `kind`, or describe the sale as `kind: custom` with its ABI and a mapping.',
  );
}

/** Compares what the contract exchanges with the config, and returns the raise asset. */
function exchanged(
  config: SaleConfig,
  { token = 0n, raiseAsset = 0n }: Partial<Record<string, bigint>>,
): Address | null {
  if (addressOf(token) !== config.token) throw differs(config, 'token', addressOf(token));
  const asset = addressOf(raiseAsset) === ZERO_ADDRESS ? 'native' : addressOf(raiseAsset);
  if (config.raiseAsset !== null && config.raiseAsset !== asset) {
    throw differs(config, 'raiseAsset', asset);
  }
  return asset === 'native' ? null : asset;
}

function addressOf(word: bigint): Address {
  return `0x${word.toString(16).padStart(40, '0')}`;
}

function differs(config: SaleConfig, key: 'token' | 'raiseAsset', actual: string): ImoError {
  return new ImoError(
    'SALE_TERMS_DIFFER',
    `sale ${checksummed(config.address)} has ${key} ${actual}, the config says ${config[key]}`,
    `Write ${key}: "${actual}", if it is the right sale.`,
  );
}
