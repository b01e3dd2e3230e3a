import { loadKeccak256 } from '../../../proofs/keccak.js';
import { bytesOf, quantityDigits, rlpDigits, rlpListDigits } from '../../rpc/blocks/rlp.js';

const keccak256 = await loadKeccak256();

const HEX = /^0x[0-9a-fA-F]*$/;

/** How a field is encoded: as it is, or as a number. */
type Encoding = (hex: string) => string;

const bytes: Encoding = (hex) => hex.slice(2);

/** In the order of the header. */
const FIELDS: readonly (readonly [name: string, digits: Encoding])[] = [
  ['parentHash', bytes],
  ['sha3Uncles', bytes],
  ['miner', bytes],
  ['stateRoot', bytes],
  ['transactionsRoot', bytes],
  ['receiptsRoot', bytes],
  ['logsBloom', bytes],
  ['difficulty', quantityDigits],
  ['number', quantityDigits],
  ['gasLimit', quantityDigits],
  ['gasUsed', quantityDigits],
  ['timestamp', quantityDigits],
  ['extraData', bytes],
  ['mixHash', bytes],
  ['nonce', bytes],
];

/** Each fork adds to the end. */
const ADDED: typeof FIELDS = [
  ['baseFeePerGas', quantityDigits],
  ['withdrawalsRoot', bytes],
  ['blobGasUsed', quantityDigits],
  ['excessBlobGas', quantityDigits],
  ['parentBeaconBlockRoot', bytes],
  ['requestsHash', bytes],
];

const ALL = [...FIELDS, ...ADDED];

/** What the fields of an Ethereum block are called; others belong to another kind of chain. */
const ETHEREUM_FIELDS = new Set([
  ...ALL.map(([name]) => name),
  'hash',
  'size',
  'totalDifficulty',
  'transactions',
  'uncles',
  'withdrawals',
]);

/**
 * Holds the hash of a block against the fields of its header (Yellow Paper, 4.3; EIP-1559, 4895,
 * 4844, 4788, 7685). `unknown`: the chain has fields of its own, or one is missing.
 */
export function compareHeader(block: object): 'equal' | 'different' | 'unknown' {
  const fields = block as Readonly<Record<string, unknown>>;
  const { hash } = fields;
  const payload = encoded(fields);
  if (payload === null || typeof hash !== 'string' || !HEX.test(hash)) return 'unknown';
  if (isHashOf(payload, hash)) return 'equal';
  return Object.keys(block).every((field) => ETHEREUM_FIELDS.has(field)) ? 'different' : 'unknown';
}

function isHashOf(payload: string, hash: string): boolean {
  const header = bytesOf(`0x${rlpListDigits(payload)}`);
  return `0x${Buffer.from(keccak256(header)).toString('hex')}` === hash.toLowerCase();
}

/** The items of the header, in digits; `null` if one is missing or not hex. */
function encoded(block: Readonly<Record<string, unknown>>): string | null {
  let payload = '';
  let isOver = false;
  for (const [index, [name, digitsOf]] of ALL.entries()) {
    const value = block[name];
    if (index >= FIELDS.length && (value === undefined || value === null)) {
      // What follows a field that is not there is not in the header.
      isOver = true;
      continue;
    }
    if (typeof value !== 'string' || !HEX.test(value)) return null;
    if (isOver) continue;
    const digits = digitsOf(value);
    // Half a byte is in no header: an empty one has another hash than any block.
    if (digits.length % 2 !== 0) return '';
    payload += rlpDigits(digits);
  }
  return payload;
}
