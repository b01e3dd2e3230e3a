import { type BooksChange, mergedGaps } from './change.js';

/** What waits for one client. */
export interface WaitingEvents<Event> {
  take(): Event | undefined;
}

const CHANGES_AT_MOST = 100;
const ENTRIES_AT_MOST = 5_000;

/** Changes in their order; too many become gaps, so a slow client costs no memory. */
export class ChangeQueue implements WaitingEvents<BooksChange> {
  private changes: BooksChange[] = [];
  private entries = 0;

  put(change: BooksChange): void {
    this.changes.push(change);
    this.entries += sizeOf(change);
    if (this.changes.length <= CHANGES_AT_MOST && this.entries <= ENTRIES_AT_MOST) return;
    this.changes = mergedGaps(this.changes);
    this.entries = 0;
  }

  take(): BooksChange | undefined {
    const change = this.changes.shift();
    if (change !== undefined) this.entries -= sizeOf(change);
    return change;
  }
}

/** That there is something new to read: once, however often it is said. */
export class Reminder<Event> implements WaitingEvents<Event> {
  private isDue = true;

  constructor(private readonly event: Event) {}

  put(): void {
    this.isDue = true;
  }

  take(): Event | undefined {
    if (!this.isDue) return undefined;
    this.isDue = false;
    return this.event;
  }
}

function sizeOf({ withdrawn, added }: BooksChange): number {
  return withdrawn.length + added.length;
}
