import { areHoldersRead } from '../../store/read/accounts/accountReadings.js';
import { countRead, readContractsHolding } from '../../store/read/accounts/contractHolders.js';
import type { ExportScope } from '../columns/scope.js';

/** A token of which the code of some holder has not been read yet. */
export interface UnreadMark {
  readonly chainId: number;
  readonly token: string;
}

/** The tokens of an export with holders that are not known to be contracts or not. */
export async function unreadOf({ db, books }: ExportScope): Promise<UnreadMark[]> {
  const unread: UnreadMark[] = [];
  for (const { number, token, block } of books) {
    // A token has the same holders in every asset.
    if (number !== token.number) continue;
    const { chainId, address } = token;
    const [isRead] = await areHoldersRead(db, { chainId, tokenNumber: number }, [block]);
    if (isRead !== true) unread.push({ chainId, token: address });
  }
  return unread;
}

/**
 * What the kinds of the holders of an export depend on, apart from what the config names: which of them are
 * contracts. While some have not been read, any further reading changes it.
 */
export async function kindsBasis(scope: ExportScope): Promise<string> {
  const { db, books } = scope;
  const parts: string[] = [];
  for (const { number, token, block } of books) {
    if (number !== token.number) continue;
    const ofToken = { chainId: token.chainId, tokenNumber: number };
    parts.push(`${number}`, ...(await readContractsHolding(db, ofToken, block)));
  }
  for (const { chainId, token } of await unreadOf(scope)) {
    parts.push(`${token} ${await countRead(db, chainId)}`);
  }
  return parts.join('\n');
}
