import { isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';

/** What has amounts in ETH or in any ERC-20 that a token shares: rows, and how lists select them. */
const OF_ANY_ASSET =
  /^(Receipt|Claim|Redemption|Journal|JournalEntry|Posting|Account|Snapshot|SnapshotEntitlement|Entitlement|RevenueGroup)(Where|Filter|OrderBy)?$/;

test('no text calls an amount wei where it may be in units of an ERC-20', () => {
  const wrong: string[] = [];
  const checked = new Set<string>();
  for (const type of Object.values(buildApiSchema().getTypeMap())) {
    if (!OF_ANY_ASSET.test(type.name)) continue;
    checked.add(type.name);
    const parts = isEnumType(type)
      ? type.getValues()
      : isObjectType(type) || isInputObjectType(type)
        ? Object.values(type.getFields())
        : [];
    for (const { name, description } of parts) {
      const text = description ?? '';
      if (/\bwei\b/.test(text) && !/\basset\b|smallest unit/.test(text)) {
        wrong.push(`${type.name}.${name}: ${text}`);
      }
    }
  }
  expect(checked.size).toBeGreaterThan(18);
  expect(wrong).toEqual([]);
});
