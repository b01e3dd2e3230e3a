import type { Provider } from './wallets.js';

/** What the wallet is asked to send. */
export interface Transaction {
  readonly chainId: number;
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** How far a transaction is. */
export type Progress =
  | { readonly state: 'confirming' }
  | { readonly state: 'sent'; readonly hash: string }
  | { readonly state: 'mined'; readonly hash: string; readonly block: number };

/** Why a transaction did not do what it should. */
export class NotDone extends Error {
  constructor(
    readonly kind: 'rejected' | 'otherAccount' | 'otherChain' | 'reverted' | 'failed',
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
  const accounts = await asked(provider, 'eth_requestAccounts');
  if (!hasAccount(accounts, from)) throw new NotDone('otherAccount');
  await onChain(provider, chainId);
  const hash = await asked(provider, 'eth_sendTransaction', [{ from, to, data, value: '0x0' }]);
  if (typeof hash !== 'string') throw new NotDone('failed', 'the wallet gave no transaction hash');
  onProgress({ state: 'sent', hash });
  for (;;) {
    const receipt = await asked(provider, 'eth_getTransactionReceipt', [hash]);
    if (isReceipt(receipt)) {
      if (BigInt(receipt.status) === 0n) throw new NotDone('reverted', hash);
      onProgress({ state: 'mined', hash, block: Number(BigInt(receipt.blockNumber)) });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
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

function hasAccount(accounts: unknown, wanted: string): boolean {
  return (
    Array.isArray(accounts) &&
    accounts.some((one) => typeof one === 'string' && one.toLowerCase() === wanted.toLowerCase())
  );
}

function isReceipt(
  value: unknown,
): value is { readonly status: string; readonly blockNumber: string } {
  const { status, blockNumber } = (value ?? {}) as { status?: unknown; blockNumber?: unknown };
  return typeof status === 'string' && typeof blockNumber === 'string';
}
