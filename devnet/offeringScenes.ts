// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeCall } from './deploy.js';
import { type BundleStep, programReentrant, routerBundle } from './holder.js';
import { call, play, type Stage } from './offering.js';

/** The re-entrant holder claims, and from that payment claims the other snapshot and burns. */
export async function claimReentrantly(stage: Stage): Promise<void> {
  const { offering, book } = stage;
  const holder = offering.holders.find(({ kind }) => kind === 'reentrant');
  const token = offering.tokens.find(({ label }) => label === 'windowed-seconds');
  if (holder === undefined || token === undefined) return;
  const last = book.lastSnapshotId(token.address);
  const burnt = book.balanceOf(token.address, holder.address) / 10n;
  const steps = [
    { name: 'claim', args: [last - 1n] },
    { name: 'burn', args: [burnt] },
  ].map(({ name, args }) => ({
    target: token.address,
    data: encodeCall(token.contract, name, args),
    valueWei: 0n,
    propagate: false,
    pause: false,
  }));
  await play(stage, [
    programReentrant(holder, token.contract, steps),
    call(token, holder, 'claim', [last]),
  ]);
}

/** One transaction: receipt, snapshot, receipt, claim, burn (docs/domain.md#order). */
export async function doAllAtOnce(stage: Stage): Promise<void> {
  const { offering, blocks, book, random } = stage;
  const token = offering.tokens.find(({ label }) => label === 'windowed-proxy');
  if (token === undefined) return;
  await blocks.skip(token.snapshotInterval, 600);
  const next = book.lastSnapshotId(token.address) + 1n;
  const burnt = book.balanceOf(token.address, offering.router.address) / 5n;
  const step = (data: string, valueWei = 0n): BundleStep => ({
    target: token.address,
    data,
    valueWei,
    mayFail: false,
  });
  const transaction = routerBundle(offering.router, random.pick(offering.payers), [
    step('0x', 2n * 10n ** 18n),
    step(encodeCall(token.contract, 'snapshot')),
    step('0x', 10n ** 18n),
    step(encodeCall(token.contract, 'claim', [next])),
    step(encodeCall(token.contract, 'burn', [burnt])),
  ]);
  await play(stage, [transaction]);
}
