import type { Address } from '../../../address.js';
import { operationId, versionId } from '../../ids.js';
import { copyBytes, NULL } from '../copy/copy.js';
import type { RowBuffer, RowTable } from './rowBuffer.js';

/** Where a row stands: its collection, its block and its place among the block's operations. */
export interface CollectionPlace {
  readonly collectionNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly position: number;
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

export interface DataRow {
  readonly logIndex: number;
  readonly tokenId: bigint;
  readonly event: string;
  readonly promptHash: string;
  readonly aigcDataHash: string;
  readonly proof: string | null;
  readonly uri: string | null;
  readonly writer: Address;
  readonly oracle: Address | null;
  readonly requestId: bigint | null;
  readonly modelId: bigint | null;
  readonly promptVerdict: string;
  readonly contentVerdict: string;
}

const PLACE = 'id, collection_number, block_number, "timestamp"';
const IN_TRANSACTION = `${PLACE}, transaction_hash, transaction_index, position`;

const VERSION: RowTable = {
  name: 'collection_version',
  columns: `${PLACE}, minted, burned, paid_wei, revenue_wei, beside_revenue_wei`,
};
const TOKEN: RowTable = { name: 'aigc_token', columns: `${IN_TRANSACTION}, token_id, id_hash` };
const TRANSFER: RowTable = {
  name: 'aigc_transfer',
  columns: `${IN_TRANSACTION}, log_index, token_id, "from", "to", payment_id`,
};
const DATA: RowTable = {
  name: 'aigc_data',
  columns: `${IN_TRANSACTION}, log_index, token_id, event, prompt_hash, aigc_data_hash, proof, uri, writer, oracle, request_id, model_id, prompt_verdict, content_verdict`,
};
const CONTENT: RowTable = {
  name: 'aigc_content',
  columns: `${IN_TRANSACTION}, hash, source, content`,
};
const REQUEST: RowTable = {
  name: 'aigc_request',
  columns: `${IN_TRANSACTION}, log_index, oracle, request_id, model_id, account, callback_contract, input_hash, is_own`,
};
const PAYMENT: RowTable = {
  name: 'mint_payment',
  columns: `${IN_TRANSACTION}, payer, sender, paid_wei, mint_count, selector`,
};
const REVENUE: RowTable = {
  name: 'mint_revenue',
  columns: `${IN_TRANSACTION}, payment_id, is_inside, mint_calls, token, payer, amount_wei`,
};

/** The rows of ERC-7007 collections, appended to a buffer. */
export const collectionRows = {
  version(
    rows: RowBuffer,
    place: Pick<CollectionPlace, 'collectionNumber' | 'blockNumber' | 'timestamp'>,
    totals: {
      minted: bigint;
      burned: bigint;
      paidWei: bigint;
      revenueWei: bigint;
      besideRevenueWei: bigint;
    },
  ): void {
    const { collectionNumber, blockNumber, timestamp } = place;
    rows.append(
      VERSION,
      line(
        versionId(collectionNumber, blockNumber),
        collectionNumber,
        blockNumber,
        timestamp,
        totals.minted,
        totals.burned,
        totals.paidWei,
        totals.revenueWei,
        totals.besideRevenueWei,
      ),
    );
  },

  /** @param idHash the id as a hash, where it can be that of a prompt */
  token(rows: RowBuffer, place: CollectionPlace, tokenId: bigint, idHash: string | null): void {
    rows.append(TOKEN, line(...placed(place), tokenId, orNull(idHash)));
  },

  transfer(
    rows: RowBuffer,
    place: CollectionPlace,
    row: {
      logIndex: number;
      tokenId: bigint;
      from: Address;
      to: Address;
      paymentId: string | null;
    },
  ): void {
    const { logIndex, tokenId, from, to, paymentId } = row;
    rows.append(
      TRANSFER,
      line(...placed(place), logIndex, tokenId, copyBytes(from), copyBytes(to), paymentId),
    );
  },

  data(rows: RowBuffer, place: CollectionPlace, row: DataRow): void {
    rows.append(
      DATA,
      line(
        ...placed(place),
        row.logIndex,
        row.tokenId,
        row.event,
        copyBytes(row.promptHash),
        copyBytes(row.aigcDataHash),
        orNull(row.proof),
        // Text may hold what COPY and Postgres text cannot: kept as bytes.
        row.uri === null ? null : copyBytes(`0x${Buffer.from(row.uri).toString('hex')}`),
        copyBytes(row.writer),
        orNull(row.oracle),
        row.requestId,
        row.modelId,
        row.promptVerdict,
        row.contentVerdict,
      ),
    );
  },

  content(
    rows: RowBuffer,
    place: CollectionPlace,
    row: { hash: string; source: string; bytes: string },
  ): void {
    const { hash, source, bytes } = row;
    rows.append(CONTENT, line(...placed(place), copyBytes(hash), source, copyBytes(bytes)));
  },

  request(
    rows: RowBuffer,
    place: CollectionPlace,
    row: {
      logIndex: number;
      oracle: Address;
      requestId: bigint;
      modelId: bigint;
      account: Address;
      callbackContract: Address;
      inputHash: string;
      isOwn: boolean;
    },
  ): void {
    rows.append(
      REQUEST,
      line(
        ...placed(place),
        row.logIndex,
        copyBytes(row.oracle),
        row.requestId,
        row.modelId,
        copyBytes(row.account),
        copyBytes(row.callbackContract),
        copyBytes(row.inputHash),
        String(row.isOwn),
      ),
    );
  },

  /** @returns the id of the row, for the mints and the revenue that belong to it */
  payment(
    rows: RowBuffer,
    place: CollectionPlace,
    row: {
      payer: Address;
      sender: Address;
      paidWei: bigint;
      mintCount: bigint;
      selector: string | null;
    },
  ): string {
    const { payer, sender, paidWei, mintCount, selector } = row;
    rows.append(
      PAYMENT,
      line(
        ...placed(place),
        copyBytes(payer),
        copyBytes(sender),
        paidWei,
        mintCount,
        orNull(selector),
      ),
    );
    return operationId(place.collectionNumber, place.blockNumber, place.position);
  },

  revenue(
    rows: RowBuffer,
    place: CollectionPlace,
    row: {
      paymentId: string | null;
      isInside: boolean;
      mintCalls: number;
      token: Address;
      payer: Address;
      amountWei: bigint;
    },
  ): void {
    rows.append(
      REVENUE,
      line(
        ...placed(place),
        row.paymentId,
        String(row.isInside),
        row.mintCalls,
        copyBytes(row.token),
        copyBytes(row.payer),
        row.amountWei,
      ),
    );
  },
};

type Value = string | number | bigint | null;

function placed(place: CollectionPlace): Value[] {
  return [
    operationId(place.collectionNumber, place.blockNumber, place.position),
    place.collectionNumber,
    place.blockNumber,
    place.timestamp,
    copyBytes(place.transactionHash),
    place.transactionIndex,
    place.position,
  ];
}

function line(...values: Value[]): string {
  return `${values.map((value) => value ?? NULL).join('\t')}\n`;
}

function orNull(hex: string | null): string | null {
  return hex === null ? null : copyBytes(hex);
}
