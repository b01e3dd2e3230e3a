import { calendarRoute } from './calendar.js';
import { claimableRoute, personClaimableRoute } from './claimable.js';
import { personRoute } from './person.js';
import type { RestRoute } from './route.js';
import { searchRoute } from './search.js';
import { yieldRoute } from './yield.js';

/** Every resource that is read like a query of GraphQL, for the router and for its description. */
export const REST_ROUTES: readonly RestRoute[] = [
  claimableRoute,
  personRoute,
  personClaimableRoute,
  yieldRoute,
  searchRoute,
  calendarRoute,
];
