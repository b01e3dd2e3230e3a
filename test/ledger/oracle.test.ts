import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyModelTerms,
  chargeRequest,
  type ModelState,
  type ModelTerms,
  NATIVE,
  overpaymentWei,
  payOut,
  UNKNOWN_MODEL,
} from '../../src/ledger/oracles/oracle.js';

const ALICE = `0x${'a1'.repeat(20)}`;
const BOB = `0x${'b0'.repeat(20)}`;
const MONEY = `0x${'e2'.repeat(20)}`;

const UPLOAD = {
  kind: 'upload',
  fee: 999n,
  receiver: ALICE,
  receiverPercentage: 70n,
  asset: NATIVE,
} as const;

function uploaded(terms: Partial<ModelTerms> = {}): ModelState {
  return applyModelTerms(UNKNOWN_MODEL, { ...UPLOAD, ...terms });
}

/** Applies requests of the given batch sizes. */
function asked(state: ModelState, ...batchSizes: readonly bigint[]): ModelState {
  return batchSizes.reduce((before, size) => chargeRequest(before, size).state, state);
}

describe('a request', () => {
  it('charges batchSize*fee; the receiver gets its percentage of it, rounded down once', () => {
    const { charge, state } = chargeRequest(uploaded(), 3n);
    expect(charge).toEqual({
      asset: NATIVE,
      fee: 2997n,
      receiverPart: 2097n,
      protocolPart: 900n,
    });
    expect(state.accrued).toBe(2097n);
  });

  it('a request of no inference costs nothing', () => {
    expect(chargeRequest(uploaded(), 0n).charge).toMatchObject({ fee: 0n, receiverPart: 0n });
  });

  it('a request to a missing model is refused', () => {
    const removed = applyModelTerms(uploaded(), { kind: 'removal' });
    for (const state of [UNKNOWN_MODEL, removed]) {
      expect(() => chargeRequest(state, 1n)).toThrow(
        expect.objectContaining({ code: 'LEDGER_MODEL_EXISTENCE' }),
      );
    }
  });

  it('is split without a remainder, whatever the terms', () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 128n });
    const percentage = fc.bigInt({ min: 0n, max: 100n });
    fc.assert(
      fc.property(amount, percentage, fc.bigInt({ min: 0n, max: 999n }), (fee, percent, size) => {
        const state = uploaded({ fee, receiverPercentage: percent });
        const { charge } = chargeRequest(state, size);
        expect(charge.receiverPart + charge.protocolPart).toBe(charge.fee);
        expect(charge.receiverPart).toBe((size * fee * percent) / 100n);
      }),
    );
  });
});

describe('what a request paid beyond fee and gas', () => {
  const { charge } = chargeRequest(uploaded(), 1n);
  const { charge: inMoney } = chargeRequest(uploaded({ asset: MONEY }), 1n);
  const pulled = { asset: MONEY, amount: 999n };

  it.each([
    ['ETH', charge, { valueWei: 1100n, pulled: null, gasPartWei: 100n }, 1n],
    ['ETH, gas unknown', charge, { valueWei: 1100n, pulled: null, gasPartWei: null }, null],
    ['a token', inMoney, { valueWei: 100n, pulled, gasPartWei: 60n }, 40n],
  ] as const)('in %s', (_, charged, payment, rest) => {
    expect(overpaymentWei(charged, payment)).toBe(rest);
  });

  it.each([
    ['too little ETH', charge, { valueWei: 998n, pulled: null, gasPartWei: null }],
    ['too little for gas', charge, { valueWei: 1099n, pulled: null, gasPartWei: 101n }],
    ['a token in place of ETH', charge, { valueWei: 999n, pulled, gasPartWei: 0n }],
    ['no token', inMoney, { valueWei: 999n, pulled: null, gasPartWei: 0n }],
    [
      'too much of the token',
      inMoney,
      { valueWei: 0n, pulled: { asset: MONEY, amount: 1000n }, gasPartWei: 0n },
    ],
    [
      'another token',
      inMoney,
      { valueWei: 0n, pulled: { asset: BOB, amount: 999n }, gasPartWei: 0n },
    ],
  ] as const)('is unknown where it brought %s', (_, charged, payment) => {
    expect(() => overpaymentWei(charged, payment)).toThrow(
      expect.objectContaining({ code: 'LEDGER_PAYMENT_DIFFERS' }),
    );
  });
});

describe('terms', () => {
  it('change one by one, and the accrued number stays', () => {
    let state = asked(uploaded(), 1n);
    state = applyModelTerms(state, { kind: 'fee', fee: 5n });
    state = applyModelTerms(state, { kind: 'receiver', receiver: BOB });
    state = applyModelTerms(state, { kind: 'percentage', receiverPercentage: 10n });
    expect(state.terms).toEqual({
      exists: true,
      fee: 5n,
      receiver: BOB,
      receiverPercentage: 10n,
      asset: NATIVE,
    });
    expect(state.accrued).toBe(699n);
  });

  it('terms of an older version leave the token as it is', () => {
    const state = uploaded({ asset: MONEY });
    expect(applyModelTerms(state, { ...UPLOAD, kind: 'update', asset: null }).terms.asset).toBe(
      MONEY,
    );
  });

  it('revenue survives a removal that paid nothing, and waits for the next upload', () => {
    const removed = applyModelTerms(asked(uploaded(), 1n), { kind: 'removal' });
    expect(applyModelTerms(removed, UPLOAD).accrued).toBe(699n);
  });

  it('terms of a model that already exists, or does not exist, are refused', () => {
    const refused = expect.objectContaining({ code: 'LEDGER_MODEL_EXISTENCE' });
    expect(() => applyModelTerms(uploaded(), UPLOAD)).toThrow(refused);
    expect(() => applyModelTerms(UNKNOWN_MODEL, { kind: 'fee', fee: 1n })).toThrow(refused);
    expect(() => applyModelTerms(UNKNOWN_MODEL, { kind: 'removal' })).toThrow(refused);
  });
});

describe('a payout', () => {
  it('takes the whole accrued sum', () => {
    const state = payOut(asked(uploaded(), 1n, 2n), {
      asset: NATIVE,
      receiver: ALICE,
      amount: 2097n,
    });
    expect(state.accrued).toBe(0n);
    expect(state.totals.get(NATIVE)).toEqual({
      requests: 2n,
      fees: 2997n,
      receiverPart: 2097n,
      protocolPart: 900n,
      paidOut: 2097n,
    });
  });

  it.each([
    ['another amount', { asset: NATIVE, receiver: ALICE, amount: 698n }],
    ['another receiver', { asset: NATIVE, receiver: BOB, amount: 699n }],
    ['another asset', { asset: MONEY, receiver: ALICE, amount: 699n }],
  ])('a payout of %s than the books owe is refused', (_, payment) => {
    expect(() => payOut(asked(uploaded(), 1n), payment)).toThrow(
      expect.objectContaining({ code: 'LEDGER_PAYMENT_DIFFERS' }),
    );
  });
});
