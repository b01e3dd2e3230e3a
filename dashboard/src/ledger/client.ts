import { ImoLedger } from '@imo-ledger/client';
import { API_URL } from '../place/base.js';

/** The page waits for nothing longer; it asks again by itself. */
const TIMEOUT_MS = 30_000;

export const ledger = new ImoLedger({
  url: API_URL,
  attempts: 2,
  timeoutMs: TIMEOUT_MS,
  reconnects: 1_000_000,
});
