import { type Command, InvalidArgumentError } from 'commander';
import { addressFault } from '../address.js';
import { ImoError } from '../errors.js';
import { type ExportedRow, exportedRows } from '../export/write/exportedRows.js';
import type { SnapshotShare } from '../proofs/entitlementLeaf.js';
import { entitlementTree } from '../proofs/entitlementTree.js';
import { verb } from './wiring/options.js';

type Hex = `0x${string}`;

const LINES_PER_PAGE = 1_000;

interface VerifyOptions {
  readonly root: Hex;
  readonly asset?: string;
}

export function addVerifyVerb(program: Command): void {
  verb(program, 'verify', {
    summary: 'check a list of shares against a committed root',
    description:
      'Checks a list of shares against a committed root. It reads a file with the columns `holder` and ' +
      '`share` (or `amount`) as CSV, JSON lines or Parquet, builds the Merkle tree over it, and compares the root. An export of `entitlements` is such ' +
      'a file. If it has several assets, --asset chooses one. The committed root is ' +
      '`Snapshot.commitment.root` of the API, or one that was published. Shares of 0 are not part of a ' +
      'commitment. The command needs no database, no node, and nothing of the config.',
    example:
      'imo-ledger export entitlements --token 0xe501…9032 --snapshot 3 --out shares.csv\n' +
      'imo-ledger verify shares.csv --root 0x7af3…2e80',
    exits: {
      0: 'the list is exactly the committed one',
      1: 'the list differs, or the check failed',
    },
  })
    .argument('<file>', 'CSV with a header line, JSON lines or Parquet')
    .requiredOption('--root <hash>', 'the committed root', parseRoot)
    .option('--asset <asset>', 'only shares in this asset: native, or the address of an ERC-20')
    .action(runVerify);
}

function parseRoot(text: string): Hex {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError('It must be 0x and 64 hex digits.');
}

async function runVerify(file: string, { root, asset }: VerifyOptions): Promise<void> {
  const tree = await entitlementTree(readShares(file, asset?.toLowerCase() ?? null));
  const found = tree?.root ?? 'none: no line has a share';
  const isEqual = tree?.root === root;
  process.stdout.write(
    `${isEqual ? 'equal' : 'DIFFERENT'}: ${tree?.leafCount ?? 0} shares, root ${found}\n`,
  );
  if (!isEqual) process.exitCode = 1;
}

/**
 * The shares of a file, page by page.
 *
 * @throws ImoError `VERIFY_FILE_UNREADABLE`, or `VERIFY_BAD_LINE` with the number of the line
 */
async function* readShares(file: string, asset: string | null): AsyncGenerator<SnapshotShare[]> {
  const reader = new ShareReader(file, asset);
  let page: SnapshotShare[] = [];
  try {
    for await (const row of exportedRows(file)) {
      const share = reader.read(row);
      if (share !== null && share.shareWei > 0n) page.push(share);
      if (page.length < LINES_PER_PAGE) continue;
      yield page;
      page = [];
    }
  } catch (cause) {
    if (cause instanceof ImoError) throw cause;
    throw new ImoError(
      'VERIFY_FILE_UNREADABLE',
      `${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      'Name a file with the columns holder and share, as `imo-ledger export entitlements` writes it.',
      { cause },
    );
  }
  yield page;
}

/** Reads the rows of a file one after the other. */
class ShareReader {
  private readonly seen = new Set<string>();
  private list: string | null = null;

  /** @param asset only its shares; `null`: the file has one asset */
  constructor(
    private readonly file: string,
    private readonly asset: string | null,
  ) {}

  /**
   * @returns `null` for a row in another asset
   * @throws ImoError `VERIFY_BAD_LINE` or `VERIFY_SEVERAL_LISTS`
   */
  read({ number, text, cells }: ExportedRow): SnapshotShare | null {
    if (cells === null) throw badLine(this.file, number, text);
    if (this.asset !== null && cells.asset !== this.asset) return null;
    this.assertOneList(number, LIST_COLUMNS.flatMap((name) => cells[name] ?? []).join(' '));
    const share = parseShare(cells.holder, cells.share ?? cells.amount);
    const name = share?.account.toString('latin1') ?? '';
    if (share === null || this.seen.has(name)) throw badLine(this.file, number, text);
    this.seen.add(name);
    return share;
  }

  /** @throws ImoError `VERIFY_SEVERAL_LISTS` */
  private assertOneList(number: number, list: string): void {
    this.list ??= list;
    if (this.list === list) return;
    throw new ImoError(
      'VERIFY_SEVERAL_LISTS',
      `line ${number} of ${this.file} is of "${list}", the lines before of "${this.list}"`,
      'A root is of one snapshot in one asset: export with --token and --snapshot, and choose the asset with --asset.',
    );
  }
}

/** Columns of an export that say which list a share belongs to. */
const LIST_COLUMNS = ['chain_id', 'token', 'asset', 'snapshot_id'];

function parseShare(holder = '', amount = ''): SnapshotShare | null {
  if (addressFault(holder) !== null || !/^\d{1,78}$/.test(amount)) return null;
  const shareWei = BigInt(amount);
  if (shareWei >= 2n ** 256n) return null;
  return { account: Buffer.from(holder.slice(2), 'hex'), shareWei };
}

function badLine(file: string, number: number, line: string): ImoError {
  return new ImoError(
    'VERIFY_BAD_LINE',
    `line ${number} of ${file} is "${line.slice(0, 120)}"`,
    'Every row must have the columns holder and share (or amount), in CSV by a header line. Every row must have a new address and a whole number of the smallest unit.',
  );
}
