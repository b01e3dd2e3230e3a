import { Interface, id } from 'ethers';
import { describe, expect, it } from 'vitest';
import { oracleCall } from '../../../src/chain/oracle/calls.js';
import { ORACLE_TOPICS } from '../../../src/chain/oracle/logs.js';

const TOKEN = `0x${'e2'.repeat(20)}`;
const RECEIVER = `0x${'4e'.repeat(20)}`;
const NOBODY = `0x${'0'.repeat(40)}`;
const HASH = `0x${'11'.repeat(32)}`;
const HUGE = 2n ** 160n - 1n;

const MODEL = 'uint256,bytes32,bytes32,uint256,address,uint256';
const UPLOAD = [HUGE, HASH, HASH, 7n, RECEIVER, 70n];
const UPLOADED = { fee: 7n, receiver: RECEIVER, receiverPercentage: 70n };
const REQUESTED = {
  kind: 'request',
  modelId: HUGE,
  batchSize: 1n,
  input: '0x01',
  callbackContract: RECEIVER,
  gasLimit: 9n,
};

const terms = (change: object) => ({ kind: 'terms', modelId: HUGE, change });
const uploaded = (kind: string, asset: string | null) => terms({ kind, ...UPLOADED, asset });

/** Selector as in docs/domain.md#ai-oracles, signature, arguments, what it means. */
const CALLS: readonly (readonly [string, string, readonly unknown[], object])[] = [
  ['0xb70b5ccc', `uploadModel(${MODEL})`, UPLOAD, uploaded('upload', null)],
  ['0x7c7e7ee3', `uploadModel(${MODEL},address)`, [...UPLOAD, TOKEN], uploaded('upload', TOKEN)],
  [
    '0x7fa5f958',
    `uploadModel(${MODEL},address,bool)`,
    [...UPLOAD, NOBODY, true],
    uploaded('upload', 'native'),
  ],
  ['0x54c33b10', `updateModel(${MODEL})`, UPLOAD, uploaded('update', null)],
  [
    '0x004f80de',
    `updateModel(${MODEL},address)`,
    [...UPLOAD, NOBODY],
    uploaded('update', 'native'),
  ],
  [
    '0xd88e39dd',
    `updateModel(${MODEL},address,bool)`,
    [...UPLOAD, TOKEN, false],
    uploaded('update', TOKEN),
  ],
  ['0x6c124d74', 'setModelFee(uint256,uint256)', [HUGE, 8n], terms({ kind: 'fee', fee: 8n })],
  [
    '0x0077f244',
    'setModelReceiver(uint256,address)',
    [HUGE, RECEIVER],
    terms({ kind: 'receiver', receiver: RECEIVER }),
  ],
  [
    '0x699ecb83',
    'setModelReceiverPercentage(uint256,uint256)',
    [HUGE, 5n],
    terms({ kind: 'percentage', receiverPercentage: 5n }),
  ],
  ['0x6b0641a3', 'removeModel(uint256)', [HUGE], { kind: 'removal', modelId: HUGE }],
  ['0x5638101b', 'claimModelRevenue(uint256)', [HUGE], { kind: 'claim', modelId: HUGE }],
  [
    '0x264c3c48',
    'requestCallback(uint256,bytes,address,bytes4,uint64)',
    [HUGE, '0x01', RECEIVER, '0xb0347814', 9n],
    REQUESTED,
  ],
  [
    '0x5b953806',
    'requestCallback(uint256,bytes,address,uint64,bytes)',
    [HUGE, '0x01', RECEIVER, 9n, '0x'],
    REQUESTED,
  ],
  [
    '0x8c2c1ed8',
    'requestCallback(uint256,bytes,address,uint64,bytes,uint8,uint8)',
    [HUGE, '0x01', RECEIVER, 9n, '0x', 0, 1],
    REQUESTED,
  ],
  [
    '0x409694fa',
    'requestBatchInference(uint256,uint256,bytes,address,uint64,bytes,uint8,uint8)',
    [4n, HUGE, '0x01', RECEIVER, 9n, '0x', 0, 1],
    { ...REQUESTED, batchSize: 4n },
  ],
];

describe('the functions of all versions (docs/domain.md#ai-oracles)', () => {
  it.each(CALLS)('%s %s', (selector, signature, args, meaning) => {
    const input = new Interface([`function ${signature}`]).encodeFunctionData(
      signature.slice(0, signature.indexOf('(')),
      args,
    );
    expect(input.slice(0, 10)).toBe(selector);
    expect(oracleCall(input)).toEqual(meaning);
  });

  it('others are left alone', () => {
    expect(oracleCall(id('withdraw()').slice(0, 10))).toBeNull();
    expect(oracleCall('0x')).toBeNull();
  });
});

it('the request is for the logs of all generations', () => {
  const beginnings = ['963f7406', '849aa5ad', '559924af', 'fc63fa93', 'ec2650f3', 'b7b41355'];
  expect(ORACLE_TOPICS.map((topic) => topic.slice(2, 10))).toEqual(beginnings);
});
