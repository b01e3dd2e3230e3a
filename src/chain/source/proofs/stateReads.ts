import { RpcError } from '@subsquid/rpc-client';
import { functions as erc20 } from '../../../abi/erc20.js';
import type { PooledClient } from '../../rpc/connection/pooledClient.js';
import { AnswerError } from '../../rpc/endpoints/answerFault.js';

/** What is compared of a contract between two blocks. */
export type Watched =
  /** Its ETH and its storage. */
  | { readonly kind: 'account'; readonly address: string }
  /** The same of a contract of which only logs are wanted: a feed of prices, some sales. */
  | { readonly kind: 'emitter'; readonly address: string }
  /** Units of an ERC-20 asset that it holds: they may change without the contract. */
  | { readonly kind: 'asset'; readonly address: string; readonly asset: string };

/** What a contract had at the end of a block. */
export interface HeldState {
  /** ETH in wei, or units of the asset. */
  readonly balance: bigint;
  /** Root of the contract's storage; `null` where it is not known. */
  readonly storageHash: string | null;
}

/** What nodes serve of old blocks: proofs of accounts, balances alone, or nothing. */
export type OldState = 'proofs' | 'balances' | 'missing';

const REMEMBERED_AT_MOST = 50_000;
const READINGS = 4;

const QUANTITY = /^0x[0-9a-fA-F]+$/;
const WORD = /^0x[0-9a-fA-F]{64}$/;

/** What an answer says; `null`: it has another form. Without schemas: there are two answers a block. */
type Reader = (answer: unknown) => HeldState | null;

const stateOfProof: Reader = (answer) => {
  if (typeof answer !== 'object' || answer === null) return null;
  const { balance, storageHash } = answer as Partial<Record<string, unknown>>;
  if (typeof balance !== 'string' || !QUANTITY.test(balance)) return null;
  if (typeof storageHash !== 'string' || !WORD.test(storageHash)) return null;
  return { balance: BigInt(balance), storageHash };
};

const stateOfBalance: Reader = (answer) =>
  typeof answer === 'string' && QUANTITY.test(answer)
    ? { balance: BigInt(answer), storageHash: null }
    : null;

/** Before the asset exists, there is nothing to be had of it. */
const stateOfAsset: Reader = (answer) => {
  if (answer === '0x') return { balance: 0n, storageHash: null };
  if (typeof answer !== 'string' || !WORD.test(answer)) return null;
  return { balance: BigInt(answer), storageHash: null };
};

/** A block and a contract to read the state of. */
export interface StateQuestion {
  readonly watched: Watched;
  readonly block: number;
}

/** Reads old states of contracts, in batches, and remembers what was asked. */
export class StateReads {
  private readonly known = new Map<string, HeldState>();
  /** Questions that wait for an answer. */
  private readonly underWay = new Map<string, Promise<boolean>>();

  constructor(
    private readonly client: PooledClient,
    /** Falls where a node refuses what another had. */
    private mode: OldState,
    private readonly onWarning: (line: string) => void,
  ) {}

  get oldState(): OldState {
    return this.mode;
  }

  /** In the order of the questions; `null`: the nodes do not serve states of these blocks. */
  async read(questions: readonly StateQuestion[]): Promise<HeldState[] | null> {
    const keys = questions.map(keyOf);
    for (;;) {
      const states = keys.flatMap((key) => this.known.get(key) ?? []);
      if (states.length === keys.length) return states;
      // The end of a part is the start of the next one, which may be read at the same time.
      const others = new Set(keys.flatMap((key) => this.underWay.get(key) ?? []));
      const isRead = await this.fetchMissing(questions, keys);
      // What another caller did not get is asked again.
      await Promise.allSettled(others);
      if (!isRead) return null;
    }
  }

  /** Asks what is not known, unless another caller waits for it. */
  private async fetchMissing(
    questions: readonly StateQuestion[],
    keys: readonly string[],
  ): Promise<boolean> {
    const missing = new Map<string, StateQuestion>();
    for (const [index, question] of questions.entries()) {
      const key = keys[index] ?? '';
      if (!this.known.has(key) && !this.underWay.has(key)) missing.set(key, question);
    }
    if (missing.size === 0) return true;
    const fetching = this.fetch([...missing.values()]);
    for (const key of missing.keys()) this.underWay.set(key, fetching);
    try {
      return await fetching;
    } finally {
      for (const key of missing.keys()) this.underWay.delete(key);
    }
  }

  private async fetch(questions: readonly StateQuestion[]): Promise<boolean> {
    const accounts = questions.filter(({ watched }) => watched.kind !== 'asset');
    const assets = questions.filter(({ watched }) => watched.kind === 'asset');
    const [areAccountsRead, areAssetsRead] = await Promise.all([
      this.fetchAccounts(accounts),
      this.fetchAssets(assets),
    ]);
    return areAccountsRead && areAssetsRead;
  }

  private async fetchAccounts(questions: readonly StateQuestion[]): Promise<boolean> {
    if (questions.length === 0) return true;
    while (this.mode !== 'missing') {
      const { mode } = this;
      try {
        const states = await (mode === 'proofs'
          ? this.proofs(questions)
          : this.balances(questions));
        this.remember(questions, states);
        return true;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        // Another question may have found that out meanwhile.
        if (this.mode === mode) this.degrade(error.message);
      }
    }
    return false;
  }

  private degrade(reason: string): void {
    const isProofs = this.mode === 'proofs';
    this.mode = isProofs ? 'balances' : 'missing';
    const left = isProofs ? 'balances alone' : 'no old state';
    this.onWarning(`old blocks are compared by ${left} from here on: ${reason}`);
  }

  private proofs(questions: readonly StateQuestion[]): Promise<HeldState[]> {
    const params = questions.map(({ watched, block }) => [watched.address, [], hex(block)]);
    return this.ask('eth_getProof', stateOfProof, params);
  }

  private balances(questions: readonly StateQuestion[]): Promise<HeldState[]> {
    const params = questions.map(({ watched, block }) => [watched.address, hex(block)]);
    return this.ask('eth_getBalance', stateOfBalance, params);
  }

  private async fetchAssets(questions: readonly StateQuestion[]): Promise<boolean> {
    if (questions.length === 0) return true;
    const params = questions.map(({ watched, block }) => {
      const to = watched.kind === 'asset' ? watched.asset : watched.address;
      const data = erc20.balanceOf.encode({ account: watched.address });
      return [{ to, data }, hex(block)];
    });
    try {
      this.remember(questions, await this.ask('eth_call', stateOfAsset, params));
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return false;
    }
  }

  private async ask(method: string, read: Reader, params: unknown[][]): Promise<HeldState[]> {
    const calls = params.map((own) => ({ method, params: own }));
    for (let reading = 1; ; reading++) {
      const answers: unknown[] = await this.client.batchCall(calls);
      const states = answers.map(read).filter((state) => state !== null);
      if (states.length === params.length) return states;
      this.client.distrust(method);
      if (reading < READINGS) continue;
      const asked = { method, endpoint: this.client.endpointOf(method) };
      throw new AnswerError(asked, `the answer is ${JSON.stringify(answers[0])?.slice(0, 80)}`);
    }
  }

  private remember(questions: readonly StateQuestion[], states: readonly HeldState[]): void {
    if (this.known.size > REMEMBERED_AT_MOST) this.known.clear();
    for (const [index, question] of questions.entries()) {
      const state = states[index];
      if (state !== undefined) this.known.set(keyOf(question), state);
    }
  }
}

export function isSameState(a: HeldState, b: HeldState): boolean {
  return a.balance === b.balance && a.storageHash === b.storageHash;
}

function keyOf({ watched, block }: StateQuestion): string {
  return `${watched.kind === 'asset' ? watched.asset : ''} ${watched.address} ${block}`;
}

function hex(block: number): string {
  return `0x${block.toString(16)}`;
}
