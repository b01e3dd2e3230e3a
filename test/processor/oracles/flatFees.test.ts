import { expect, it } from 'vitest';
import type { OracleOperation } from '../../../src/chain/oracle/operation.js';
import { withUnknownFees } from '../../../src/processor/oracles/flatFees.js';

/** A block in short: `?` an unknown call, `{` and `}` around one, a number sets the fee, `r` requests. */
function block(text: string): OracleOperation[] {
  const place = { transactionIndex: 0, transactionHash: '0x77' };
  const call = (phase: 'entered' | 'left') =>
    ({ kind: 'gasPriceCall', isUnknown: true, phase, ...place }) as const;
  return text.split(' ').flatMap((word): OracleOperation[] => {
    if (word === '?') return [call('entered'), call('left')];
    if (word === '{') return [call('entered')];
    if (word === '}') return [call('left')];
    if (word === 'r') return [{ kind: 'request', ...place } as OracleOperation];
    return [{ kind: 'flatFee', fee: BigInt(word), ...place }];
  });
}

/** What the requests of a block are charged that begins with a fee of 3 and ends with `after`. */
function charged(text: string, after: bigint): bigint[] {
  let fee = 3n;
  return withUnknownFees(block(text), 3n, after).flatMap((operation) => {
    if (operation.kind === 'flatFee') fee = operation.fee;
    return operation.kind === 'request' ? [fee] : [];
  });
}

it('a request before the first unknown call is charged the fee before it, after the last that after it', () => {
  expect(charged('r ? r', 4n)).toEqual([3n, 4n]);
  expect(charged('r ? ? r r', 4n)).toEqual([3n, 4n, 4n]);
  expect(charged('r ? 5 r', 5n)).toEqual([3n, 5n]);
  expect(charged('5 r ? r', 3n)).toEqual([5n, 3n]);
  expect(charged('{ 5 } r', 7n)).toEqual([7n]);
});

it('an unknown call that changed nothing is not a change of the fee', () => {
  expect(withUnknownFees(block('r ? r'), 3n, 3n)).toEqual(block('r ? r'));
});

it('a request between unknown calls, inside one or before a known change is not proven', () => {
  for (const text of ['? r ?', '{ r }', '? r 5', '{ 5 r }']) {
    expect(() => charged(text, 5n), text).toThrow(
      expect.objectContaining({ code: 'ORACLE_FEE_UNKNOWN' }),
    );
  }
});
