import { readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildApiSchema, printApiSchema } from '../../src/api/schema.js';

const BUILT_IN = new Set(['Query', 'Subscription', 'Int', 'String', 'Boolean', 'ID']);

test('the schema is the published one (update with `npm test -- -u`)', async () => {
  await expect(printApiSchema()).toMatchFileSnapshot('../../schema/schema.generated.graphql');
});

describe('clients of the accepted schema', () => {
  const accepted = readFileSync('schema/schema.accepted.graphql', 'utf8');
  const breaks = (after: GraphQLSchema) =>
    findBreakingChanges(buildSchema(accepted), after).map(({ description }) => description);

  test('are not broken (a break that is meant: `npm run schema:accept`, and CHANGELOG.md)', () => {
    expect(breaks(buildSchema(printApiSchema()))).toEqual([]);
  });

  test('would be by a field that goes, a type that changes or an argument that must be given', () => {
    const changed = accepted
      .replace('  decimals: Int\n', '  decimalPlaces: Int\n')
      .replace('  snapshotClaimedWei: BigInt!', '  snapshotClaimedWei: Int!')
      .replace('  status: [ChainStatus!]', '  status(chainId: SafeInt!): [ChainStatus!]');
    expect(breaks(buildSchema(changed))).toEqual([
      expect.stringContaining('status'),
      expect.stringContaining('decimals'),
      expect.stringContaining('snapshotClaimedWei'),
    ]);
  });
});

test('every type, field, argument and value has a description', () => {
  const silent: string[] = [];
  const check = (name: string, { description }: { description?: string | null }) => {
    if (!description) silent.push(name);
  };
  for (const type of Object.values(buildApiSchema().getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (!BUILT_IN.has(type.name)) check(type.name, type);
    if (isScalarType(type)) continue;
    if (isEnumType(type)) {
      for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        check(`${type.name}.${field.name}`, field);
    }
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field);
        for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg);
      }
    }
  }
  expect(silent).toEqual([]);
});
