import type { MappedBlock } from '../mappedBlock.js';
import type { HeldState, Watched } from './stateReads.js';

type MappedTrace = MappedBlock['traces'][number];

/** What may have changed in a block: parties of frames, and contracts that logged something. */
interface Touched {
  readonly parties: ReadonlySet<string>;
  readonly emitters: ReadonlySet<string>;
}

/** Each block is asked several times. */
const touched = new WeakMap<MappedBlock, Touched>();

function touchedIn(block: MappedBlock): Touched {
  const known = touched.get(block);
  if (known !== undefined) return known;
  const parties = new Set<string>();
  for (const trace of block.traces) {
    for (const party of partiesOf(trace)) if (party !== undefined) parties.add(party);
  }
  const found = { parties, emitters: new Set(block.logs.map(({ address }) => address)) };
  touched.set(block, found);
  return found;
}

/** Finds what of hundreds of watched contracts a block may have changed, by what the block touches. */
export class WatchedIndex {
  private readonly byParty = new Map<string, Watched[]>();
  private readonly byEmitter = new Map<string, Watched[]>();

  constructor(watched: readonly Watched[]) {
    for (const one of watched) {
      add(this.byParty, one.address, one);
      add(this.byEmitter, one.kind === 'asset' ? one.asset : one.address, one);
    }
  }

  /** The same as `isConcerned` of each that is watched. */
  concernedIn(block: MappedBlock): Set<Watched> {
    const { parties, emitters } = touchedIn(block);
    const found = new Set<Watched>();
    for (const party of parties) for (const one of this.byParty.get(party) ?? []) found.add(one);
    for (const emitter of emitters) {
      for (const one of this.byEmitter.get(emitter) ?? []) found.add(one);
    }
    return found;
  }
}

function add(lists: Map<string, Watched[]>, address: string, watched: Watched): void {
  const list = lists.get(address);
  if (list === undefined) lists.set(address, [watched]);
  else list.push(watched);
}

/** Whether something in a block may have changed what is watched. */
export function isConcerned(block: MappedBlock, watched: Watched): boolean {
  const { parties, emitters } = touchedIn(block);
  const { address } = watched;
  // Contracts create others, and what is created is watched from the block of its creation on.
  if (parties.has(address)) return true;
  return emitters.has(watched.kind === 'asset' ? watched.asset : address);
}

/**
 * Whether the frames of a block account for what a contract had before it and after it: its ETH to
 * the wei, and that something that may write ran in it where its storage is another one.
 */
export function explains(
  { traces }: MappedBlock,
  address: string,
  before: HeldState,
  after: HeldState,
): boolean {
  let wei = 0n;
  let mayWrite = false;
  for (const trace of traces) {
    if (isUndone(trace)) continue;
    wei += flowOf(trace, address);
    mayWrite ||= mayWriteTo(trace, address);
  }
  if (before.balance + wei !== after.balance) return false;
  return before.storageHash === after.storageHash || mayWrite;
}

function partiesOf(trace: MappedTrace): (string | undefined)[] {
  switch (trace.type) {
    case 'call':
      return [trace.action?.to, trace.action?.from];
    case 'create':
      return [trace.result?.address, trace.action?.from];
    case 'suicide':
      return [trace.action?.refundAddress, trace.action?.address];
    default:
      return [];
  }
}

/** Wei that a frame brought to a contract; negative: took from it. */
function flowOf(trace: MappedTrace, address: string): bigint {
  const [to, from] = partiesOf(trace);
  const valueWei = weiOf(trace);
  return (to === address ? valueWei : 0n) - (from === address ? valueWei : 0n);
}

function weiOf(trace: MappedTrace): bigint {
  switch (trace.type) {
    case 'call':
      return trace.action?.callType === 'call' ? (trace.action.value ?? 0n) : 0n;
    case 'create':
      return trace.action?.value ?? 0n;
    case 'suicide':
      return trace.action?.balance ?? 0n;
    default:
      return 0n;
  }
}

/** Whether the contract ran in a frame. One that only gets what another one leaves does not. */
function mayWriteTo(trace: MappedTrace, address: string): boolean {
  const [to, from] = partiesOf(trace);
  if (trace.type === 'suicide') return from === address;
  return to === address && (trace.type !== 'call' || trace.action?.callType !== 'staticcall');
}

/** It failed, or something that called it did. */
function isUndone(trace: MappedTrace): boolean {
  for (let frame: MappedTrace | undefined = trace; frame !== undefined; frame = frame.parent) {
    if (frame.error !== undefined && frame.error !== null) return true;
  }
  return false;
}
