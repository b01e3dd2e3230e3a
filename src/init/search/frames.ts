import { z } from 'zod';
import type { Address } from '../../address.js';

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);

/** A frame as `trace_block` and `trace_filter` list it. */
const flat = z.looseObject({
  type: z.string().nullish(),
  error: z.unknown().optional(),
  blockNumber: z.union([z.number(), hex.transform(Number)]).optional(),
  action: z.looseObject({
    callType: z.string().nullish(),
    from: hex.nullish(),
    to: hex.nullish(),
    value: hex.nullish(),
  }),
});

interface Tree {
  readonly type?: string | null | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly value?: string | null | undefined;
  readonly error?: unknown;
  readonly calls?: readonly Tree[] | null | undefined;
}

const tree: z.ZodType<Tree> = z.looseObject({
  type: z.string().nullish(),
  from: hex.nullish(),
  to: hex.nullish(),
  value: hex.nullish(),
  error: z.unknown().optional(),
  calls: z.lazy(() => z.array(tree)).nullish(),
});

/** Money that a call brought. */
export interface SeenPayment {
  readonly from: Address;
  readonly to: Address;
  /** `null`: the list does not say it. */
  readonly block: number | null;
}

/** The calls with value in a list of flat frames; those that failed are left out. */
export function paymentsOfFlat(frames: readonly unknown[]): SeenPayment[] {
  return frames.flatMap((frame) => {
    const { data } = flat.safeParse(frame);
    if (data === undefined || data.error || data.action.callType !== 'call') return [];
    return paymentOf(data.action, data.blockNumber ?? null);
  });
}

/** The calls with value in the frames of a block, in either form; what was reverted is left out. */
export function paymentsOfBlock(frames: unknown, block: number): SeenPayment[] {
  const list = z.array(z.unknown()).safeParse(frames).data ?? [];
  return list.flatMap((entry) => {
    const { data } = z.object({ result: tree }).safeParse(entry);
    return data === undefined ? paymentsOfFlat([entry]) : paymentsOfTree(data.result, block);
  });
}

function paymentsOfTree(frame: Tree, block: number): SeenPayment[] {
  if (frame.error) return [];
  const own = frame.type === 'CALL' ? paymentOf(frame, block) : [];
  return [...own, ...(frame.calls ?? []).flatMap((call) => paymentsOfTree(call, block))];
}

function paymentOf(
  { from, to, value }: Pick<Tree, 'from' | 'to' | 'value'>,
  block: number | null,
): SeenPayment[] {
  if (!from || !to || BigInt(value || '0x0') === 0n) return [];
  return [{ from: from.toLowerCase() as Address, to: to.toLowerCase() as Address, block }];
}
