import { AbiCoder, id } from 'ethers';
import * as erc7007 from '../../../src/abi/erc7007.js';
import { events } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import { bytesOf } from '../../../src/chain/rpc/blocks/rlp.js';
import { loadKeccak256 } from '../../../src/proofs/keccak.js';
import { type ContractCall, type Executed, NotModelledError } from '../chain/contract.js';
import type { EmittedLog, Frame } from '../chain/frame.js';
import { argument, word } from '../hex.js';
import { Revert } from '../token/rules.js';
import { type Deployment, RecordedContract, type Surroundings } from './recordedContract.js';

const keccak256 = await loadKeccak256();

/** `mint(address,bytes)` */
export const MINT = '0xb510391f';
const OWNER_OF = '0x6352211e';
/** Views of the contract that the model leaves out. */
const LEFT_OUT = new Set(
  [
    ...['balanceOf(address)', 'getApproved(uint256)', 'isApprovedForAll(address,address)'],
    ...['tokenURI(uint256)', 'payee()', 'payeePercent()', 'topicCount()'],
  ].map((signature) => id(signature).slice(0, 10)),
);
const INTERFACES = new Set(['01ffc9a7', '80ac58cd', '5b5e139f', '702c55a6']);

/** A model of `contracts/AigcCollection.sol` that passes all money on to its payee. */
export class CollectionContract extends RecordedContract {
  /** By token: its owner, and the block of the mint. */
  private readonly owned = new Map<string, { readonly owner: string; readonly since: number }>();

  constructor(
    deployment: Deployment,
    private readonly names: { readonly name: string; readonly symbol: string },
    private readonly payee: Address,
  ) {
    super(deployment);
  }

  run({ valueWei, data, time }: ContractCall, { call }: Surroundings): Executed {
    if (data.slice(0, 10) !== MINT) throw new NotModelledError('another call of the collection');
    const { address: from, payee: to } = this;
    const tokenId = word(BigInt(hashOf(promptOf(data))));
    if (this.owned.has(tokenId)) throw new Revert('ERC721: token already minted');
    const owner = word(argument(data, 0) ?? 0n);
    this.owned.set(tokenId, { owner, since: this.block });
    this.written();
    const inner: (Frame | EmittedLog)[] = [];
    if (valueWei > 0n) {
      const paid = call(to, { from, valueWei, data: '0x', time });
      inner.push({ type: 'CALL', from, to, valueWei, input: '0x', ...paid });
    }
    const topics = [events.Transfer.topic, word(0), owner, tokenId];
    inner.push({ address: from, topics, data: '0x' });
    return { output: tokenId, inner };
  }

  view(data: string, block: number): string {
    const { name, symbol } = this.names;
    switch (data.slice(0, 10)) {
      case erc7007.functions.name.selector:
        return text(name);
      case erc7007.functions.symbol.selector:
        return text(symbol);
      case OWNER_OF: {
        const owned = this.owned.get(word(argument(data, 0) ?? 0n));
        if (owned === undefined || owned.since > block)
          throw new Revert('ERC721: invalid token ID');
        return owned.owner;
      }
      case erc7007.functions.supportsInterface.selector:
        return word(INTERFACES.has(data.slice(10, 18)) ? 1 : 0);
    }
    if (LEFT_OUT.has(data.slice(0, 10))) {
      throw new NotModelledError(`${data.slice(0, 10)} of the collection`);
    }
    // It has no fallback function.
    throw new Revert('');
  }
}

const text = (value: string) => AbiCoder.defaultAbiCoder().encode(['string'], [value]);
const hashOf = (hex: string) => `0x${Buffer.from(keccak256(bytesOf(hex))).toString('hex')}`;

/** The second argument of `mint(address,bytes)`. */
function promptOf(data: string): string {
  const start = 10 + 2 * Number(argument(data, 1) ?? 0n);
  const length = Number(BigInt(`0x${data.slice(start, start + 64)}`));
  return `0x${data.slice(start + 64, start + 64 + 2 * length)}`;
}
