import { type GraphQLObjectType, getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';
import { DATASETS } from '../../../src/export/catalogue.js';

/** Addresses whose names stand elsewhere, with the reason. */
const NAMED_ELSEWHERE: Readonly<Record<string, string>> = {
  'ClaimPlan.address': 'an account of several chains, each of which has labels of its own',
  'Holder.address': 'an account of several chains: its positions have the labels',
  'Person.holders': 'accounts of several chains: the positions of each have the labels',
  'PriceFeed.configured': 'a proxy of a feed, which asset and currency name',
  'PriceFeed.aggregator': 'a contract of a feed, which asset and currency name',
  'MoneyValue.aggregator': 'a contract of a feed, which the currency names',
  'PriceLeg.aggregator': 'a contract of a feed, which asset and currency name',
  'LedgerPart.asset': 'tells books apart by their contracts, and has no amount',
};

const schema = buildApiSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);

/** `Receipt.payer`, with the name of the type of its values. */
const fields = types.flatMap((type) =>
  Object.values(type.getFields()).map(({ name, type: of }) => ({
    key: `${type.name}.${name}`,
    type,
    name,
    of: getNamedType(of).name,
  })),
);

/** One of the fields on a line says in words what an address is. */
function namesOf(name: string): readonly (readonly string[])[] {
  const base = name.replace(/Address$/, '');
  switch (name) {
    // A contract that is an ERC-20 is called by its symbol.
    case 'address':
      return [['label', 'symbol']];
    case 'token':
    case 'tokenAddress':
      return [['tokenSymbol', 'token']];
    case 'asset':
      return [['assetSymbol'], ['assetDecimals']];
    case 'raiseAsset':
      return [['raise']];
    case 'paymentToken':
      return [['payment']];
    default:
      return [[`${base}Label`, `${name}Labels`]];
  }
}

function missingOf({ type, name }: (typeof fields)[number]): readonly (readonly string[])[] {
  const has = Object.values(type.getFields())
    .filter((field) => getNamedType(field.type).name !== 'Address')
    .map((field) => field.name);
  return namesOf(name).filter((some) => !some.some((one) => has.includes(one)));
}

test('every address of the API has its label or its symbol next to it', () => {
  const nameless = fields
    .filter(({ of, key }) => of === 'Address' && NAMED_ELSEWHERE[key] === undefined)
    .flatMap((field) => missingOf(field).map((names) => `${field.key}: ${names.join(' or ')}`));
  expect(nameless).toEqual([]);
});

test('every asset that amounts are in has its symbol and its decimals next to it', () => {
  const nameless = fields
    .filter(({ of }) => ['Asset', 'PricedAsset'].includes(of))
    .flatMap((field) => missingOf(field).map((names) => `${field.key}: ${names.join(' or ')}`));
  expect(nameless).toEqual([]);
});

test('no address is said to be named elsewhere that the API does not have', () => {
  const known = new Set(fields.map(({ key }) => key));
  expect(Object.keys(NAMED_ELSEWHERE).filter((key) => !known.has(key))).toEqual([]);
});

test.each(DATASETS)('the export $name has the label or the symbol of every address', (dataset) => {
  const names = dataset.columns.map(({ name }) => name);
  const nameless = dataset.columns
    .filter(({ name, type }) => type === 'address' && !isElsewhere(dataset, name))
    .filter(
      ({ name }) => !namesOfColumn(name).every((some) => some.some((one) => names.includes(one))),
    );
  expect(nameless.map(({ name }) => name)).toEqual([]);
});

/** A holder has what it is called in `label`, next to its kind; contents belong to no token. */
function isElsewhere({ name }: { readonly name: string }, column: string): boolean {
  return name === 'aigc-contents' && column === 'token';
}

/** One of the columns on a line says in words what the address in a column is. */
function namesOfColumn(name: string): readonly (readonly string[])[] {
  if (name === 'token') return [['token_symbol'], ['token_decimals']];
  const base = name.replace(/_address$/, '');
  return name === 'holder' ? [['holder_label', 'label']] : [[`${base}_label`]];
}

/** What is called by its symbol, or has a list of its own. */
const NOT_LABELLED = ['token', 'aggregator', 'paymentToken', 'raiseAsset'];

test('every list that can be filtered by an address can be filtered by its label', () => {
  const missing = Object.values(schema.getTypeMap())
    .filter(isInputObjectType)
    .filter(({ name }) => name.endsWith('Where'))
    .flatMap((where) => {
      const names = Object.values(where.getFields());
      return names
        .filter(({ type }) => getNamedType(type).name === 'AddressComparison')
        .filter(({ name }) => !NOT_LABELLED.includes(name))
        .filter(({ name }) => {
          const wanted = name === 'address' ? ['label', 'symbol'] : namesOf(name).flat();
          return !names.some((one) => wanted.includes(one.name));
        })
        .map(({ name }) => `${where.name}.${name}`);
    });
  expect(missing).toEqual([]);
});
