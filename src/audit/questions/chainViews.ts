import { functions } from '../../abi/multicall3.js';
import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { ImoError } from '../../errors.js';
import { BATCH_CONTRACT_CODE } from './batchContract.js';
import type { Lookup } from './question.js';
import { aggregateData } from './viewCalls.js';

/** Multicall3 has the same address on every chain that has it. */
export const MULTICALL_ADDRESS: Address = '0xca11bde05977b3631167028862be2a173976ca11';

const OVERRIDE = { [MULTICALL_ADDRESS]: { code: BATCH_CONTRACT_CODE } };

/** A view costs some ten thousand gas; nodes give a call at least ten million. */
const CALLS_PER_MULTICALL = 200;

/** A block by number and hash: requests to the chain use the hash. */
export interface AuditedBlock {
  readonly number: number;
  readonly hash: string;
}

/**
 * How view functions are called: many in one call of Multicall3, many in one call of a contract that the node
 * puts there for the call (a state override), or in JSON-RPC batches.
 */
export type CallPath = 'multicall' | 'override' | 'batches';

/** What the contracts of a chain say at the end of one block. */
export class ChainViews {
  private constructor(
    private readonly node: ChainNode,
    readonly block: AuditedBlock,
    readonly path: CallPath,
  ) {}

  /** Many in one call if that is wanted: by Multicall3 if it has code at the block, else by a state override. */
  static async at(
    node: ChainNode,
    block: AuditedBlock,
    { multicall } = { multicall: true },
  ): Promise<ChainViews> {
    if (!multicall) return new ChainViews(node, block, 'batches');
    const code = await node.code(MULTICALL_ADDRESS, { hash: block.hash });
    if (code !== '0x') return new ChainViews(node, block, 'multicall');
    const empty = aggregateData([]);
    const answer = await node.viewWithState(
      MULTICALL_ADDRESS,
      empty,
      { hash: block.hash },
      OVERRIDE,
    );
    // A node that does not know of overrides calls an account without code: it answers nothing.
    return new ChainViews(node, block, answer === null ? 'batches' : 'override');
  }

  /** The same without Multicall3: every call is one of the node's own. */
  directly(): ChainViews {
    return new ChainViews(this.node, this.block, 'batches');
  }

  /**
   * A word for each question, in their order; `null` where a call reverts or answers with
   * something else than one word.
   *
   * @throws ImoError of `ChainNode`: a missing answer never counts as a revert.
   */
  async read(lookups: readonly Lookup[]): Promise<(bigint | null)[]> {
    const answers = new Array<bigint | null>(lookups.length).fill(null);
    const placed = lookups.map((lookup, index) => ({ lookup, index }));
    const read = async <Kind extends Lookup['kind']>(
      kind: Kind,
      work: (of: Extract<Lookup, { kind: Kind }>[]) => Promise<(bigint | null)[]>,
    ) => {
      const ofKind = placed.filter(({ lookup }) => lookup.kind === kind);
      if (ofKind.length === 0) return;
      const words = await work(
        ofKind.map(({ lookup }) => lookup as Extract<Lookup, { kind: Kind }>),
      );
      ofKind.forEach(({ index }, at) => {
        answers[index] = words[at] ?? null;
      });
    };
    const at = { hash: this.block.hash };
    await Promise.all([
      read('call', (calls) => this.calls(calls)),
      read('balance', (questions) =>
        this.node.balances(questions.map(({ to }) => ({ address: to, block: at }))),
      ),
      read('slot', (questions) =>
        this.node.storageWords(
          questions.map(({ to, slot }) => ({ address: to, slot })),
          at,
        ),
      ),
    ]);
    return answers;
  }

  /** The raw answer of one view; `null` if it reverts. */
  view(to: Address, data: string): Promise<string | null> {
    return this.node.view(to, data, { hash: this.block.hash });
  }

  private async calls(calls: readonly ViewCall[]): Promise<(bigint | null)[]> {
    if (this.path === 'batches') return this.directCalls(calls);
    const chunks: ViewCall[][] = [];
    for (let start = 0; start < calls.length; start += CALLS_PER_MULTICALL) {
      chunks.push(calls.slice(start, start + CALLS_PER_MULTICALL));
    }
    return (await Promise.all(chunks.map((chunk) => this.aggregated(chunk)))).flat();
  }

  private async directCalls(calls: readonly ViewCall[]): Promise<(bigint | null)[]> {
    return (await this.node.views(calls, { hash: this.block.hash })).map(wordOf);
  }

  private async aggregated(calls: readonly ViewCall[]): Promise<(bigint | null)[]> {
    const answer = await this.aggregate(aggregateData(calls));
    // Too much gas for one call, or an answer too long for the node.
    if (answer === null) return this.inHalves(calls);
    const results = functions.aggregate3.decodeResult(answer);
    if (results.length !== calls.length) {
      throw new ImoError(
        'AUDIT_BAD_MULTICALL',
        `the contract at ${MULTICALL_ADDRESS} answered ${results.length} of ${calls.length} calls`,
        'It is not Multicall3; report the chain, and audit with --no-multicall meanwhile.',
      );
    }
    const words = results.map(({ success, returnData }) => (success ? wordOf(returnData) : null));
    // A call that fails without a reason may only have had no gas left: it is made by itself.
    const unclear = calls.flatMap((call, index) =>
      results[index]?.success === false && results[index]?.returnData === '0x'
        ? [{ call, index }]
        : [],
    );
    const again = await this.directCalls(unclear.map(({ call }) => call));
    unclear.forEach(({ index }, at) => {
      words[index] = again[at] ?? null;
    });
    return words;
  }

  private aggregate(data: string): Promise<string | null> {
    if (this.path === 'multicall') return this.view(MULTICALL_ADDRESS, data);
    return this.node.viewOverridden(MULTICALL_ADDRESS, data, { hash: this.block.hash }, OVERRIDE);
  }

  private async inHalves(calls: readonly ViewCall[]): Promise<(bigint | null)[]> {
    if (calls.length === 1) return this.directCalls(calls);
    const middle = Math.ceil(calls.length / 2);
    const first = await this.aggregated(calls.slice(0, middle));
    return [...first, ...(await this.aggregated(calls.slice(middle)))];
  }
}

type ViewCall = Extract<Lookup, { kind: 'call' }>;

const WORD_LENGTH = 66;

function wordOf(answer: string | null): bigint | null {
  return answer?.length === WORD_LENGTH ? BigInt(answer) : null;
}
