import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocationOf,
  costBasisOf,
  NEW_SALE,
  NO_PARTICIPATION,
  type Participation,
  priceOf,
  refundOf,
  type SaleState,
  type SaleTerms,
} from '../../src/ledger/sales/sale.js';
import {
  applyMovement,
  endSale,
  finaliseSale,
  type SaleMovement,
} from '../../src/ledger/sales/saleMovements.js';

/** A sale and its participants by name. */
class Sale {
  state: SaleState = NEW_SALE;
  private readonly accounts = new Map<string, Participation>();

  constructor(readonly terms: SaleTerms) {}

  of(name: string): Participation {
    return this.accounts.get(name) ?? NO_PARTICIPATION;
  }

  move(name: string, movement: Partial<SaleMovement> & Pick<SaleMovement, 'kind'>): void {
    const effect = applyMovement(this.terms, this.state, this.of(name), {
      raiseAmount: 0n,
      tokenAmount: 0n,
      isDelivered: false,
      ...movement,
    });
    this.state = effect.state;
    this.accounts.set(name, effect.participation);
  }

  end(): void {
    this.state = endSale(this.state);
  }

  figures(name: string) {
    const { terms, state } = this;
    return {
      allocation: allocationOf(terms, state, this.of(name)),
      refund: refundOf(terms, state, this.of(name)),
      cost: costBasisOf(terms, state, this.of(name)),
    };
  }
}

/** A launchpad with these deposits, at its end. */
function launchpad(target: bigint, tokensForSale: bigint, deposits: Record<string, bigint>): Sale {
  const sale = new Sale({ target, tokensForSale });
  for (const [name, raiseAmount] of Object.entries(deposits)) {
    sale.move(name, { kind: 'deposit', raiseAmount });
  }
  sale.end();
  return sale;
}

const codeOf = (attempt: () => unknown): unknown => {
  try {
    attempt();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return null;
};

describe('a launchpad (docs/domain.md#sales)', () => {
  it('when oversubscribed, keeps the target pro rata and gives the rest back', () => {
    const sale = launchpad(100n, 1000n, { ann: 200n, bob: 50n, cy: 1n });
    // ann: 200 * 1000 // 251 tokens; the sale keeps 200 * 100 // 251 = 79 of its 200.
    expect(sale.figures('ann')).toEqual({
      allocation: 796n,
      refund: 121n,
      cost: { paid: 79n, got: 796n, isFinal: true },
    });
    expect(sale.figures('bob')).toEqual({
      allocation: 199n,
      refund: 31n,
      cost: { paid: 19n, got: 199n, isFinal: true },
    });
    // The smallest deposit keeps nothing in the sale, and gets tokens all the same.
    expect(sale.figures('cy')).toEqual({
      allocation: 3n,
      refund: 1n,
      cost: { paid: 0n, got: 3n, isFinal: true },
    });
    expect(priceOf(sale.terms, sale.state)).toEqual({ raiseAmount: 100n, tokenAmount: 1000n });
  });

  it('when filled exactly, keeps every deposit whole', () => {
    const sale = launchpad(250n, 1000n, { ann: 200n, bob: 50n });
    expect(sale.figures('ann')).toEqual({
      allocation: 800n,
      refund: 0n,
      cost: { paid: 200n, got: 800n, isFinal: true },
    });
  });

  it('a launchpad one unit short of its target has failed and refunds every deposit', () => {
    const sale = launchpad(251n, 1000n, { ann: 200n, bob: 50n });
    expect(sale.figures('ann')).toEqual({
      allocation: 0n,
      refund: 200n,
      cost: { paid: 0n, got: 0n, isFinal: true },
    });
    expect(priceOf(sale.terms, sale.state)).toBeNull();
  });

  it('while it is open, promises nothing', () => {
    const sale = new Sale({ target: 100n, tokensForSale: 1000n });
    sale.move('ann', { kind: 'deposit', raiseAmount: 40n });
    expect(sale.figures('ann')).toEqual({
      allocation: 0n,
      refund: 0n,
      cost: { paid: 40n, got: 0n, isFinal: false },
    });
    expect(priceOf(sale.terms, sale.state)).toEqual({ raiseAmount: 40n, tokenAmount: 1000n });
  });

  it('refuses what the rule does not say', () => {
    const sale = launchpad(100n, 1000n, { ann: 200n, bob: 50n });
    const move = (movement: Parameters<Sale['move']>[1]) =>
      codeOf(() => sale.move('ann', movement));
    expect(move({ kind: 'deposit', raiseAmount: 1n })).toBe('LEDGER_SALE_PHASE');
    expect(move({ kind: 'purchase', raiseAmount: 1n })).toBe('LEDGER_SALE_PHASE');
    expect(move({ kind: 'token-claim', tokenAmount: 799n })).toBe('LEDGER_SALE_PAYMENT_DIFFERS');
    expect(move({ kind: 'refund', raiseAmount: 121n })).toBe('LEDGER_SALE_PAYMENT_DIFFERS');
    sale.move('ann', { kind: 'token-claim', tokenAmount: 800n });
    sale.move('ann', { kind: 'refund', raiseAmount: 120n });
    expect(move({ kind: 'token-claim', tokenAmount: 800n })).toBe('LEDGER_SALE_PHASE');
    expect(move({ kind: 'refund', raiseAmount: 120n })).toBe('LEDGER_SALE_PHASE');
    sale.state = finaliseSale(sale.terms, sale.state);
    expect(codeOf(() => finaliseSale(sale.terms, sale.state))).toBe('LEDGER_SALE_PHASE');
  });

  it('never allocates more than it sells, nor keeps more than its target', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 24n });
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 1, maxLength: 20 }),
        amount,
        amount,
        (deposits, target, tokensForSale) => {
          const names = deposits.map((_, index) => `account ${index}`);
          const sale = launchpad(
            target,
            tokensForSale,
            Object.fromEntries(deposits.map((deposit, index) => [`account ${index}`, deposit])),
          );
          const sum = (figure: (name: string) => bigint) =>
            names.reduce((total, name) => total + figure(name), 0n);
          const raised = sale.state.raised;
          expect(sum((name) => sale.figures(name).allocation)).toBeLessThanOrEqual(tokensForSale);
          const kept = sum((name) => sale.figures(name).cost.paid);
          expect(kept).toBeLessThanOrEqual(target);
          // Rounding down takes less than a unit from each participant.
          const dust = BigInt(names.length);
          if (raised >= target) expect(kept).toBeGreaterThan(target - dust);
          else expect(kept).toBe(0n);
          for (const name of names) {
            const { allocation, refund } = sale.figures(name);
            if (allocation > 0n) sale.move(name, { kind: 'token-claim', tokenAmount: allocation });
            if (refund > 0n) sale.move(name, { kind: 'refund', raiseAmount: refund });
          }
          expect(sale.state.raised - sale.state.refunded).toBe(kept);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a sale without a rule', () => {
  it('costs what was paid for what was bought, and shares of the cost leave with sold tokens', () => {
    const sale = new Sale(null);
    sale.move('ann', { kind: 'purchase', raiseAmount: 100n, tokenAmount: 30n });
    sale.move('ann', { kind: 'purchase', raiseAmount: 50n, tokenAmount: 10n });
    // 7 of 40 tokens take 150 * 7 // 40 = 26 of the cost with them, whatever they were sold for.
    sale.move('ann', { kind: 'sell', raiseAmount: 90n, tokenAmount: 7n });
    expect(sale.figures('ann').cost).toEqual({ paid: 124n, got: 33n, isFinal: false });
    expect(priceOf(null, sale.state)).toEqual({ raiseAmount: 90n, tokenAmount: 7n });
    sale.move('ann', { kind: 'sell', raiseAmount: 1n, tokenAmount: 33n });
    expect(sale.figures('ann').cost).toEqual({ paid: 0n, got: 0n, isFinal: false });
    expect(sale.of('ann')).toMatchObject({ deposited: 150n, sold: 40n, proceeds: 91n });
  });

  it('is final when it is finalised', () => {
    const sale = new Sale(null);
    sale.move('ann', { kind: 'deposit', raiseAmount: 100n });
    sale.move('ann', { kind: 'allocation', tokenAmount: 5n });
    sale.move('ann', { kind: 'refund', raiseAmount: 30n });
    sale.state = finaliseSale(null, sale.state);
    expect(sale.figures('ann').cost).toEqual({ paid: 70n, got: 5n, isFinal: true });
  });

  it('refuses refunds above deposits, and claims and sells above what was bought', () => {
    const sale = new Sale(null);
    const move = (movement: Parameters<Sale['move']>[1]) =>
      codeOf(() => sale.move('ann', movement));
    sale.move('bob', { kind: 'purchase', raiseAmount: 500n, tokenAmount: 500n });
    sale.move('ann', { kind: 'purchase', raiseAmount: 10n, tokenAmount: 20n });
    expect(move({ kind: 'refund', raiseAmount: 11n })).toBe('LEDGER_SALE_LIMIT');
    expect(move({ kind: 'token-claim', tokenAmount: 21n })).toBe('LEDGER_SALE_LIMIT');
    expect(move({ kind: 'sell', raiseAmount: 1n, tokenAmount: 21n })).toBe('LEDGER_SALE_LIMIT');
    sale.move('ann', { kind: 'token-claim', tokenAmount: 15n });
    expect(move({ kind: 'sell', raiseAmount: 1n, tokenAmount: 6n })).toBe('LEDGER_SALE_LIMIT');
  });
});
