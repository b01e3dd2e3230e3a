export { decodeAmounts } from './amounts.js';
export { type Answer, type ClientOptions, ImoLedger, type Marks } from './client.js';
export { ImoLedgerFailure } from './failure.js';
export { FollowedList, type FollowedOptions, type ListEvent } from './followedList.js';
export * from './generated/documents.js';
export type { ListPage, PageMoment } from './pages.js';
