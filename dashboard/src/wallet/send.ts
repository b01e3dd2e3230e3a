import type { Provider } from './wallets.js';

/** What the wallet is asked to send. */
export interface Transaction {
  readonly chainId: number;
  /** Who has to send it; `null`: any account of the wallet. */
  readonly from: string | null;
  readonly to: string;
  readonly data: string;
}

/** How far a transaction is. */
export type Progress =
  | { readonly state: 'waiting' }
  | { readonly state: 'confirming' }
  | { readonly state: 'sent'; readonly hash: string }
  | { readonly state: 'mined'; readonly hash: string; readonly block: number };

export type NotDoneKind =
  | 'rejected'
  | 'otherAccount'
  | 'otherChain'
  | 'reverted'
  | 'replaced'
  | 'notSent'
  | 'failed';

/** Why a transaction did not do what it should. */
export class NotDone extends Error {
  constructor(
    readonly kind: NotDoneKind,
    message = '',
  ) {
    super(message);
  }
}

const REJECTED = 4001;
const ASK_EVERY_MS = 1_000;

/**
 * Has a wallet send a transaction, and waits until it is in a block.
 *
 * @throws NotDone
 */
export async function send(
  provider: Provider,
  { chainId, from, to, data }: Transaction,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  onProgress({ state: 'confirming' });
  const accounts = await accountsOf(provider);
  const sender = from ?? accounts[0];
  if (sender === undefined || !hasAccount(accounts, sender)) throw new NotDone('otherAccount');
  await onChain(provider, chainId);
  const request = { from: sender, to, data, value: '0x0' };
  const hash = await asked(provider, 'eth_sendTransaction', [request]);
  if (typeof hash !== 'string') throw new NotDone('failed', 'the wallet gave no transaction hash');
  onProgress({ state: 'sent', hash });
  const { status, blockNumber } = await receiptOf(provider, hash, sender);
  if (BigInt(status) === 0n) {
    throw new NotDone('reverted', await reasonOf(provider, request, blockNumber));
  }
  onProgress({ state: 'mined', hash, block: Number(BigInt(blockNumber)) });
}

interface Receipt {
  readonly status: string;
  readonly blockNumber: string;
}

/** Waits until a transaction is in a block, or can never be: another one has its number. */
async function receiptOf(provider: Provider, hash: string, sender: string): Promise<Receipt> {
  let nonce: bigint | null = null;
  for (;;) {
    // Before the receipt: what is mined between the two is not taken for replaced.
    const isPast = nonce !== null && nonce < (await nextNonce(provider, sender));
    const receipt = await asked(provider, 'eth_getTransactionReceipt', [hash]);
    if (isReceipt(receipt)) return receipt;
    if (isPast) throw new NotDone('replaced');
    nonce ??= await nonceOf(provider, hash);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

async function nonceOf(provider: Provider, hash: string): Promise<bigint | null> {
  const found = (await asked(provider, 'eth_getTransactionByHash', [hash]).catch(() => null)) as {
    readonly nonce?: unknown;
  } | null;
  return typeof found?.nonce === 'string' ? BigInt(found.nonce) : null;
}

async function nextNonce(provider: Provider, sender: string): Promise<bigint> {
  const count = await asked(provider, 'eth_getTransactionCount', [sender, 'latest']).catch(() => 0);
  return typeof count === 'string' ? BigInt(count) : 0n;
}

/** Why the contract refused a transaction, as the node tells it; empty: it does not. */
async function reasonOf(provider: Provider, request: object, block: string): Promise<string> {
  try {
    await asked(provider, 'eth_call', [request, block]);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

/** The accounts that a wallet lets the page see; it may ask its user first. */
export async function accountsOf(provider: Provider): Promise<readonly string[]> {
  const accounts = await asked(provider, 'eth_requestAccounts');
  return Array.isArray(accounts)
    ? accounts.filter((one): one is string => typeof one === 'string')
    : [];
}

async function onChain(provider: Provider, chainId: number): Promise<void> {
  const wanted = `0x${chainId.toString(16)}`;
  if (Number(await asked(provider, 'eth_chainId')) === chainId) return;
  try {
    await asked(provider, 'wallet_switchEthereumChain', [{ chainId: wanted }]);
  } catch (error) {
    if (error instanceof NotDone && error.kind === 'rejected') throw error;
    throw new NotDone('otherChain', String(chainId));
  }
  if (Number(await asked(provider, 'eth_chainId')) !== chainId) {
    throw new NotDone('otherChain', String(chainId));
  }
}

async function asked(
  provider: Provider,
  method: string,
  params: readonly unknown[] = [],
): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const { code, message } = (error ?? {}) as {
      readonly code?: unknown;
      readonly message?: unknown;
    };
    if (code === REJECTED) throw new NotDone('rejected');
    throw new NotDone('failed', typeof message === 'string' ? message : String(error));
  }
}

function hasAccount(accounts: readonly string[], wanted: string): boolean {
  return accounts.some((one) => one.toLowerCase() === wanted.toLowerCase());
}

function isReceipt(value: unknown): value is Receipt {
  const { status, blockNumber } = (value ?? {}) as { status?: unknown; blockNumber?: unknown };
  return typeof status === 'string' && typeof blockNumber === 'string';
}
