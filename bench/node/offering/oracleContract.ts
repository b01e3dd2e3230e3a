import { events, functions } from '../../../src/abi/aiOracle.js';
import { bytesOf } from '../../../src/chain/rpc/blocks/rlp.js';
import { type ContractCall, type Executed, NotModelledError } from '../chain/contract.js';
import type { EmittedLog } from '../chain/frame.js';
import { addressOf, addressWord, argument, word, ZERO_ADDRESS } from '../hex.js';
import { Revert } from '../token/rules.js';
import { Versions } from '../versions.js';
import { paddedBytes } from './abiWords.js';
import { RecordedContract, type Surroundings } from './recordedContract.js';

interface Model {
  readonly modelHash: bigint;
  readonly programHash: bigint;
  readonly feeWei: bigint;
  readonly receiver: `0x${string}`;
  readonly percentage: bigint;
  readonly accruedWei: bigint;
}

const UPLOAD =
  functions['uploadModel(uint256,bytes32,bytes32,uint256,address,uint256,address,bool)'].selector;
const REQUEST = functions['requestCallback(uint256,bytes,address,uint64,bytes)'].selector;
const CLAIM = functions.claimModelRevenue.selector;
const INITIALIZE = '0xc4d66de8';
const REQUEST_TOPIC =
  events['AICallbackRequest(address indexed,uint256 indexed,uint256,bytes,address,uint64,bytes)']
    .topic;
/** `input` and `callbackData` in the call and in the log: 32-byte words before them. */
const HEAD_WORDS = 5;

/** A model of `contracts/AIOracle.sol`: models paid in ETH, requests without callbacks. */
export class OracleContract extends RecordedContract {
  private readonly models = new Map<bigint, Versions<Model>>();
  private requests = 0;

  run(call: ContractCall, surroundings: Surroundings): Executed {
    const { data } = call;
    switch (data.slice(0, 10)) {
      case INITIALIZE:
        this.written();
        return { output: '0x', inner: [] };
      case UPLOAD:
        return this.upload(data);
      case REQUEST:
        return this.request(call);
      case CLAIM:
        return this.claim(call, surroundings);
      default:
        throw new NotModelledError(`${data.slice(0, 10)} of the oracle`);
    }
  }

  view(data: string, block: number): string {
    switch (data.slice(0, 10)) {
      case functions.gasPrice.selector:
        return word(0);
      case functions.getModel.selector: {
        const model = this.models.get(argument(data, 0) ?? -1n)?.at(block);
        if (model === undefined) throw new Revert('oracle: no such model');
        const { modelHash, programHash, feeWei, receiver, percentage, accruedWei } = model;
        const words = [modelHash, programHash, feeWei, BigInt(receiver), percentage, accruedWei];
        return `0x${[...words, 0n, 0n].map((value) => word(value).slice(2)).join('')}`;
      }
    }
    // It has no other view that an indexer knows, and no fallback function.
    throw new Revert('');
  }

  accruedWei(modelId: bigint): bigint {
    return this.models.get(modelId)?.last?.accruedWei ?? 0n;
  }

  feeWei(modelId: bigint): bigint {
    return this.models.get(modelId)?.last?.feeWei ?? 0n;
  }

  private upload(data: string): Executed {
    const [modelId = 0n, modelHash = 0n, programHash = 0n, feeWei = 0n, receiver = 0n, share = 0n] =
      [0, 1, 2, 3, 4, 5].map((index) => argument(data, index) ?? 0n);
    const versions = new Versions<Model>();
    versions.set(this.block, {
      modelHash,
      programHash,
      feeWei,
      receiver: addressOf(receiver),
      percentage: share,
      accruedWei: 0n,
    });
    this.models.set(modelId, versions);
    this.written();
    return { output: '0x', inner: [] };
  }

  private request({ from, valueWei, data }: ContractCall): Executed {
    const modelId = argument(data, 0) ?? -1n;
    const model = this.existing(modelId);
    if (valueWei < model.feeWei) throw new Revert('oracle: insufficient fee');
    const input = this.bytesArgument(data, 1);
    const hasCallback = argument(data, 2) !== 0n || argument(data, 3) !== 0n;
    if (hasCallback) throw new NotModelledError('a request with a callback');
    this.requests++;
    this.move(valueWei);
    const accruedWei = model.accruedWei + (model.feeWei * model.percentage) / 100n;
    this.models.get(modelId)?.set(this.block, { ...model, accruedWei });
    this.written();
    const id = word(this.requests);
    return { output: id, inner: [this.requestLog(from, id, modelId, input)] };
  }

  private requestLog(from: string, id: string, modelId: bigint, input: string): EmittedLog {
    const tail = paddedBytes(input);
    const ends = HEAD_WORDS * 32 + tail.length / 2;
    const head = [
      word(modelId),
      word(HEAD_WORDS * 32),
      addressWord(ZERO_ADDRESS),
      word(0),
      word(ends),
    ];
    const data = `0x${head.map((one) => one.slice(2)).join('')}${tail}${paddedBytes('0x')}`;
    return { address: this.address, topics: [REQUEST_TOPIC, addressWord(from), id], data };
  }

  private claim({ data, time }: ContractCall, { call }: Surroundings): Executed {
    const modelId = argument(data, 0) ?? -1n;
    const model = this.existing(modelId);
    const { accruedWei: valueWei, receiver: to } = model;
    if (valueWei === 0n) throw new Revert('oracle: no revenue');
    this.models.get(modelId)?.set(this.block, { ...model, accruedWei: 0n });
    this.move(-valueWei);
    this.written();
    const from = this.address;
    const { output, inner } = call(to, { from, valueWei, data: '0x', time });
    const payment = { type: 'CALL', from, to, valueWei, input: '0x', output, inner } as const;
    return { output: '0x', inner: [payment] };
  }

  private existing(modelId: bigint): Model {
    const model = this.models.get(modelId)?.last;
    if (model === undefined) throw new Revert('oracle: no such model');
    return model;
  }

  /** Dynamic bytes of the call data. */
  private bytesArgument(data: string, index: number): string {
    const start = 10 + 2 * Number(argument(data, index) ?? 0n);
    const length = Number(BigInt(`0x${data.slice(start, start + 64)}`));
    const bytes = data.slice(start + 64, start + 64 + 2 * length);
    if (bytesOf(`0x${bytes}`).length === 0) throw new Revert('oracle: no input');
    return `0x${bytes}`;
  }
}
