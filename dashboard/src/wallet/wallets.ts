import { signal } from '@preact/signals';

/** What a wallet offers to pages: EIP-1193. */
export interface Provider {
  request(call: {
    readonly method: string;
    readonly params?: readonly unknown[];
  }): Promise<unknown>;
}

/** A wallet that made itself known: EIP-6963. */
export interface Wallet {
  readonly id: string;
  readonly name: string;
  readonly provider: Provider;
}

interface Announcement extends Event {
  readonly detail?: {
    readonly info?: { readonly uuid?: unknown; readonly name?: unknown };
    readonly provider?: Provider;
  };
}

/** A page may be full of things that call themselves wallets. */
const WALLETS_AT_MOST = 20;

/** The wallets of this browser, in the order in which they announced themselves. */
export const wallets = signal<readonly Wallet[]>([]);

/** Asks the wallets of the browser to announce themselves, now and whenever one comes later. */
export function findWallets(): void {
  addEventListener('eip6963:announceProvider', (event) => {
    const { info, provider } = (event as Announcement).detail ?? {};
    if (typeof info?.uuid !== 'string' || typeof info.name !== 'string') return;
    if (typeof provider?.request !== 'function') return;
    const isKnown = wallets.value.some(({ id }) => id === info.uuid);
    if (isKnown || wallets.value.length >= WALLETS_AT_MOST) return;
    wallets.value = [...wallets.value, { id: info.uuid, name: info.name, provider }];
  });
  dispatchEvent(new Event('eip6963:requestProvider'));
}
