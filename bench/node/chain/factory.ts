import {
  AbiCoder,
  concat,
  getCreate2Address,
  getCreateAddress,
  id,
  keccak256,
  toBeHex,
} from 'ethers';
import { loadArtifact } from '../../../devnet/artifacts.js';
import { creationCode } from '../../../devnet/deploy.js';
import { functions as erc20 } from '../../../src/abi/erc20.js';
import { functions } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import { addressWord, callData, word } from '../hex.js';
import { TokenContract } from '../token/contract.js';
import type { Terms } from '../token/state.js';
import { type ModelContract, NotModelledError } from './contract.js';
import type { EmittedLog, Frame } from './frame.js';

export const OWNER: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
export const PAYER: Address = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';

const TOKEN_CREATED = id('TokenCreated(address,address)');
const NAMES = { name: 'Bench', symbol: 'BCH' };
const SUPPLY = 10n ** 27n;
const TERMS: Terms = { percent: 80n, window: 2, interval: 1n };

/** A model of `contracts/ContractFactory.sol`, as far as it creates revenue tokens. */
export class TokenFactory implements ModelContract {
  readonly address = getCreateAddress({ from: OWNER, nonce: 0 }).toLowerCase() as Address;
  readonly code = runtimeCode(loadArtifact('ContractFactory').bytecode);
  private readonly tokenCreation = creationCode('RevShareBench', [
    NAMES.name,
    NAMES.symbol,
    SUPPLY,
    TERMS.percent,
    TERMS.window,
    TERMS.interval,
  ]);
  private readonly tokenCode = runtimeCode(loadArtifact('RevShareBench').bytecode);

  constructor(readonly createdIn: number) {}

  /** The transaction that created it. */
  deployment(): Frame {
    const { bytecode: input } = loadArtifact('ContractFactory');
    const { address: to, code: output } = this;
    return { type: 'CREATE', from: OWNER, to, valueWei: 0n, input, output, inner: [] };
  }

  /** `createTokens(bytes,uint256,uint256)` by the owner. */
  create(
    first: number,
    count: number,
    { number, time }: { readonly number: number; readonly time: number },
  ): { readonly frame: Frame; readonly tokens: readonly TokenContract[] } {
    const { address: to, tokenCreation } = this;
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ['bytes', 'uint256', 'uint256'],
      [tokenCreation, first, count],
    );
    const input = concat([id('createTokens(bytes,uint256,uint256)').slice(0, 10), encoded]);
    const tokens: TokenContract[] = [];
    const inner: (Frame | EmittedLog)[] = [];
    const initHash = keccak256(tokenCreation);
    for (let salt = first; salt < first + count; salt++) {
      const at = getCreate2Address(to, toBeHex(salt, 32), initHash).toLowerCase() as Address;
      const token = new TokenContract(at, number, this.tokenCode, TERMS, NAMES);
      tokens.push(token);
      inner.push(...this.creation(token, { number, time }));
    }
    const frame = {
      type: 'CALL',
      from: OWNER,
      to,
      valueWei: 0n,
      input,
      output: '0x',
      inner,
    } as const;
    return { frame, tokens };
  }

  /** A creation, what the factory asks of the token, and how it gives all of it to the creator. */
  private creation(
    token: TokenContract,
    { number, time }: { readonly number: number; readonly time: number },
  ): (Frame | EmittedLog)[] {
    const { address: from, tokenCreation, tokenCode } = this;
    const { address: to } = token;
    token.history.enter(number);
    const minted = token.create(from, SUPPLY, time);
    const call = { from, valueWei: 0n, time };
    const frame = (type: Frame['type'], data: string): Frame => {
      const { output, inner } = token.run({ ...call, data });
      return { type, from, to, valueWei: 0n, input: data, output, inner };
    };
    return [
      {
        type: 'CREATE2',
        from,
        to,
        valueWei: 0n,
        input: tokenCreation,
        output: tokenCode,
        inner: minted,
      },
      frame('STATICCALL', callData(functions.balanceOf.selector, addressWord(from))),
      frame('CALL', callData(erc20.transfer.selector, addressWord(OWNER), word(SUPPLY))),
      {
        address: from,
        topics: [TOKEN_CREATED, addressWord(to)],
        data: addressWord(OWNER),
      },
    ];
  }

  balanceAt(): bigint {
    return 0n;
  }

  storageHashAt(): string {
    return word(0);
  }

  storageWordAt(): bigint {
    return 0n;
  }

  trialAt() {
    return {
      balanceWei: 0n,
      execute: () => {
        throw new NotModelledError(`a call of the factory ${this.address}`);
      },
    };
  }
}

/** What a creation code without arguments deploys; immutables are 0 in it. */
export function runtimeCode(creation: string): string {
  const end = creation.indexOf('f3fe');
  if (end < 0) throw new RangeError('the creation code does not end with RETURN and INVALID');
  return `0x${creation.slice(end + 4)}`;
}
