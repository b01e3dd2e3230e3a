import {
  ClaimsDocument,
  HolderDocument,
  HoldersDocument,
  ImoLedger,
  ReceiptsDocument,
  RedemptionsDocument,
  SnapshotsDocument,
  TokensDocument,
  TransfersDocument,
} from '../../../../clients/ts/src/index.js';
import type { Draw } from '../draw.js';
import { type FigureSheet, inWindow, NATIVE } from '../figures.js';
import type { ReaderMoment } from '../moments.js';
import {
  atBlock,
  burnedFor,
  HOLDER_FIGURES,
  HOLDER_SUMS,
  ofHolder,
  ofToken,
  POOL_FIGURES,
  SHARE_FIGURES,
  TOKEN_FIGURES,
  TOKEN_SUMS,
  TOKENS,
  within,
} from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import { putEntitlement, putMoney, putPosition } from './graphqlObjects.js';

/** The TypeScript client: its documents, its pages, its `bigint`. */
export const client: Surface = {
  surface: 'TypeScript client',
  names: [
    'balance',
    'balance at snapshot',
    'supply',
    ...HOLDER_FIGURES,
    ...SHARE_FIGURES,
    ...TOKEN_FIGURES,
    ...POOL_FIGURES,
    'snapshot revenue',
    'assigned',
    'claimed of snapshot',
    ...inWindow([...HOLDER_SUMS, ...TOKEN_SUMS]),
  ],
  async read(world, draw, sheet) {
    const ledger = new ImoLedger({ url: world.url });
    await readStates(ledger, draw, draw.until, sheet);
    await readSnapshots(ledger, world, draw, sheet);
    for (const asset of draw.token.assets) {
      await readPayments(ledger, world, draw, asset, sheet);
    }
    await readTransfers(ledger, world, draw, sheet);
  },
};

async function readStates(
  ledger: ImoLedger,
  draw: Draw,
  { at, block }: ReaderMoment,
  sheet: FigureSheet,
): Promise<void> {
  const moment = atBlock(block);
  const now = at === null ? {} : { at };
  for (const address of draw.holders) {
    const { data } = await ledger.query(HolderDocument, { address, ...now });
    const positions = data.holder?.positions ?? [];
    putPosition(sheet, draw, { address, moment, positions });
  }
  const tokens = await ledger.rows(
    TokensDocument,
    { ...now, first: 3 },
    ({ tokens: list }) => list,
  );
  const token = tokens.find(({ address }) => address.toLowerCase() === draw.token.address);
  if (token === undefined) throw new Error(`the client has no token ${draw.token.address}`);
  const of = ofToken(draw, moment);
  sheet.put({ ...of, name: 'supply', asset: TOKENS }, token.supply);
  putMoney(sheet, { ...of, asset: NATIVE }, token);
  const [{ chainId } = { chainId: 0 }] = tokens;
  const where = { address: { _in: [...draw.holders] } };
  const asked = { chainId, token: draw.token.address, where, first: 2, ...now };
  const holders = await ledger.rows(HoldersDocument, asked, ({ holders: list }) => list);
  for (const { address, balance, entitlement } of holders) {
    const name = { ...ofHolder(draw, address, moment), name: 'balance', asset: TOKENS };
    sheet.put(name, balance);
    putEntitlement(sheet, draw, { address, moment, asset: NATIVE, entitlement });
  }
}

async function readSnapshots(
  ledger: ImoLedger,
  { chain: { chainId } }: ReaderWorld,
  draw: Draw,
  sheet: FigureSheet,
): Promise<void> {
  const { at, block } = draw.until;
  const asked = { chainId, token: draw.token.address, first: 2, ...(at === null ? {} : { at }) };
  const rows = await ledger.rows(SnapshotsDocument, asked, ({ snapshots }) => snapshots);
  for (const row of rows) {
    const { subject, moment } = ofToken(draw, atBlock(block));
    const of = { subject: `snapshot ${row.snapshotId} of ${subject}`, moment, asset: NATIVE };
    sheet.put({ ...of, name: 'snapshot revenue' }, row.newRevenueWei);
    sheet.put({ ...of, name: 'assigned' }, row.claimableWei);
    sheet.put({ ...of, name: 'claimed of snapshot' }, row.claimedWei);
  }
}

async function readPayments(
  ledger: ImoLedger,
  { chain: { chainId } }: ReaderWorld,
  draw: Draw,
  asset: string,
  sheet: FigureSheet,
): Promise<void> {
  const token = draw.token.address;
  const filter = { chainId, token, ...(asset === NATIVE ? {} : { asset }) };
  const where = { _and: [draw.after.later, draw.until.until] };
  const asked = { filter, where, first: 89 };
  const receipts = await ledger.rows(ReceiptsDocument, asked, (data) => data.receipts);
  const claims = await ledger.rows(ClaimsDocument, asked, (data) => data.claims);
  const burns = await ledger.rows(RedemptionsDocument, asked, (data) => data.redemptions);
  const sum = (rows: readonly { readonly amountWei: bigint }[]) =>
    rows.reduce((all, { amountWei }) => all + amountWei, 0n);
  const of = { ...ofToken(draw, within(draw)), asset };
  sheet.put({ ...of, name: 'received' }, sum(receipts));
  sheet.put({ ...of, name: 'paid by claims' }, sum(claims));
  sheet.put({ ...of, name: 'paid by burns' }, sum(burns));
  sheet.put({ ...of, name: 'receipts' }, receipts.length);
  sheet.put({ ...of, name: 'claims' }, claims.length);
  sheet.put({ ...of, name: 'redemptions' }, burns.length);
  for (const address of draw.holders) {
    const isOwn = ({ holder }: { readonly holder: string }) => holder.toLowerCase() === address;
    const ofOne = { ...ofHolder(draw, address, within(draw)), asset };
    sheet.put({ ...ofOne, name: 'claimed' }, sum(claims.filter(isOwn)));
    sheet.put({ ...ofOne, name: 'redeemed' }, sum(burns.filter(isOwn)));
    const burned = burns.filter(isOwn).reduce((all, one) => all + one.burned, 0n);
    sheet.put({ ...ofOne, asset: burnedFor(asset), name: 'burned' }, burned);
  }
}

async function readTransfers(
  ledger: ImoLedger,
  { chain: { chainId } }: ReaderWorld,
  draw: Draw,
  sheet: FigureSheet,
): Promise<void> {
  const where = { _and: [draw.after.later, draw.until.until] };
  for (const account of draw.holders) {
    const filter = { chainId, token: draw.token.address, account };
    const asked = { filter, where, first: 83 };
    const rows = await ledger.rows(TransfersDocument, asked, ({ transfers }) => transfers);
    const moved = rows.filter(({ from, to }) => from !== to);
    const sum = (side: 'from' | 'to') =>
      moved
        .filter((row) => row[side].toLowerCase() === account)
        .reduce((all, { amount }) => all + amount, 0n);
    const of = { ...ofHolder(draw, account, within(draw)), asset: TOKENS };
    sheet.put({ ...of, name: 'tokens in' }, sum('to'));
    sheet.put({ ...of, name: 'tokens out' }, sum('from'));
  }
}
