import { functions } from '../../../abi/erc7641.js';
import { type Address, addressFromBytes, checksummed } from '../../../address.js';
import type { BlockHeader, ChainNode } from '../../../chain/node.js';
import { isWithoutState } from '../../../chain/withoutState.js';
import { ImoError } from '../../../errors.js';
import { isOpen } from '../../../ledger/apply.js';
import { lastSnapshotId } from '../../../ledger/state.js';
import type { SqlClient } from '../../../store/database/sqlClient.js';
import type { RowBuffer } from '../../../store/write/rows/rowBuffer.js';
import { ofContract } from '../../holding/contractTrouble.js';
import type { TokenBook } from '../book/tokenBook.js';
import { assertTermsHold } from '../terms/assertTerms.js';
import type { LargeHolder } from './largeHolders.js';
import { questionAbout, type SnapshotQuestion } from './snapshotQuestions.js';

/** Blocks between two tries to prove an older snapshot by what the contract says later. */
const BLOCKS_BETWEEN_TRIES = 500;

/**
 * Compares what snapshots assigned with what their contracts say, in one batch, and notes what is
 * proven. A snapshot that the node cannot say anything of stays unproven.
 *
 * @throws ContractTroubleError `LEDGER_SNAPSHOT_DIFFERS` naming both figures
 */
export async function proveSnapshots(
  node: ChainNode,
  questions: readonly SnapshotQuestion[],
  rows: RowBuffer,
): Promise<void> {
  if (questions.length === 0) return;
  const answers = await answersTo(node, questions);
  for (const [index, question] of questions.entries()) {
    const answer = answers[index];
    if (answer === undefined || answer === 'unknown') continue;
    const { book, revenue, snapshotId, at, lastBlock, ask, expectedWei } = question;
    if (answer === expectedWei) {
      revenue.prove(rows, snapshotId, at.number, ask.kind === 'view' ? 'VIEW' : 'STORAGE');
      continue;
    }
    // Where nothing can be claimed the view may revert: of an asset that was accepted later, or where
    // a product exceeds 256 bits. That agrees with the books, and proves no amount.
    if (answer === null && expectedWei === 0n) continue;
    // Another layout has something else in that slot, which proves nothing.
    if (ask.kind === 'slot') continue;
    const contract = { kind: 'token', address: book.token.address } as const;
    const refuse = async () => {
      // What does not add up by these terms may be right by others.
      await assertTermsHold(node, book, at);
      throw differs(question, ask.holder, answer);
    };
    await ofContract(contract, lastBlock + 1, refuse, lastBlock);
  }
}

/** Wei; `null` where the contract reverts, `unknown` where the node cannot say. */
type Answer = bigint | null | 'unknown';

async function answersTo(
  node: ChainNode,
  questions: readonly SnapshotQuestion[],
): Promise<Answer[]> {
  try {
    return await ask(node, questions);
  } catch (error) {
    if (!isWithoutState(error)) throw error;
    const [only, ...others] = questions;
    if (only === undefined || others.length === 0) return ['unknown'];
    // One of the blocks may be too old for the node.
    const answers: Answer[] = [];
    for (const question of questions) answers.push(...(await answersTo(node, [question])));
    return answers;
  }
}

async function ask(node: ChainNode, questions: readonly SnapshotQuestion[]): Promise<Answer[]> {
  const calls = questions.flatMap(({ ask: { kind, ...of }, book, at }) =>
    kind === 'view' && 'data' in of
      ? [{ to: book.token.address, data: of.data, block: { hash: at.hash } }]
      : [],
  );
  const words = calls.length === 0 ? [] : await node.viewsAt(calls);
  const answers: Answer[] = [];
  for (const { ask: asked, book, at } of questions) {
    const { address } = book.token;
    if (asked.kind === 'view') {
      const word = words.shift() ?? null;
      if (word?.length === 66) answers.push(BigInt(word));
      else answers.push((await hasState(node, address, at)) ? null : 'unknown');
      continue;
    }
    const [stored] = await node.storageWords([{ address, slot: asked.slot }], { hash: at.hash });
    answers.push(stored ?? 'unknown');
  }
  return answers;
}

/** Whether a view that never reverts is answered: some nodes report a missing state as a revert. */
async function hasState(node: ChainNode, to: Address, { hash }: BlockHeader): Promise<boolean> {
  const [supply] = await node.views([{ to, data: functions.totalSupply.selector }], { hash });
  return supply !== null;
}

/**
 * Tries again to prove older snapshots, by the contract's views at a block with a state that the
 * node has. Only committed ones: then every balance at the snapshot is in the database.
 */
export async function proveOlderSnapshots(
  node: ChainNode,
  book: TokenBook,
  at: BlockHeader,
  { db, rows }: { readonly db: SqlClient; readonly rows: RowBuffer },
): Promise<void> {
  const due = [book.native, ...book.assetBooks].flatMap((revenue) =>
    revenue.unproven.flatMap(({ snapshotId, block }) => {
      const isCommitted = block <= book.committedBlock;
      const isClaimable = isOpen(book.rules.terms, snapshotId, lastSnapshotId(revenue.state));
      return isCommitted && isClaimable ? [{ revenue, snapshotId, block }] : [];
    }),
  );
  if (due.length === 0 || at.number < book.nextProofBlock) return;
  book.nextProofBlock = at.number + BLOCKS_BETWEEN_TRIES;
  const questions: SnapshotQuestion[] = [];
  for (const { revenue, snapshotId, block } of due) {
    const holder = await holderAt(db, book, snapshotId);
    const question = questionAbout(book, revenue, snapshotId, holder);
    if (question !== null) questions.push({ ...question, at, lastBlock: block - 1 });
  }
  await proveSnapshots(node, questions, rows);
}

/** A large holder with its balance at a snapshot, of which it has claimed nothing in any asset. */
async function holderAt(
  db: SqlClient,
  { token, native, assetBooks }: TokenBook,
  snapshotId: number,
): Promise<LargeHolder | null> {
  const { rows } = await db.query<{ account: Buffer; balance: string }>({
    name: 'large-holder-at-snapshot',
    text: `SELECT h.account, c.balance FROM (
        SELECT account FROM holder WHERE token_number = $1 ORDER BY balance DESC LIMIT 20
      ) h CROSS JOIN LATERAL (
        SELECT balance FROM balance_checkpoint
        WHERE account = h.account AND token_number = $1 AND "interval" < $2
        ORDER BY block_number DESC, "interval" DESC LIMIT 1
      ) c WHERE c.balance > 0 ORDER BY c.balance DESC`,
    values: [token.number, snapshotId],
  });
  const claimed = new Set<string>();
  for (const { number } of [native, ...assetBooks]) {
    const { rows: claims } = await db.query<{ holder: Buffer }>({
      name: 'claims-of-large-holders',
      text: `SELECT holder FROM claim
        WHERE token_number = $1 AND snapshot_id = $2 AND holder = ANY($3::bytea[])`,
      values: [number, snapshotId, rows.map(({ account }) => account)],
    });
    for (const { holder } of claims) claimed.add(holder.toString('hex'));
  }
  const row = rows.find(({ account }) => !claimed.has(account.toString('hex')));
  if (row === undefined) return null;
  return { account: addressFromBytes(row.account), balance: BigInt(row.balance) };
}

function differs(
  { book, revenue, snapshotId, at, expectedWei }: SnapshotQuestion,
  { account, balance }: LargeHolder,
  answer: bigint | null,
): ImoError {
  const pool = revenue.state.snapshots[snapshotId - 1];
  const said = answer === null ? 'reverts' : `says ${answer}`;
  return new ImoError(
    'LEDGER_SNAPSHOT_DIFFERS',
    `${checksummed(book.token.address)}, block ${at.number}: snapshot ${snapshotId} assigned ` +
      `${pool?.claimableWei} ${unitOf(revenue.asset)} by the books, of which ${checksummed(account)} ` +
      `with ${balance} of ${pool?.supply} tokens has ${expectedWei}; the contract ${said}`,
    'The contract does not follow its policy, or money or an operation before the snapshot was ' +
      'missed: compare with `imo-ledger audit` at the block before.',
  );
}

function unitOf(asset: Address | null): string {
  return asset === null ? 'wei' : `of ${checksummed(asset)}`;
}
