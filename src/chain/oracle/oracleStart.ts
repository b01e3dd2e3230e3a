import { checksummed } from '../../address.js';
import type { OracleConfig } from '../../config/contracts/oracles.js';
import { ImoError } from '../../errors.js';
import { firstBlock } from '../contract/deployment.js';
import type { ChainNode } from '../node.js';

/**
 * The first block that is indexed of an oracle: what the config says, else the block of the
 * deployment, found by bisection. It may be after the deployment.
 *
 * @throws ImoError `ORACLE_NOT_A_CONTRACT`
 */
export async function oracleStart(
  node: ChainNode,
  { address, startBlock }: OracleConfig,
  chainStartBlock: number | null,
): Promise<number> {
  const head = await node.headNumber();
  const hasCode = async (block: number) => (await node.code(address, block)) !== '0x';
  if (!(await hasCode(head))) {
    throw new ImoError(
      'ORACLE_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(address)} (block ${head}, ${node.displayUrl})`,
      'Check the address and the chain of this oracle in the config.',
    );
  }
  return startBlock ?? chainStartBlock ?? firstBlock(hasCode, 0, head);
}
