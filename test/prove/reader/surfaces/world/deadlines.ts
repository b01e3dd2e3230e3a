import { ask } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { atBlock, ofHolder } from '../../subjects.js';
import type { Surface } from '../../surface.js';

const NAMES = ['deadlines', 'snapshots of deadlines'] as const;
const PLAN = `query ($address: Address!, $chainId: SafeInt) { claimPlan(address: $address, chainId: $chainId) {
  steps { token { address } claims { snapshotId expiry { snapshotsLeft } } } } }`;

interface Plan {
  readonly claimPlan: {
    readonly steps: readonly {
      readonly token: { readonly address: string };
      readonly claims: readonly {
        readonly snapshotId: number;
        readonly expiry: { readonly snapshotsLeft: number | null };
      }[];
    }[];
  };
}

function put(sheet: FigureSheet, draw: Draw, holder: string, ids: readonly number[]): void {
  const of = { ...ofHolder(draw, holder, atBlock(draw.until.block)), asset: NATIVE };
  sheet.put({ ...of, name: 'deadlines' }, ids.length);
  sheet.put(
    { ...of, name: 'snapshots of deadlines' },
    ids.reduce((sum, id) => sum + id, 0),
  );
}

/** Which claims of a holder end, by its plan and by its calendar. Both speak of now only. */
export const deadlineSurfaces: readonly Surface[] = [
  {
    surface: 'deadlines of the plan',
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      if (draw.until.kind !== 'head') return;
      for (const address of draw.holders) {
        const { claimPlan } = await ask<Plan>(url, PLAN, { address, chainId });
        const ids = claimPlan.steps
          .filter(({ token }) => token.address.toLowerCase() === draw.token.address)
          .flatMap(({ claims }) => claims)
          .filter(({ expiry }) => expiry.snapshotsLeft !== null)
          .map(({ snapshotId }) => snapshotId);
        put(sheet, draw, address, ids);
      }
    },
  },
  {
    surface: 'calendar',
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      if (draw.until.kind !== 'head') return;
      const { origin } = new URL(url);
      for (const holder of draw.holders) {
        const query = new URLSearchParams({ holder, chainId: String(chainId) });
        const response = await fetch(`${origin}/v1/calendar.ics?${query}`);
        if (!response.ok) throw new Error(await response.text());
        // RFC 5545 folds lines: a line that begins with a space continues the one before it.
        const text = (await response.text()).replaceAll('\r\n ', '');
        const uid = new RegExp(`^UID:${chainId}-${draw.token.address}-deadline-(\\d+)@`, 'gm');
        put(
          sheet,
          draw,
          holder,
          [...text.matchAll(uid)].map(([, id]) => Number(id)),
        );
      }
    },
  },
];
