import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalFraction, noPriceReason, worthOf } from '../../src/ledger/price.js';

const round = (answer: bigint, decimals = 8, updatedAt = 1000n) => ({
  answer,
  decimals,
  updatedAt,
});

describe('the value of an amount is the exact quotient', () => {
  test('the value of one wei is exact', () => {
    expect(worthOf(1n, 18, round(351_234_567_890n))).toBe('0.0000000000000035123456789');
  });

  test('the value of the largest amount at the largest answer is exact', () => {
    const amount = 2n ** 256n - 1n;
    const answer = 2n ** 255n - 1n;
    expect(worthOf(amount, 0, round(answer, 0))).toBe((amount * answer).toString());
    expect(amount.toString()).toHaveLength(78);
    const digits = (amount * answer).toString();
    expect(worthOf(amount, 18, round(answer, 8))).toBe(
      `${digits.slice(0, -26)}.${digits.slice(-26)}`,
    );
  });

  test('a value has no trailing zeros, and may be negative', () => {
    expect(worthOf(10n ** 18n, 18, round(2000n * 10n ** 8n))).toBe('2000');
    expect(worthOf(-(10n ** 17n), 18, round(5n * 10n ** 8n))).toBe('-0.5');
    expect(worthOf(0n, 18, round(1n))).toBe('0');
    expect(decimalFraction(-5n, 0)).toBe('-5');
  });

  test('the value is the exact quotient for any amount, answer and decimals', () => {
    const numbers = fc.tuple(
      fc.bigInt({ min: -(2n ** 256n), max: 2n ** 256n }),
      fc.nat({ max: 510 }),
    );
    fc.assert(
      fc.property(numbers, ([numerator, decimals]) => {
        const text = decimalFraction(numerator, decimals);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        const [whole = '', fraction = ''] = text.split('.');
        expect(BigInt(whole + fraction.padEnd(decimals, '0'))).toBe(numerator);
      }),
    );
  });
});

describe('a round is not a price', () => {
  test('if there is none, or its answer is not above zero', () => {
    expect(noPriceReason(null, 1000n, null)).toBe('no-round');
    expect(noPriceReason(round(0n), 1000n, null)).toBe('not-positive');
    expect(noPriceReason(round(-1n), 1000n, null)).toBe('not-positive');
    expect(noPriceReason(round(1n), 1000n, null)).toBeNull();
  });

  test('once it is older than allowed, to the second', () => {
    expect(noPriceReason(round(1n), 1060n, 60)).toBeNull();
    expect(noPriceReason(round(1n), 1061n, 60)).toBe('stale');
    expect(noPriceReason(round(1n), 10n ** 12n, null)).toBeNull();
  });

  test('if it gives itself a time after the entry', () => {
    expect(noPriceReason(round(1n), 999n, null)).toBe('later');
  });
});
