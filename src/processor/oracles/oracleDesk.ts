import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { oracleOperations } from '../../chain/oracle/operations.js';
import { oracleRecords, requestOracles } from '../../chain/oracle/source.js';
import type { FIELDS, SourceBlock } from '../../chain/reading/source.js';
import { readNewestBalances } from '../../store/read/journal/accountBalances.js';
import { readModels } from '../../store/read/oracles/modelStates.js';
import type { IndexedContract } from '../../store/registry/contracts.js';
import type { BookingTarget, CommitWork, Desk } from '../desks/desk.js';
import { SinceCheck } from '../desks/sinceCheck.js';
import { ofContract } from '../holding/contractTrouble.js';
import { ContractJournal } from '../tokens/book/contractJournal.js';
import {
  type FlatFees,
  openFlatFee,
  readFlatFees,
  verifyFlatFee,
  withFlatFees,
  withoutGas,
} from './flatOracle.js';
import { type GasParts, OracleBook } from './oracleBook.js';
import { type OracleBlock, OracleGas } from './oracleGas.js';
import { OracleJournal } from './oracleJournal.js';
import {
  type ModelOpenings,
  noteModels,
  openModels,
  readModelOpenings,
  verifyModels,
} from './oracleModels.js';

interface OracleAccount {
  readonly book: OracleBook;
  readonly gas: OracleGas;
}

/** What one block did to one oracle. */
interface OracleWork extends OracleBlock {
  readonly block: SourceBlock;
}

/** What an oracle says about the blocks of a run. */
interface OracleAnswers {
  readonly gasParts: GasParts;
  readonly openings: ModelOpenings;
  readonly fees: FlatFees;
}

/** Keeps the books of the AI oracles of a chain. */
export class OracleDesk implements Desk {
  readonly startBlock: number;
  readonly contractNumbers: readonly number[];
  /** Models are few: all of them stay in memory. */
  readonly isLarge = false;
  private readonly addresses: ReadonlySet<string>;
  private accounts: ReadonlyMap<Address, OracleAccount> = new Map();
  /** Oracles whose generation was found out since the books were opened. */
  private readonly asked = new Set<Address>();
  private readonly since = new SinceCheck();

  constructor(
    private readonly node: ChainNode,
    private readonly oracles: readonly IndexedContract[],
  ) {
    this.startBlock = Math.min(...oracles.map(({ startBlock }) => startBlock));
    this.contractNumbers = oracles.map(({ number }) => number);
    this.addresses = new Set(oracles.map(({ address }) => address));
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestOracles(processor, this.oracles);
  }

  async open(db: ClientBase, height: number): Promise<void> {
    const models = await readModels(
      db,
      this.oracles.map(({ number }) => ({ contractNumber: number, block: Math.max(height, 0) })),
    );
    const balances = await readNewestBalances(db, this.contractNumbers, Math.max(height, 0));
    this.asked.clear();
    this.since.open(height);
    this.accounts = new Map(
      this.oracles.map((oracle) => {
        const own = models.filter(({ contractNumber }) => contractNumber === oracle.number);
        const book = new OracleBook(
          oracle,
          own.map(({ modelId, state }) => [modelId, state]),
          new OracleJournal(
            oracle.address,
            new ContractJournal(oracle.number, balances.get(oracle.number) ?? []),
          ),
        );
        book.assertJournal();
        return [oracle.address, { book, gas: new OracleGas(this.node, oracle.address) }];
      }),
    );
  }

  async book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number> {
    let operations = 0;
    for (const [oracle, work] of await this.workOf(blocks, target.held)) {
      const account = this.accounts.get(oracle);
      const [first] = work;
      if (account === undefined || first === undefined) continue;
      const said = await inBlock(oracle, first.block.header.height, async () => {
        if (!this.asked.has(oracle)) await openFlatFee(this.node, account.book, first);
        this.asked.add(oracle);
        return this.askAbout(account, work);
      });
      operations += await this.bookOracle(account.book, work, said, target);
    }
    const last = blocks.at(-1);
    if (target.settle && last !== undefined) {
      for (const [address, { book }] of this.accounts) {
        if (target.held.has(address)) continue;
        await inBlock(address, last.header.height, () =>
          verifyModels(this.node, book, last.header, this.since),
        );
      }
      this.since.compared(last.header.height);
    }
    return operations;
  }

  takeCommitWork(): CommitWork {
    return async () => undefined;
  }

  allCommitted(): void {}

  private async workOf(
    blocks: readonly SourceBlock[],
    held: ReadonlySet<string>,
  ): Promise<Map<Address, OracleWork[]>> {
    const work = new Map<Address, OracleWork[]>();
    for (const block of blocks) {
      const records = oracleRecords(block, this.addresses);
      if (records.length === 0) continue;
      for (const { address, startBlock } of this.oracles) {
        // What others asked for brings a part of the oracle's calls from before, too.
        const { height } = block.header;
        if (height < startBlock || held.has(address)) continue;
        const operations = await inBlock(address, height, () =>
          records.flatMap((record) => oracleOperations(record, address)),
        );
        if (operations.length === 0) continue;
        const { hash, parentHash } = block.header;
        const ofOracle = work.get(address) ?? [];
        work.set(address, ofOracle);
        ofOracle.push({ block, height, hash, parentHash, operations });
      }
    }
    return work;
  }

  /** Asks an oracle about all blocks at once. */
  private async askAbout(
    { book, gas }: OracleAccount,
    work: readonly OracleWork[],
  ): Promise<OracleAnswers> {
    const [gasParts, openings, fees] = await Promise.all([
      book.flatFee === null ? gas.gasParts(work) : withoutGas(work),
      readModelOpenings(this.node, book, work),
      readFlatFees(this.node, book, work),
    ]);
    return { gasParts, openings, fees };
  }

  private async bookOracle(
    book: OracleBook,
    work: readonly OracleWork[],
    { gasParts, openings, fees }: OracleAnswers,
    { chainId, rows }: BookingTarget,
  ): Promise<number> {
    let booked = 0;
    for (const one of work) {
      const { block, height: number, hash, operations } = one;
      const { timestamp: timestampMs } = block.header;
      const timestamp = new Date(timestampMs).toISOString();
      await inBlock(book.oracle.address, number, () => {
        openModels(book, one, openings);
        const charged = withFlatFees(book, one, fees);
        const before = rows.size;
        book.bookBlock({ number, timestamp }, charged, gasParts, rows);
        // A change of the gas price alone has no row.
        if (rows.size > before) rows.block(chainId, number, hash, timestamp);
        verifyFlatFee(book, block.header, fees);
        noteModels(this.since, book, number);
      });
      booked += operations.filter(({ kind }) => kind !== 'gasPriceCall').length;
    }
    return booked;
  }
}

function inBlock<T>(address: Address, block: number, work: () => Promise<T> | T): Promise<T> {
  return ofContract({ kind: 'oracle', address }, block, work);
}
