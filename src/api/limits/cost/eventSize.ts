/** Entries of one list that an event carries at most. */
export const ENTRIES_PER_EVENT = 1_000;
