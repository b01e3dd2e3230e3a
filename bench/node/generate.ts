import { functions as erc20 } from '../../src/abi/erc20.js';
import { events, functions } from '../../src/abi/erc7641.js';
import type { Address } from '../../src/address.js';
import { GeneratedChain } from './chain/chain.js';
import type { ContractCall, Executed } from './chain/contract.js';
import { OWNER, PAYER, TokenFactory } from './chain/factory.js';
import type { Frame } from './chain/frame.js';
import { addressWord, callData, word } from './hex.js';
import { Offering, type Sent } from './offering/offering.js';
import { RecordedContract } from './offering/recordedContract.js';
import { Random } from './random.js';
import { type ChainSpec, LAST_EMPTY_BLOCKS, OFFERING_KINDS, type OperationMix } from './spec.js';
import { benchHolder } from './token/benchCalls.js';
import { BENCH, TokenContract } from './token/contract.js';
import { type ChainTruth, truthOf } from './truth.js';

const TOKENS_PER_BLOCK = 10;
const TRANSFERS_PER_DISTRIBUTION = 50;
/** Holders that are tried as claimants before a transfer takes the place of the claim. */
const CLAIMANTS_TRIED = 4;
const LARGEST_RECEIPT_WEI = 10n ** 18n;

/** A chain, and what is known of it before anybody reads it. */
export interface Generated {
  readonly chain: GeneratedChain;
  readonly factory: TokenFactory;
  readonly tokens: readonly TokenContract[];
  /** Of the first token; `null`: the mix has nothing for it. */
  readonly offering: Offering | null;
  readonly truth: ChainTruth;
  /** The last block with operations. */
  readonly lastBlock: number;
}

/** Generates the chain of a spec. */
export function generate(spec: ChainSpec): Generated {
  return new Generator(spec).run();
}

class Generator {
  private readonly random: Random;
  private readonly chain: GeneratedChain;
  private readonly tokens: TokenContract[] = [];
  private readonly holdersEach: number;
  private offering: Offering | null = null;
  private waiting: Frame[] = [];
  private readonly made = {
    ...{ transfer: 0, receipt: 0, snapshot: 0, claim: 0, burn: 0 },
    ...{ request: 0, mint: 0, purchase: 0, settlement: 0 },
  };

  constructor(private readonly spec: ChainSpec) {
    this.random = new Random(spec.seed);
    this.chain = new GeneratedChain(spec.seed);
    this.holdersEach = Math.max(2, Math.floor(spec.holders / spec.tokens));
  }

  run(): Generated {
    const { chain, spec } = this;
    const factory = this.createFactory();
    this.createTokens(factory);
    this.openOffering();
    let left = spec.operations;
    for (const token of this.tokens) left -= this.distribute(token);
    while (left > 0) left -= this.operate(left);
    this.mine();
    if (spec.endsWithSnapshot) this.takeLastSnapshot();
    const lastBlock = chain.head - spec.gap;
    chain.mineEmpty(LAST_EMPTY_BLOCKS);
    const { tokens, offering } = this;
    const truth = truthOf(tokens, this.made, transfersIn(chain, tokens));
    return { chain, factory, tokens, offering, truth, lastBlock };
  }

  private createFactory(): TokenFactory {
    const { chain } = this;
    const factory = new TokenFactory(chain.next.number);
    chain.contracts.set(factory.address, factory);
    chain.mine([factory.deployment()]);
    return factory;
  }

  private createTokens(factory: TokenFactory): void {
    const { chain, spec, tokens } = this;
    while (tokens.length < spec.tokens) {
      const count = Math.min(TOKENS_PER_BLOCK, spec.tokens - tokens.length);
      const created = factory.create(tokens.length, count, chain.next);
      tokens.push(...created.tokens);
      for (const token of created.tokens) chain.contracts.set(token.address, token);
      chain.mine([created.frame]);
    }
  }

  private openOffering(): void {
    const { chain, spec, tokens } = this;
    const [token] = tokens;
    if (token === undefined || OFFERING_KINDS.every((kind) => spec.mix[kind] === 0)) return;
    this.offering = new Offering(chain, token.address);
    this.offering.deploy();
    for (const sent of this.offering.opening()) this.send(sent);
    this.mine();
  }

  /** Gives each holder its first tokens. @returns the number of operations */
  private distribute(token: TokenContract): number {
    for (let first = 0; first < this.holdersEach; first += TRANSFERS_PER_DISTRIBUTION) {
      const last = Math.min(first + TRANSFERS_PER_DISTRIBUTION, this.holdersEach);
      const data = callData(BENCH.distribute, word(first), word(last));
      this.send({ from: OWNER, to: token.address, data, valueWei: 0n });
    }
    return this.holdersEach;
  }

  /** Of every token, after money for it, in the last block. */
  private takeLastSnapshot(): void {
    const { tokens, made } = this;
    for (const kind of ['receipt', 'snapshot'] as const) {
      for (const token of tokens) if (this.act(token, kind)) made[kind]++;
      this.mine();
    }
  }

  /** One transaction. @returns the number of operations */
  private operate(atMost: number): number {
    const { random, tokens, spec } = this;
    const token = tokens[random.below(tokens.length)] as TokenContract;
    const kind = random.weighted(this.weightsByTransaction());
    const isMade = kind !== 'transfer' && this.act(token, kind);
    if (isMade) {
      this.made[kind]++;
      return 1;
    }
    const count = Math.min(spec.transfersPerCall, atMost);
    this.made.transfer += count;
    this.transfer(token, count);
    return count;
  }

  /** One transaction makes many transfers. */
  private weightsByTransaction(): OperationMix {
    const { mix, transfersPerCall } = this.spec;
    return { ...mix, transfer: mix.transfer / transfersPerCall };
  }

  /** @returns whether the token is in a state that allows it */
  private act(token: TokenContract, kind: Exclude<keyof OperationMix, 'transfer'>): boolean {
    const { random } = this;
    switch (kind) {
      case 'receipt': {
        const valueWei = (LARGEST_RECEIPT_WEI * BigInt(1 + random.below(1_000_000))) / 1_000_000n;
        this.send({ from: PAYER, to: token.address, data: '0x', valueWei });
        return true;
      }
      case 'snapshot':
        return this.trySend(token, PAYER, functions.snapshot.selector);
      case 'claim': {
        const { lastId } = token.history.figures;
        if (lastId === 0) return false;
        const data = callData(functions.claim.selector, word(lastId));
        for (let tried = 0; tried < CLAIMANTS_TRIED; tried++) {
          if (this.trySend(token, this.holder(), data)) return true;
        }
        return false;
      }
      case 'burn': {
        const holder = this.holder();
        const amount = token.history.balanceOf(holder) >> 10n;
        if (amount === 0n) return false;
        return this.trySend(token, holder, callData(functions.burn.selector, word(amount)));
      }
      case 'settlement':
        // Its snapshot would be refused in the block of another one.
        if (!this.allowsSnapshot()) return false;
    }
    const sent = this.offering?.draw(kind, this.holder(), random) ?? null;
    if (sent !== null) this.send(sent);
    return sent !== null;
  }

  private allowsSnapshot(): boolean {
    const [token] = this.tokens;
    return (
      token !== undefined &&
      token.history.figures.lastSnapshotTime < BigInt(this.chain.next.time - 1)
    );
  }

  private transfer(token: TokenContract, count: number): void {
    const { random } = this;
    if (count > 1) {
      const words = [random.below(2 ** 31), count, this.holdersEach].map(word);
      const data = callData(BENCH.transfers, ...words);
      this.send({ from: OWNER, to: token.address, data, valueWei: 0n });
      return;
    }
    const from = this.holder();
    const amount = (token.history.balanceOf(from) * BigInt(1 + random.below(1_000))) / 100_000n;
    const data = callData(erc20.transfer.selector, addressWord(this.holder()), word(amount));
    this.send({ from, to: token.address, data, valueWei: 0n });
  }

  private holder(): Address {
    return benchHolder(this.random.below(this.holdersEach));
  }

  /** Leaves out what the contract would refuse. */
  private trySend(token: TokenContract, from: Address, data: string): boolean {
    const { number, time } = this.chain.next;
    try {
      const trial = token.trialAt(number);
      trial.execute({ from, valueWei: 0n, data, time });
    } catch {
      return false;
    }
    this.send({ from, to: token.address, data, valueWei: 0n });
    return true;
  }

  private send({ from, to, data, valueWei }: Sent): void {
    const { time } = this.chain.next;
    const { output, inner } = this.call(to, { from, valueWei, data, time });
    this.waiting.push({ type: 'CALL', from, to, valueWei, input: data, output, inner });
    if (this.waiting.length >= this.spec.transactionsPerBlock) this.mine();
  }

  private call(to: Address, call: ContractCall): Executed {
    const { contracts, next } = this.chain;
    const contract = contracts.get(to);
    if (contract instanceof TokenContract) {
      contract.history.enter(next.number);
      return contract.run(call);
    }
    if (contract instanceof RecordedContract) {
      contract.enter(next.number);
      return contract.run(call, { call: (callee, inner) => this.call(callee, inner) });
    }
    // An account without code takes what comes.
    return { output: '0x', inner: [] };
  }

  private mine(): void {
    if (this.waiting.length === 0) return;
    this.chain.mine(this.waiting);
    this.waiting = [];
    this.chain.mineEmpty(this.spec.gap);
  }
}

function transfersIn(chain: GeneratedChain, tokens: readonly TokenContract[]): number {
  const { topic } = events.Transfer;
  const addresses = new Set<string>(tokens.map(({ address }) => address));
  let count = 0;
  for (const height of chain.filledIn(0, chain.head)) {
    for (const { receipt } of chain.block(height).transactions) {
      for (const { address, topics } of receipt.logs) {
        if (addresses.has(address) && topics[0] === topic) count++;
      }
    }
  }
  return count;
}
