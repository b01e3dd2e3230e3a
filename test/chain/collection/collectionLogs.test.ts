import { AbiCoder, id, keccak256 } from 'ethers';
import { describe, expect, it } from 'vitest';
import { readCollectionLog } from '../../../src/chain/collection/collectionLogs.js';
import { readRequestLog } from '../../../src/chain/collection/requestLogs.js';

const ADDRESS = `0x${'c0'.repeat(20)}`;
const OWNER = `0x${'aa'.repeat(20)}`;
const word = (value: bigint | string) => `0x${BigInt(value).toString(16).padStart(64, '0')}`;
const encode = (types: string[], values: unknown[]) =>
  AbiCoder.defaultAbiCoder().encode(types, values);

function log(signature: string, topics: string[], data: string) {
  return { address: ADDRESS, logIndex: 3, topics: [id(signature), ...topics], data };
}

const AIGC_DATA = 'AigcData(uint256,bytes,bytes,bytes)';
const UPDATE = 'Update(uint256,bytes,bytes)';
const [PROMPT, CONTENT, PROOF] = ['0x0102', '0x03', '0x04'] as const;
const [PROMPT_HASH, CONTENT_HASH] = [keccak256(PROMPT), keccak256(CONTENT)];

describe('the number of topics shows which fields of an event are hashes', () => {
  it.each([
    [
      'AigcData, 4',
      log(AIGC_DATA, [word(7n), PROMPT_HASH, CONTENT_HASH], encode(['bytes'], [PROOF])),
      [null, null, PROOF],
    ],
    [
      'AigcData, 3',
      log(AIGC_DATA, [word(7n), PROMPT_HASH], encode(['bytes', 'bytes'], [CONTENT, PROOF])),
      [null, CONTENT, PROOF],
    ],
    [
      'AigcData, 1',
      log(
        AIGC_DATA,
        [],
        encode(['uint256', 'bytes', 'bytes', 'bytes'], [7n, PROMPT, CONTENT, PROOF]),
      ),
      [PROMPT, CONTENT, PROOF],
    ],
    ['Update, 4', log(UPDATE, [word(7n), PROMPT_HASH, CONTENT_HASH], '0x'), [null, null, null]],
    [
      'Update, 3',
      log(UPDATE, [word(7n), PROMPT_HASH], encode(['bytes'], [CONTENT])),
      [null, CONTENT, null],
    ],
    [
      'Update, 1',
      log(UPDATE, [], encode(['uint256', 'bytes', 'bytes'], [7n, PROMPT, CONTENT])),
      [PROMPT, CONTENT, null],
    ],
    [
      'Mint of the first draft',
      log(
        'Mint(uint256,bytes,bytes,string,bytes)',
        [word(7n), PROMPT_HASH, CONTENT_HASH],
        encode(['string', 'bytes'], ['uri', PROOF]),
      ),
      [null, null, PROOF],
    ],
    [
      'Mint of the second draft',
      log(
        'Mint(address,uint256,bytes,bytes,string,bytes)',
        [word(OWNER), word(7n), PROMPT_HASH],
        encode(['bytes', 'string', 'bytes'], [CONTENT, 'uri', PROOF]),
      ),
      [null, CONTENT, PROOF],
    ],
  ])('%s', (_, entry, [prompt, content, proof]) => {
    expect(readCollectionLog(entry)).toMatchObject({
      kind: 'data',
      tokenId: 7n,
      prompt: { hash: PROMPT_HASH, bytes: prompt },
      aigcData: { hash: CONTENT_HASH, bytes: content },
      proof,
    });
  });

  it('a range of ERC-2309 is read with both ends', () => {
    const signature = 'ConsecutiveTransfer(uint256,uint256,address,address)';
    const entry = log(signature, [word(3n), word(0n), word(OWNER)], encode(['uint256'], [9n]));
    expect(readCollectionLog(entry)).toMatchObject({
      firstTokenId: 3n,
      lastTokenId: 9n,
      to: OWNER,
    });
  });

  it.each([
    ['two topics', log(AIGC_DATA, [word(7n)], '0x')],
    ['data that is cut short', log(AIGC_DATA, [word(7n), PROMPT_HASH, CONTENT_HASH], '0x00')],
    [
      'an ERC-20 transfer',
      log('Transfer(address,address,uint256)', [word(0n), word(1n)], word(5n)),
    ],
  ])('%s: refused', (_, entry) => {
    expect(() => readCollectionLog(entry)).toThrow(
      expect.objectContaining({ code: 'COLLECTION_UNKNOWN_LOG' }),
    );
  });

  it('another event is ignored', () => {
    const entry = log('Approval(address,address,uint256)', [word(0n), word(1n), word(2n)], '0x');
    expect(readCollectionLog(entry)).toBeNull();
  });
});

describe('requests to AI oracles are read in every generation', () => {
  const FIRST = 'AICallbackRequest(address,uint256,uint256,bytes,address,bytes4,uint64)';
  const SECOND = 'AICallbackRequest(address,uint256,uint256,bytes,address,uint64,bytes)';
  const BATCH =
    'AICallbackRequest(address,uint256,uint256,bytes,address,uint64,bytes,uint8,uint8,uint256)';
  const modelId = 2n ** 159n + 1n;
  const first = [modelId, PROMPT, ADDRESS, '0x01020304', 9n];
  const firstTypes = ['uint256', 'bytes', 'address', 'bytes4', 'uint64'];
  const second = [modelId, PROMPT, ADDRESS, 9n, '0x'];
  const secondTypes = ['uint256', 'bytes', 'address', 'uint64', 'bytes'];
  const indexed = [word(OWNER), word(5n)];
  it.each([
    [
      'first, nothing indexed',
      log(FIRST, [], encode(['address', 'uint256', ...firstTypes], [OWNER, 5n, ...first])),
    ],
    ['first, indexed', log(FIRST, indexed, encode(firstTypes, first))],
    ['second', log(SECOND, indexed, encode(secondTypes, second))],
    [
      'newest',
      log(
        BATCH,
        indexed,
        encode([...secondTypes, 'uint8', 'uint8', 'uint256'], [...second, 0, 0, 1]),
      ),
    ],
  ])('%s', (_, entry) => {
    expect(readRequestLog(entry)).toEqual({
      oracle: ADDRESS,
      requestId: 5n,
      modelId,
      account: OWNER,
      callbackContract: ADDRESS,
      input: PROMPT,
    });
  });

  it('a log that only looks like a request has no account', () => {
    expect(readRequestLog(log(SECOND, indexed, '0x01'))).toBeNull();
  });
});
