import type { BookingVersions } from '../plan/plan.js';

/**
 * The version of the rows of each kind of books. Raise one whenever the same blocks give other rows: the
 * contracts of that kind are then booked again from the cache, next to the live books (docs/changes.md).
 */
export const BOOKING_VERSION: BookingVersions = {
  token: 1,
  sale: 1,
  collection: 1,
  oracle: 1,
  pool: 1,
};
