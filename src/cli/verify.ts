import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Command, InvalidArgumentError } from 'commander';
import { addressFault } from '../address.js';
import { ImoError } from '../errors.js';
import type { SnapshotShare } from '../proofs/entitlementLeaf.js';
import { entitlementTree } from '../proofs/entitlementTree.js';
import { exitCodesText } from './wiring/options.js';

type Hex = `0x${string}`;

const LINES_PER_PAGE = 1_000;

interface VerifyOptions {
  readonly root: Hex;
}

export function addVerifyVerb(program: Command): void {
  program
    .command('verify')
    .summary('check a list of shares against a committed root')
    .description(
      'Checks a list of shares against a committed root. It reads a CSV file with the columns `holder` and ' +
        '`amount` (others are ignored), builds the Merkle tree over it, and compares the root. The committed root is ' +
        '`Snapshot.commitment.root` of the API, or one that was published. Shares of 0 are not part of a ' +
        'commitment. The command needs no database and no node.',
    )
    .argument('<file>', 'CSV with a header line')
    .requiredOption('--root <hash>', 'the committed root', parseRoot)
    .option('--verbose', 'show the stack of an error')
    .addHelpText(
      'after',
      `\nExample:\n  $ imo-ledger verify shares.csv --root 0x7af3…2e80${exitCodesText({ 0: 'the list is exactly the committed one', 1: 'the list differs, or the check failed' })}`,
    )
    .action(runVerify);
}

function parseRoot(text: string): Hex {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError('It must be 0x and 64 hex digits.');
}

async function runVerify(file: string, { root }: VerifyOptions): Promise<void> {
  const tree = await entitlementTree(readShares(file));
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
async function* readShares(file: string): AsyncGenerator<SnapshotShare[]> {
  const reader = new ShareReader(file);
  let page: SnapshotShare[] = [];
  try {
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
    for await (const line of lines) {
      const share = reader.read(line);
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
      'Name a CSV file with the columns holder and amount.',
      { cause },
    );
  }
  yield page;
}

/** Reads the lines of a file one after the other; the first one names the columns. */
class ShareReader {
  private columns: { readonly holder: number; readonly amount: number } | null = null;
  private readonly seen = new Set<string>();
  private number = 0;

  constructor(private readonly file: string) {}

  /**
   * @returns `null` for a line that has none
   * @throws ImoError `VERIFY_BAD_LINE`
   */
  read(line: string): SnapshotShare | null {
    this.number++;
    if (line.trim() === '') return null;
    const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (this.columns === null) {
      this.columns = { holder: cells.indexOf('holder'), amount: cells.indexOf('amount') };
      const { holder, amount } = this.columns;
      if (holder < 0 || amount < 0) throw badLine(this.file, this.number, line);
      return null;
    }
    const share = parseShare(cells[this.columns.holder], cells[this.columns.amount]);
    const name = share?.account.toString('latin1') ?? '';
    if (share === null || this.seen.has(name)) throw badLine(this.file, this.number, line);
    this.seen.add(name);
    return share;
  }
}

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
    'The first line must name the columns holder and amount. Every other line must have a new address and a whole number of the smallest unit.',
  );
}
