export * from './account.model.js';
export * from './transfer.model.js';
