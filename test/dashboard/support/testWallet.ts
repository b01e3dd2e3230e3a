import { HDNodeWallet, JsonRpcProvider, Mnemonic } from 'ethers';
import type { Page } from 'playwright-core';
import type { Chain } from '../../../devnet/anvil.js';

/** The words that every local node begins with. */
const WORDS = 'test test test test test test test test test test test junk';
/** Enough for a claim, also for one that the contract refuses: nodes estimate none for that. */
const GAS_LIMIT = 1_000_000;

/** How a wallet of a test answers what it is asked to send. */
export type Mood = 'signs' | 'rejects';

/** A wallet that a page finds by EIP-6963, and that signs with a key of the local chain. */
export interface TestWallet {
  mood: Mood;
  /** Called before a transaction is sent. */
  beforeSending: () => Promise<unknown>;
  /** The chain that it is on before a page changes it; `null`: that of the test. */
  otherChain: number | null;
  /** Whether it changes to another chain when a page wants that. */
  switches: boolean;
  /** What it was asked, in order. */
  readonly asked: string[];
}

/** The key of an account of a local node. @param account its place among them */
export function keyOf(account: number): HDNodeWallet {
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(WORDS), `m/44'/60'/0'/0/${account}`);
}

/**
 * Injects a wallet into a page that is not loaded yet.
 *
 * @param account its place among the accounts of the node
 */
export async function injectWallet(page: Page, chain: Chain, account: number): Promise<TestWallet> {
  const key = keyOf(account);
  const wallet: TestWallet = {
    mood: 'signs',
    beforeSending: () => Promise.resolve(),
    otherChain: null,
    switches: true,
    asked: [],
  };
  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    wallet.asked.push(method);
    if (method === 'eth_requestAccounts') return [key.address];
    if (method === 'eth_chainId' && wallet.otherChain !== null)
      return `0x${wallet.otherChain.toString(16)}`;
    if (method === 'wallet_switchEthereumChain') {
      if (!wallet.switches) throw Object.assign(new Error('unknown chain'), { code: 4902 });
      wallet.otherChain = null;
      return null;
    }
    if (method !== 'eth_sendTransaction') return chain.rpc.call(method, [...params]);
    if (wallet.mood === 'rejects') throw Object.assign(new Error('no'), { code: 4001 });
    await wallet.beforeSending();
    const [{ to, data, value }] = params as [{ to: string; data: string; value: string }];
    const provider = new JsonRpcProvider(chain.url, chain.chainId, { staticNetwork: true });
    try {
      const request = { to, data, value, gasLimit: GAS_LIMIT };
      const filled = await key.connect(provider).populateTransaction(request);
      return await chain.rpc.call('eth_sendRawTransaction', [await key.signTransaction(filled)]);
    } finally {
      provider.destroy();
    }
  };
  await page.exposeFunction('askTestWallet', async (method: string, params: unknown[]) => {
    try {
      return { result: await answer(method, params) };
    } catch (error) {
      const { code, message } = error as { code?: number; message: string };
      return { error: { code, message } };
    }
  });
  await page.addInitScript(announceWallet);
  return wallet;
}

/** Runs in the page, before its scripts. */
function announceWallet(): void {
  const provider = {
    async request({ method, params = [] }: { method: string; params?: unknown[] }) {
      const { askTestWallet } = globalThis as unknown as {
        askTestWallet(
          method: string,
          params: unknown[],
        ): Promise<{ result?: unknown; error?: unknown }>;
      };
      const { result, error } = await askTestWallet(method, params);
      if (error !== undefined) throw error;
      return result;
    },
  };
  const info = { uuid: 'test', name: 'Test wallet', icon: 'data:,', rdns: 'test' };
  const announce = () =>
    dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } }));
  addEventListener('eip6963:requestProvider', announce);
}
