import { type Address, checksummed } from '../address.js';
import { ImoError } from '../errors.js';
import type { Found } from './found.js';
import { neighboursOf } from './neighbours.js';
import type { Subject } from './node/subject.js';
import { collectionAt } from './recognise/collection.js';
import { oracleAt } from './recognise/oracle.js';
import { purchasesOf, saleEntryAt } from './recognise/sale.js';
import { tokenAt } from './recognise/token.js';
import { findDeployment } from './search/deployment.js';
import { findRequests } from './search/requests.js';
import { findUploads } from './search/uploads.js';

/**
 * Finds out what some addresses are, and what belongs to them: for a token its oracles, collections and
 * sales, for a sale its token.
 *
 * @returns each contract once, those that were named first
 * @throws ImoError `INIT_NO_CODE`, `INIT_NO_REVENUE` or those of `tokenAt`
 */
export async function findContracts(
  subject: Subject,
  addresses: readonly Address[],
): Promise<Found[]> {
  const found = new Map<Address, Found>();
  for (const address of addresses) {
    for (const one of await examine(subject, address)) {
      const before = found.get(one.address);
      found.set(one.address, before === undefined ? one : together(before, one));
    }
  }
  return [...found.values()];
}

/** What was found in two ways is as certain as the better one, for all of its reasons. */
function together(before: Found, one: Found): Found {
  if (one.isCertain !== before.isCertain) return one.isCertain ? one : before;
  const comments = [...new Set([...before.comments, ...one.comments])];
  return { ...before, comments };
}

async function examine(subject: Subject, address: Address): Promise<Found[]> {
  const { node, head, chainId } = subject;
  if ((await node.code(address, head)) === '0x') {
    throw new ImoError(
      'INIT_NO_CODE',
      `there is no contract at ${checksummed(address)} on chain ${chainId} (block ${head}, ${node.displayUrl})`,
      'Check the address, and that --rpc is an endpoint of its chain.',
    );
  }
  const token = await tokenAt(subject, address);
  if (token !== null) return [token.found, ...(await neighboursOf(subject, token))];
  const { block } = await findDeployment(subject, address);
  const from = block ?? 0;
  const asked = await findRequests(subject, address, from);
  const uploaded = await findUploads(subject, address, from);
  const ids = new Set([...(asked.get(address) ?? []), ...uploaded]);
  const oracle = await oracleAt(subject, address, ids, asked.has(address));
  if (oracle !== null) return [oracle];
  const collection = await collectionAt(subject, address, null);
  if (collection?.isCertain) return [collection];
  const sale = await examineSale(subject, address, from);
  if (sale !== null) return sale;
  throw new ImoError(
    'INIT_NO_REVENUE',
    `${checksummed(address)} shares no revenue: it lacks redeemableOnBurn(uint256), which every ERC-7641 token has. ` +
      'Nor is it an AI oracle, an ERC-7007 collection or a sale of a known kind',
    'Name a token that shares revenue, or describe a sale of another kind in imo.yaml by a mapping (docs/sales.md).',
  );
}

/** A sale, with its token where that shares revenue. */
async function examineSale(
  subject: Subject,
  address: Address,
  from: number,
): Promise<Found[] | null> {
  const purchases = await purchasesOf(subject, [address], from);
  const hint = { token: null, because: null, purchase: purchases.get(address) ?? null };
  const sale = await saleEntryAt(subject, address, hint);
  if (sale === null) return null;
  const sold = String(sale.keys.token).toLowerCase() as Address;
  const token = await tokenAt(subject, sold);
  // What is only likely cannot stand alone.
  if (token === null) return sale.isCertain ? [sale] : null;
  return [token.found, ...(await neighboursOf(subject, token)), sale];
}
