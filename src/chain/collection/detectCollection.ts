import * as erc7007 from '../../abi/erc7007.js';
import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { Recognition } from '../../ledger/collection.js';
import { type ConfiguredContract, deploymentBlock } from '../contract/deployment.js';
import { readText } from '../contract/texts.js';
import type { ChainNode } from '../node.js';
import { behaviourOf } from './behaviour.js';

/** What a collection's contract says about itself. */
export interface DetectedCollection {
  /** Block of the deployment. */
  readonly startBlock: number;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly isErc7007: boolean;
  readonly isEnumerable: boolean;
  readonly isUpdatable: boolean;
  readonly recognisedBy: Recognition | null;
}

/** ERC-165 ids (docs/domain.md#collections). */
const ERC165 = '0x01ffc9a7';
const NO_INTERFACE = '0xffffffff';
const ERC7007 = '0x702c55a6';
const ERC7007_ENUMERABLE = '0xfa1a557a';
const ERC7007_UPDATABLE = '0x3f37dce2';

/**
 * Reads what a collection is from its ERC-165 answers, or else from what it does, and where it
 * begins.
 *
 * @throws ImoError `COLLECTION_NOT_A_CONTRACT` or `COLLECTION_START_TOO_LATE`.
 */
export async function detectCollection(
  node: ChainNode,
  contract: ConfiguredContract,
  chainStartBlock: number | null,
): Promise<DetectedCollection> {
  const { address } = contract;
  const head = await node.headNumber();
  if ((await node.code(address, head)) === '0x') {
    throw new ImoError(
      'COLLECTION_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(address)} (block ${head}, ${node.displayUrl})`,
      'Check the address and the chain of this collection in the config.',
    );
  }
  const startBlock = await deploymentBlock(
    node,
    contract,
    chainStartBlock,
    head,
    'COLLECTION_START_TOO_LATE',
  );
  const supports = (interfaceId: string) => answersYes(node, address, interfaceId, head);
  // A contract that says yes to everything says nothing.
  const tells = (await supports(ERC165)) && !(await supports(NO_INTERFACE));
  const [name, symbol, isErc7007, isEnumerable, isUpdatable] = await Promise.all([
    readText(node, address, erc7007.functions.name.selector, head),
    readText(node, address, erc7007.functions.symbol.selector, head),
    tells && supports(ERC7007),
    tells && supports(ERC7007_ENUMERABLE),
    tells && supports(ERC7007_UPDATABLE),
  ]);
  const told = { startBlock, name, symbol, isErc7007, isEnumerable };
  if (isErc7007) return { ...told, isUpdatable, recognisedBy: 'interface' };
  if (isUpdatable) return { ...told, isUpdatable, recognisedBy: 'interface' };
  const behaviour = await behaviourOf(node, address, head);
  return {
    ...told,
    isUpdatable: behaviour?.isUpdatable ?? false,
    recognisedBy: behaviour?.isErc7007 ? 'behaviour' : null,
  };
}

async function answersYes(
  node: ChainNode,
  address: Address,
  interfaceId: string,
  block: number,
): Promise<boolean> {
  const data = erc7007.functions.supportsInterface.encode({ interfaceId });
  const answer = await node.view(address, data, block);
  return answer !== null && answer.length === 66 && BigInt(answer) === 1n;
}
