import { expect, test } from 'vitest';
import { SaleKind } from '../../../src/api/values/saleEnums.js';
import { SALE_VIEWS } from '../../../src/audit/questions/saleViews.js';
import { SALE_KINDS } from '../../../src/ledger/sales/saleKinds.js';

test('the API has a value for each kind of sale, and the audit has views for it', () => {
  expect(Object.values(SaleKind).toSorted()).toEqual(SALE_KINDS.toSorted());
  // Which views a sale has that the config describes, nobody knows.
  expect([...Object.keys(SALE_VIEWS), 'custom'].toSorted()).toEqual(SALE_KINDS.toSorted());
});
