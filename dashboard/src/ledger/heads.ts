import { signal } from '@preact/signals';
import { ledger } from './client.js';
import { HeadsDocument, type HeadsSubscription } from './generated/documents.js';

export type ChainHead = NonNullable<HeadsSubscription['status']>[number];

/** The chains as the server last said; `null`: not yet. */
export const chains = signal<readonly ChainHead[] | null>(null);
/** Counts the events: what is shown as of now is asked again when it rises. */
export const headCount = signal(0);
/** Since when nothing was heard of the server; `null`: it can be reached. */
export const silentSince = signal<Date | null>(null);

const AGAIN_MS = 2_000;

/** Follows the heads as long as the page is open. */
export async function followHeads(): Promise<never> {
  for (;;) {
    try {
      for await (const { data } of ledger.subscribe(HeadsDocument, {})) {
        chains.value = data.status ?? [];
        headCount.value += 1;
        silentSince.value = null;
      }
    } catch {
      // The pages show their last figures with their time.
    }
    silentSince.value ??= new Date();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
