import {
  type GraphQLField,
  type GraphQLInputField,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';

/** What has amounts in ETH or in any ERC-20 that a token shares: rows, and how lists select them. */
const OF_ANY_ASSET =
  /^(Receipt|Claim|Redemption|Journal|JournalEntry|Posting|Account|Snapshot|SnapshotEntitlement|Entitlement|RevenueGroup)(Where|Filter|OrderBy|Totals)?$/;

const schema = buildApiSchema();

test('no text calls an amount wei where it may be in units of an ERC-20', () => {
  const wrong: string[] = [];
  const checked = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
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

test('no text says that a row is of ETH where it may be of an ERC-20', () => {
  const texts = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) && !isInputObjectType(type)) return [];
    // The queries too: what a list is of.
    const own = Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(
      type.getFields(),
    ).filter((part) => {
      const page = String(getNamedType(part.type));
      return OF_ANY_ASSET.test(type.name) || OF_ANY_ASSET.test(page.replace(/Connection$/, ''));
    });
    const all = OF_ANY_ASSET.test(type.name)
      ? [{ name: 'type', description: type.description }]
      : [];
    return [...all, ...own].map(({ name, description }) => [`${type.name}.${name}`, description]);
  });
  const wrong = texts.filter(
    ([, text]) => /\b(ETH|ether)\b/i.test(text ?? '') && !/\basset|ERC-20/.test(text ?? ''),
  );
  expect(wrong).toEqual([]);
  expect(texts.length).toBeGreaterThan(150);
});

test('a name in filter and in where means the same, or both texts say what each means', () => {
  const different = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((list) => {
    const inputOf = (name: string) => {
      const type = getNamedType(list.args.find((arg) => arg.name === name)?.type);
      return isInputObjectType(type) ? type.getFields() : {};
    };
    const where = inputOf('where');
    return Object.values(inputOf('filter')).flatMap(({ name, type, description }) => {
      const condition = where[name];
      const comparison = getNamedType(condition?.type);
      if (condition === undefined || !isInputObjectType(comparison)) return [];
      const wanted = getNamedType(type);
      const compared = getNamedType(comparison.getFields()._eq?.type);
      if (!isEnumType(wanted) || wanted === compared) return [];
      return [[`${list.name}.${name}`, description, condition.description]];
    });
  });
  expect(different).toEqual([
    [
      'saleEntries.kind',
      'Only entries of sales of this kind; entryKind is the kind of the entry itself.',
      'The kind of the entry, not of its sale.',
    ],
  ]);
});
