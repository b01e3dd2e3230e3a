import type { Command } from 'commander';
import { checksummed } from '../address.js';
import { type ArchiveMark, archiveMark } from '../books/archiveMark.js';
import { type HoldMark, holdMark } from '../books/holdMark.js';
import { lagOf } from '../books/lag.js';
import { loadConfig } from '../config/load.js';
import type { ChainConfig } from '../config/types.js';
import { errorDocs } from '../errors.js';
import { holdersText, type LockWait, readLockWaits } from '../store/database/lockWaits.js';
import { connectClient } from '../store/database/postgres.js';
import { type Distribution, readDistribution } from '../store/distributed/distribution.js';
import { type JoiningProgress, readJoiningProgress } from '../store/joining/joiningBooks.js';
import { type HashPoint, readHashPoint } from '../store/ledgerHash/hashChain.js';
import { readChainReadings } from '../store/read/accounts/accountReadings.js';
import { type AuditSummary, readAuditSummaries } from '../store/read/audits/audits.js';
import { type ArchiveRecord, readArchives } from '../store/read/chains/archives.js';
import { type GroupHead, readGroupHeads } from '../store/read/chains/groupHeads.js';
import {
  type RefusedCreation,
  readRefusedCreations,
} from '../store/read/chains/refusedCreations.js';
import {
  readSourceRanges,
  type SourceProof,
  type SourceRange,
} from '../store/read/chains/sourceRanges.js';
import { type HoldRecord, readHolds } from '../store/read/tokens/holds.js';
import { readUnrehearsed, type UnrehearsedCode } from '../store/read/tokens/unrehearsed.js';
import { type ChainCursor, readCursor } from '../store/write/cursor.js';
import { formatTable } from '../textTable.js';
import { type GroupStatus, groupLines } from './output/groupLines.js';
import { askNode } from './output/nodeView.js';
import { formatCount, formatDuration } from './output/rate.js';
import { refusedLines } from './output/refusedCreations.js';
import { type CommonOptions, verb } from './wiring/options.js';
import { withDatabase } from './wiring/withDatabase.js';

/** Shorter waits are usual. */
const LOCK_WAIT_SECONDS = 10;

interface StatusOptions extends CommonOptions {
  readonly json?: boolean;
}

interface ChainStatus {
  readonly chainId: number;
  readonly name: string;
  /** `null`: nothing is indexed yet. */
  readonly indexedBlock: number | null;
  readonly indexedAt: string | null;
  readonly finalizedBlock: number | null;
  /** Hash over everything booked up to a final block; `null`: nothing is hashed yet. */
  readonly ledgerHash: { readonly block: number; readonly hash: string } | null;
  /** `null`: the node did not say. */
  readonly headBlock: number | null;
  readonly lagBlocks: number | null;
  /** Whether the node's chain has the newest indexed block that it can have; `null`: not known. */
  readonly isOnChain: boolean | null;
  /** Every token was compared with its contract at this block or later; `null`: not yet. */
  readonly auditedBlock: number | null;
  /** Figures on which books and contracts differ. */
  readonly auditMismatches: number;
  /** Contracts whose books have ended, because they cannot continue without a guess. */
  readonly held: readonly HeldStatus[];
  /** Books that ended because the config no longer names their contract. */
  readonly archived: readonly ArchiveMark[];
  /** Books that are to join those of the chain; `null`: none. */
  readonly joining: Omit<JoiningProgress, 'chainId'> | null;
  /** The newest contracts that factories created and that are left out, at most 20. */
  readonly refusedCreations: readonly Omit<RefusedCreation, 'chainId'>[];
  /** Tokens whose newest code was not rehearsed in full when it changed. */
  readonly unrehearsedCode: readonly Omit<UnrehearsedCode, 'chainId'>[];
  /** Holders that are not known to be contracts or not, at most. */
  readonly unreadHolders: number;
  /** The groups that processes of their own index; empty: one process indexes the chain. */
  readonly groups: readonly GroupStatus[];
  /** How final blocks were found, and what proves that none is missing. */
  readonly sources: readonly Omit<SourceRange, 'chainId'>[];
  /** Why something above is not known. */
  readonly problem: string | null;
}

interface HeldStatus extends HoldMark {
  readonly hint: string;
  /** Where the code is described. */
  readonly docs: string;
  /** When its blocks were read last, and by which version of this program. */
  readonly heldAt: string;
  readonly programVersion: string | null;
}

export function addStatusVerb(program: Command): void {
  verb(program, 'status', {
    summary: 'show how far each chain is indexed',
    description:
      'Shows for each chain of the config:\n\n' +
      '  - the newest indexed block with its time, the head of its node, and the lag\n' +
      '  - the newest final block\n' +
      '  - the block of the last audit while following, and how many figures differ\n' +
      '  - the ledger hash, and the block up to which it is valid (docs/proofs.md)\n' +
      '  - held contracts, with the reason and what to do\n' +
      '  - archived books, with the block at which they end\n' +
      '  - the newest contracts that factories created and that are left out, with the reason\n' +
      '  - how far each group of contracts is, if processes of their own index them\n' +
      '  - contracts that are booked next to the live books, how far they are, and how long it takes\n' +
      '  - the shards and nodes of a Citus cluster, if the database is one\n' +
      '  - who holds a lock of the database for which imo-ledger has waited 10 seconds\n\n' +
      'If a node does not answer within a few seconds, `status` names it and shows everything else.',
    example: 'imo-ledger status\nimo-ledger status --json | jq .[].lagBlocks',
  })
    .option('--json', 'for programs: an array with one object per chain')
    .action(runStatus);
}

async function runStatus(options: StatusOptions): Promise<void> {
  const config = await loadConfig(options.config, process.env);
  await withDatabase({ config: options.config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const { books, waits, distribution } = await readBooks(database.url, config.chains);
    const statuses = await Promise.all(
      config.chains.map((chain, index) => statusOf(chain, books[index])),
    );
    process.stdout.write(
      options.json
        ? `${JSON.stringify(statuses, null, 2)}\n`
        : [tableOf(statuses), distributionText(distribution), ...waits.map(waitText)].join(''),
    );
  });
}

/** How far the books of a chain go. */
interface Books {
  readonly cursor: ChainCursor | null;
  readonly hashPoint: HashPoint | null;
  readonly audit: AuditSummary | null;
  readonly holds: readonly HoldRecord[];
  readonly archives: readonly ArchiveRecord[];
  readonly joining: JoiningProgress | null;
  readonly refused: readonly RefusedCreation[];
  readonly unrehearsed: readonly UnrehearsedCode[];
  readonly sources: readonly SourceRange[];
  readonly unreadHolders: number;
  readonly groups: readonly GroupHead[];
}

async function readBooks(
  url: string,
  chains: readonly ChainConfig[],
): Promise<{
  readonly books: Books[];
  readonly waits: LockWait[];
  readonly distribution: Distribution | null;
}> {
  const client = await connectClient({ connectionString: url });
  try {
    const audits = await readAuditSummaries(client);
    const ranges = await readSourceRanges(client);
    const codes = await readUnrehearsed(client);
    const allRefused = await readRefusedCreations(client);
    const allJoining = await readJoiningProgress(client);
    const readings = await readChainReadings(client);
    const allGroups = await readGroupHeads(client);
    const books: Books[] = [];
    for (const { id } of chains) {
      const cursor = await readCursor(client, id);
      const hashPoint = await readHashPoint(client, id);
      const holds = await readHolds(client, id);
      const archives = await readArchives(client, id);
      const sources = ranges.filter(({ chainId }) => chainId === id);
      const unrehearsed = codes.filter(({ chainId }) => chainId === id);
      const summary = audits.get(id) ?? null;
      const joining = allJoining.find(({ chainId }) => chainId === id) ?? null;
      const refused = allRefused.filter(({ chainId }) => chainId === id);
      const unreadHolders = readings.find(({ chainId }) => chainId === id)?.unreadHolders ?? 0;
      const groups = allGroups.filter(({ chainId }) => chainId === id);
      const found = {
        groups,
        holds,
        archives,
        joining,
        refused,
        unrehearsed,
        sources,
        unreadHolders,
      };
      books.push({ cursor, hashPoint, audit: summary, ...found });
    }
    const waits = await readLockWaits(client, { seconds: LOCK_WAIT_SECONDS });
    return { books, waits, distribution: await readDistribution(client) };
  } finally {
    await client.end();
  }
}

async function statusOf(chain: ChainConfig, books: Books | undefined): Promise<ChainStatus> {
  const { cursor = null, hashPoint = null, audit = null, holds = [], sources = [] } = books ?? {};
  const { unrehearsed = [], archives = [], joining = null, refused = [] } = books ?? {};
  const { headBlock, isOnChain, problem } = await askNode(chain, cursor);
  const indexedBlock = cursor?.head.height ?? null;
  return {
    chainId: chain.id,
    name: chain.name,
    indexedBlock,
    indexedAt: cursor?.head.timestamp ?? null,
    finalizedBlock: cursor?.finalized.height ?? null,
    ledgerHash: hashPoint === null ? null : { block: hashPoint.height, hash: hashPoint.hash },
    headBlock,
    lagBlocks: lagOf(headBlock, indexedBlock),
    isOnChain,
    auditedBlock: audit?.block ?? null,
    auditMismatches: audit?.mismatches ?? 0,
    held: holds.map(heldStatus),
    archived: archives.map(archiveMark),
    joining: joining === null ? null : joiningStatus(joining),
    refusedCreations: refused.map(({ chainId: _, ...one }) => one),
    unrehearsedCode: unrehearsed.map(({ chainId: _, ...code }) => code),
    unreadHolders: books?.unreadHolders ?? 0,
    groups: (books?.groups ?? []).map(({ name, contracts, indexedBlock: block }) => ({
      ...{ name, contracts, indexedBlock: block },
      lagBlocks: lagOf(headBlock, block),
    })),
    sources: sources.map(({ chainId: _, ...range }) => range),
    problem,
  };
}

/** How a cluster keeps the tables; empty where no cluster does. */
function distributionText(distribution: Distribution | null): string {
  if (distribution === null) return '';
  const { shards, nodes, bytes, missing } = distribution;
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const place = `database: the large tables have ${shards} shards each, ${size} on ${nodes} nodes`;
  if (missing.length === 0) return `${place}\n`;
  return `${place}; not distributed yet: ${missing.join(', ')} (imo-ledger migrate --distributed)\n`;
}

function waitText(wait: LockWait): string {
  return `database: imo-ledger has waited ${wait.seconds} s for a lock that ${holdersText(wait)} holds\n`;
}

/** What proves that nothing is missing between the blocks that were read. */
const PROOFS: Readonly<Record<SourceProof, string>> = {
  state: 'balance and storage of each contract prove that none is missing',
  balance: 'the balance of each contract shows that none is missing that moved ETH',
  blocks: 'each of them was read',
  audit: 'the audit at the head is the only proof that none is missing',
};

function joiningStatus({ chainId: _, ...books }: JoiningProgress): ChainStatus['joining'] {
  return books;
}

function joiningText({
  contracts,
  block,
  toBlock,
  leftMs,
}: NonNullable<ChainStatus['joining']>): string {
  const names = contracts.slice(0, 3).map(({ kind, address }) => `${kind} ${checksummed(address)}`);
  const more = contracts.length > 3 ? ` and ${contracts.length - 3} more` : '';
  const eta = leftMs === null ? '' : `, ETA ${formatDuration(leftMs / 1000)}`;
  return (
    `joining: ${names.join(', ')}${more}, block ${formatCount(block)} of ` +
    `${formatCount(toBlock)}${eta}. The API shows them when they have caught up.`
  );
}

function heldStatus(hold: HoldRecord): HeldStatus {
  const { hint, heldAt, programVersion } = hold;
  return {
    ...holdMark(hold),
    hint,
    docs: errorDocs(hold.code),
    heldAt: heldAt.toISOString(),
    programVersion,
  };
}

function unreadText({ name, unreadHolders }: ChainStatus): string {
  if (unreadHolders === 0) return '';
  return (
    `${name}: whether holders are contracts is not known yet of ${formatCount(unreadHolders)} at most; ` +
    '`index` reads it while it follows the head\n'
  );
}

function tableOf(statuses: readonly ChainStatus[]): string {
  const count = (value: number | null) => (value === null ? '–' : formatCount(value));
  const table = formatTable<ChainStatus>(
    [
      { title: 'CHAIN', cell: ({ name }) => name },
      { title: 'ID', align: 'right', cell: ({ chainId }) => String(chainId) },
      { title: 'INDEXED', align: 'right', cell: ({ indexedBlock }) => count(indexedBlock) },
      { title: 'TIME', cell: ({ indexedAt }) => indexedAt ?? '–' },
      { title: 'HEAD', align: 'right', cell: ({ headBlock }) => count(headBlock) },
      { title: 'LAG', align: 'right', cell: ({ lagBlocks }) => count(lagBlocks) },
      { title: 'FINAL', align: 'right', cell: ({ finalizedBlock }) => count(finalizedBlock) },
      { title: 'AUDITED', align: 'right', cell: ({ auditedBlock }) => count(auditedBlock) },
      {
        title: 'MISMATCHES',
        align: 'right',
        cell: ({ auditedBlock, auditMismatches }) =>
          auditedBlock === null ? '–' : formatCount(auditMismatches),
      },
      { title: 'HELD', align: 'right', cell: ({ held }) => formatCount(held.length) },
      {
        title: 'HASHED',
        align: 'right',
        cell: ({ ledgerHash }) => count(ledgerHash?.block ?? null),
      },
      { title: 'LEDGER HASH', cell: ({ ledgerHash }) => ledgerHash?.hash ?? '–' },
    ],
    statuses,
  );
  const problems = statuses.flatMap(({ name, problem }) =>
    problem === null ? [] : [`${name}: ${problem}\n`],
  );
  const held = statuses.flatMap(({ name, held: contracts }) =>
    contracts.map(
      ({ kind, address, lastBlock, code, reason, hint, docs, heldAt, programVersion }) =>
        `${name}: the books of ${kind} ${address} end at block ${lastBlock} (${code}): ${reason}\n` +
        `  what helps: ${hint}\n` +
        `  docs: ${docs}\n` +
        `  read last: ${heldAt} by imo-ledger ${programVersion ?? '(an earlier version)'}; once again ` +
        'when the program, the config or the blocks change\n',
    ),
  );
  const archived = statuses.flatMap(({ name, archived: books }) =>
    books.map(
      ({ kind, address, lastBlock }) =>
        `${name}: the books of ${kind} ${address} are archived and end at block ${formatCount(lastBlock)}: the ` +
        `config no longer names it. \`imo-ledger forget ${address}\` deletes them\n`,
    ),
  );
  const unrehearsed = statuses.flatMap(({ name, unrehearsedCode }) =>
    unrehearsedCode.map(
      ({ address, block, reason }) =>
        `${name}: the code of ${checksummed(address)} changed in block ${formatCount(block)} and was not ` +
        `rehearsed in full: ${reason}. Payments, snapshots and audits are the proof of its policy.\n`,
    ),
  );
  const sources = statuses.flatMap(({ name, sources: ranges }) =>
    ranges.map(
      ({ fromBlock, toBlock, finder, proof }) =>
        `${name}: blocks ${formatCount(fromBlock)} to ${formatCount(toBlock)} were found by ${finder}; ` +
        `${PROOFS[proof]}\n`,
    ),
  );
  const joining = statuses.flatMap(({ name, joining: books }) =>
    books === null ? [] : [`${name}: ${joiningText(books)}\n`],
  );
  const refused = statuses.flatMap(({ name, refusedCreations }) =>
    refusedLines(name, refusedCreations),
  );
  const groups = statuses.flatMap(({ name, groups: all }) => groupLines(name, all));
  const contracts = [...groups, ...joining, ...held, ...archived, ...refused, ...unrehearsed];
  return [table, ...contracts, ...statuses.map(unreadText), ...sources, ...problems].join('');
}
