/**
 * The two contracts of docs/domain.md#reference, #windowed, statement by statement and with their own
 * variables: slow, literal, and written apart from src/ledger so that both can be compared.
 */
export interface ContractModel {
  balance: bigint;
  supply: bigint;
  last: number;
  receive(value: bigint): void;
  snapshot(): void;
  claimable(balanceAt: bigint, id: number): bigint | 'revert';
  claim(balanceAt: bigint, id: number): bigint | 'revert';
  redeemable(amount: bigint): bigint;
  burn(amount: bigint): bigint;
  newRevenue(): bigint;
}

/** What relatives of the two contracts do otherwise. */
export interface ModelChanges {
  readonly rounding?: 'reference' | 'windowed';
  readonly rollOver?: 'holders' | 'none';
}

export function referenceModel(
  p: bigint,
  supply: bigint,
  { rounding = 'reference' }: ModelChanges = {},
): ContractModel {
  let claimPool = 0n;
  let burnPool = 0n;
  let burned = 0n;
  const claimableAt: bigint[] = [0n];
  const supplyAt: bigint[] = [0n];
  const model: ContractModel = {
    balance: 0n,
    supply,
    last: 0,
    newRevenue: () => model.balance + burned - claimPool - burnPool,
    receive(value) {
      model.balance += value;
    },
    snapshot() {
      const n = model.newRevenue();
      const x = (n * p) / 100n;
      model.last++;
      claimableAt.push(x);
      supplyAt.push(model.supply);
      claimPool += x;
      burnPool += n - x - burned;
      burned = 0n;
    },
    claimable(balanceAt, id) {
      const ca = claimableAt[id];
      const s = supplyAt[id];
      if (ca === undefined || s === undefined || id < 1) return 'revert';
      return (balanceAt * ca) / s;
    },
    claim(balanceAt, id) {
      const amount = model.claimable(balanceAt, id);
      if (amount === 'revert' || amount === 0n) return 'revert';
      claimPool -= amount;
      model.balance -= amount;
      return amount;
    },
    redeemable: (amount) => first(amount) + second(amount),
    burn(amount) {
      const [a, b] = [first(amount), second(amount)];
      burnPool -= b;
      burned += a;
      model.balance -= a + b;
      model.supply -= amount;
      return a + b;
    },
  };
  const first = (amount: bigint) =>
    rounding === 'reference'
      ? (amount * (model.newRevenue() * (100n - p) - burned * 100n)) / 100n / model.supply
      : (amount * ((model.newRevenue() * (100n - p)) / 100n - burned)) / model.supply;
  const second = (amount: bigint) => (amount * burnPool) / model.supply;
  return model;
}

export function windowedModel(
  p: bigint,
  supply: bigint,
  window: number,
  { rounding = 'windowed', rollOver = 'holders' }: ModelChanges = {},
): ContractModel {
  let redeemPool = 0n;
  let redeemed = 0n;
  const claimableAt: bigint[] = [0n];
  const claimedAt: bigint[] = [0n];
  const supplyAt: bigint[] = [0n];
  const left = (id: number) => (claimableAt[id] ?? 0n) - (claimedAt[id] ?? 0n);
  let stuck = 0n;
  const pool = () => {
    let sum = stuck;
    for (let id = model.last; id > model.last - window && id >= 1; id--) sum += left(id);
    return sum;
  };
  const model: ContractModel = {
    balance: 0n,
    supply,
    last: 0,
    newRevenue: () => model.balance + redeemed - redeemPool - pool(),
    receive(value) {
      model.balance += value;
    },
    snapshot() {
      const n = model.newRevenue();
      const x = (n * p) / 100n;
      const id = model.last + 1;
      const leaving = id < window ? 0n : left(id - window);
      claimableAt.push(rollOver === 'holders' ? x + leaving : x);
      if (rollOver === 'none') stuck += leaving;
      claimedAt.push(0n);
      supplyAt.push(model.supply);
      model.last = id;
      redeemPool += n - x - redeemed;
      redeemed = 0n;
    },
    claimable(balanceAt, id) {
      const ca = claimableAt[id];
      const s = supplyAt[id];
      if (ca === undefined || s === undefined || id < 1) return 'revert';
      if (model.last - id >= window) return 'revert';
      return (balanceAt * ca) / s;
    },
    claim(balanceAt, id) {
      const amount = model.claimable(balanceAt, id);
      if (amount === 'revert' || amount === 0n) return 'revert';
      claimedAt[id] = (claimedAt[id] ?? 0n) + amount;
      model.balance -= amount;
      return amount;
    },
    redeemable: (amount) => first(amount) + second(amount),
    burn(amount) {
      const [a, b] = [first(amount), second(amount)];
      redeemPool -= b;
      redeemed += a;
      model.balance -= a + b;
      model.supply -= amount;
      return a + b;
    },
  };
  const first = (amount: bigint) =>
    rounding === 'reference'
      ? (amount * (model.newRevenue() * (100n - p) - redeemed * 100n)) / 100n / model.supply
      : (amount * ((model.newRevenue() * (100n - p)) / 100n - redeemed)) / model.supply;
  const second = (amount: bigint) => (amount * redeemPool) / model.supply;
  return model;
}
