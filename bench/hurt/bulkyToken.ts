import { getCreateAddress } from 'ethers';
import type { Chain } from '../../devnet/anvil.js';
import { loadArtifact } from '../../devnet/artifacts.js';
import { mineBlock, sendTransaction, setAutomine } from '../../devnet/chain.js';
import {
  creationCode,
  type DeployedContract,
  deployContract,
  encodeCall,
} from '../../devnet/deploy.js';

/**
 * A windowed token behind a proxy whose answers can become long (`answerWith`). It is initialised in the block
 * of its deployment, but not by its constructor: creation code is limited to 48 KiB, and names are not.
 *
 * @param name of any length; the symbol is as long
 */
export async function deployBulky(
  chain: Chain,
  { from, name, gas }: { readonly from: string; readonly name: string; readonly gas: bigint },
): Promise<DeployedContract> {
  const logic = await deployContract(chain, 'RevShareWindowedUpgradeable', [], { from });
  const nonce = await chain.rpc.call<string>('eth_getTransactionCount', [from, 'latest']);
  const address = getCreateAddress({ from, nonce: BigInt(nonce) }).toLowerCase();
  const terms = [name, name, 1_000n, 80, 0];
  await setAutomine(chain, false);
  const data = creationCode('BulkyProxy', [logic.address, '0x']);
  await sendTransaction(chain, { from, data });
  const initialize = encodeCall(logic, 'initialize', terms);
  const hash = await sendTransaction(chain, { from, to: address, data: initialize, gas });
  await mineBlock(chain);
  await setAutomine(chain, true);
  const { status, blockNumber } = await chain.rpc.call<{ status: string; blockNumber: string }>(
    'eth_getTransactionReceipt',
    [hash],
  );
  if (status !== '0x1') throw new Error(`${address} was not initialised`);
  return { ...logic, address, deploymentBlock: Number(blockNumber) };
}

/** Call data that makes each answer of such a token so many bytes long. */
export function answerWith(bytes: number): string {
  return loadArtifact('BulkyProxy').interface.encodeFunctionData('answerWith', [bytes]);
}
