import { type GraphQLObjectType, getNamedType, isObjectType, isScalarType } from 'graphql';
import { expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';
import { DATASETS } from '../../../src/export/catalogue.js';
import { UNITS } from '../../../src/export/columns/columns.js';

const types = Object.values(buildApiSchema().getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);

/** A field that says what amounts next to it are in: an asset, or an object that is one. */
const ASSET_FIELDS = new Set(['asset', 'paymentToken', 'raise', 'sale']);

function saysAsset(type: GraphQLObjectType): boolean {
  if (['RevenueAsset', 'ClaimAsset'].includes(type.name)) return true;
  return Object.keys(type.getFields()).some((name) => ASSET_FIELDS.has(name));
}

/** The objects with a field of this type, or with a list of it. */
function holdersOf(type: GraphQLObjectType): GraphQLObjectType[] {
  const holders = types.filter((holder) =>
    Object.values(holder.getFields()).some((field) => getNamedType(field.type) === type),
  );
  return holders.flatMap((holder) =>
    /(Edge|Connection)$/.test(holder.name) ? holdersOf(holder) : [holder],
  );
}

/** Of the object itself, or of every object that has it in a field. */
function isAtHand(type: GraphQLObjectType): boolean {
  if (saysAsset(type)) return true;
  const holders = holdersOf(type);
  return holders.length > 0 && holders.every(saysAsset);
}

function amountFields(type: GraphQLObjectType) {
  return Object.values(type.getFields()).filter((field) => {
    const named = getNamedType(field.type);
    return (isScalarType(named) && named.name === 'BigInt') || named.name === 'AmountTotals';
  });
}

const MAY_BE_ERC20 =
  /(the asset|smallest unit(?! of the token)|raise units|raise asset|paymentToken)/i;

test('no object of the API has an amount whose asset is not at hand', () => {
  const silent = types.flatMap((type) =>
    amountFields(type)
      .filter(({ description }) => MAY_BE_ERC20.test(description ?? '') && !isAtHand(type))
      .map(({ name }) => `${type.name}.${name}`),
  );
  expect(silent).toEqual([]);
});

test('what is in wei is not of an asset that may be an ERC-20', () => {
  const wrong = types.flatMap((type) =>
    Object.keys(type.getFields()).includes('asset')
      ? amountFields(type)
          .filter(({ description }) => /in wei\b/.test(description ?? ''))
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
  expect(wrong).toEqual([]);
});

test.each(DATASETS)(
  '$name: the asset of every amount is in a column of the same row',
  (dataset) => {
    const names = new Set(dataset.columns.map(({ name }) => name));
    for (const { name, unit } of dataset.columns) {
      const [, named] = /`(\w+)`/.exec(unit ?? '') ?? [];
      if (named !== undefined) expect(names, name).toContain(named);
      if (unit === UNITS.token) expect(names, name).toContain('token');
      if (unit === UNITS.raise) {
        expect([...names]).toEqual(expect.arrayContaining(['raise_symbol', 'raise_decimals']));
      }
    }
  },
);
