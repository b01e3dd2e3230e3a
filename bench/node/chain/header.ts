import { EMPTY_ROOT, toBytes } from '../../../src/chain/rpc/blocks/orderedTrie.js';
import { bytesOf, rlp, rlpList } from '../../../src/chain/rpc/blocks/rlp.js';
import { loadKeccak256 } from '../../../src/proofs/keccak.js';
import { quantity } from '../hex.js';

const keccak256 = await loadKeccak256();

/** The fields of a header that differ between blocks. */
export interface OwnFields {
  readonly number: number;
  readonly time: number;
  readonly parentHash: string;
  readonly stateRoot: string;
  readonly transactionsRoot: string;
  readonly receiptsRoot: string;
  /** 0x and 512 digits. */
  readonly logsBloom: string;
  readonly gasUsed: number;
}

const GAS_LIMIT = 400_000_000;
export const BASE_FEE_WEI = 7;
const ZERO_WORD = `0x${'0'.repeat(64)}`;
const MINER = `0x${'0'.repeat(37)}641`;
const NO_UNCLES = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347';
const NO_NONCE = `0x${'0'.repeat(16)}`;

/** A header as `eth_getBlockByNumber` has it, without hash, size and transactions. */
export function headerFields(own: OwnFields) {
  return {
    parentHash: own.parentHash,
    sha3Uncles: NO_UNCLES,
    miner: MINER,
    stateRoot: own.stateRoot,
    transactionsRoot: own.transactionsRoot,
    receiptsRoot: own.receiptsRoot,
    logsBloom: own.logsBloom,
    difficulty: '0x0',
    number: quantity(own.number),
    gasLimit: quantity(GAS_LIMIT),
    gasUsed: quantity(own.gasUsed),
    timestamp: quantity(own.time),
    extraData: '0x',
    mixHash: ZERO_WORD,
    nonce: NO_NONCE,
    baseFeePerGas: quantity(BASE_FEE_WEI),
    withdrawalsRoot: EMPTY_ROOT,
    blobGasUsed: '0x0',
    excessBlobGas: '0x0',
    parentBeaconBlockRoot: ZERO_WORD,
  };
}

const bytes = (hex: string) => rlp(bytesOf(hex));
const integer = (value: number) => rlp(toBytes(value));
const AFTER_PARENT = Buffer.concat([bytes(NO_UNCLES), bytes(MINER)]);
const GAS_LIMIT_FIELD = integer(GAS_LIMIT);
const AFTER_TIME = [
  Uint8Array.of(0x80),
  bytes(ZERO_WORD),
  bytes(NO_NONCE),
  integer(BASE_FEE_WEI),
  bytes(EMPTY_ROOT),
  integer(0),
  integer(0),
  bytes(ZERO_WORD),
];

/** The hash of a header (Yellow Paper, 4.3, with the fields up to EIP-4844 and EIP-4788). */
export function hashOfHeader(own: OwnFields): string {
  const encoded = rlpList([
    bytes(own.parentHash),
    AFTER_PARENT,
    bytes(own.stateRoot),
    bytes(own.transactionsRoot),
    bytes(own.receiptsRoot),
    bytes(own.logsBloom),
    integer(0),
    integer(own.number),
    GAS_LIMIT_FIELD,
    integer(own.gasUsed),
    integer(own.time),
    ...AFTER_TIME,
  ]);
  return `0x${Buffer.from(keccak256(encoded)).toString('hex')}`;
}
