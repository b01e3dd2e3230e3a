import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { GivenConditions } from '../../../src/api/limits/documents/givenConditions.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { fieldsOf } from '../../support/lists.js';
import { subscribeSse, subscribeWs } from '../live/clients.js';
import { serveScenario } from '../servedScenario.js';
import { askData, askError } from '../support.js';

const schema = buildApiSchema();

/** Arguments that select no rows. */
const NO_CONDITIONS = ['first', 'after', 'last', 'before', 'at', 'block', 'interval', 'limitBytes'];

/** What stands around the fields of each type in an operation: the shortest way from a root. */
const WAYS = waysTo();

function waysTo(): ReadonlyMap<string, (inner: string) => string> {
  const ways = new Map<string, (inner: string) => string>([
    ['Query', (inner) => `query Q … { ${inner} }`],
    ['Subscription', (inner) => `subscription Q … { ${inner} }`],
  ]);
  for (const [name, around] of ways) {
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const inner = getNamedType(field.type);
      if (!isCompositeType(inner) || ways.has(inner.name)) continue;
      ways.set(inner.name, (text) => around(`${field.name} { ${text} }`));
    }
  }
  return ways;
}

/** A place in the arguments of a field that may have a value or not. */
interface Place {
  readonly path: string;
  readonly type: GraphQLInputType;
  /** Puts a value into the whole argument. */
  of(value: string): string;
}

/** All places within an argument, down to the operands of conditions within `_not`, `_and`, `_or`. */
function placesIn({ name, type }: GraphQLArgument): Place[] {
  const whole = { path: name, type, of: (value: string) => `${name}: ${value}` };
  return [...(NO_CONDITIONS.includes(name) ? [] : [whole]), ...within(whole, new Set())];
}

function within(place: Place, around: ReadonlySet<string>): Place[] {
  const type = getNamedType(place.type);
  if (!isInputObjectType(type) || around.has(type.name)) return [];
  const seen = new Set([...around, type.name]);
  const item = isListType(getNullableType(place.type));
  return Object.values(type.getFields()).flatMap((field) => {
    const inner = {
      path: `${place.path}${item ? '[0]' : ''}.${field.name}`,
      type: field.type,
      of: (value: string) =>
        place.of(item ? `[{${field.name}: ${value}}]` : `{${field.name}: ${value}}`),
    };
    return [inner, ...within(inner, seen)];
  });
}

const FIELDS = fieldsOf(schema).flatMap(({ type, name, args }) => {
  const places = args.flatMap(placesIn).filter(({ type: of }) => !isNonNullType(of));
  return places.length === 0 ? [] : [[`${type}.${name}`, type, name, places] as const];
});

describe('a condition without a value is an error, wherever it is', () => {
  const conditions = new GivenConditions(schema);
  const messageOf = (text: string, given = {}) =>
    conditions.errorIn(parse(text), null, given)?.message;

  test.each(FIELDS)('%s', (_, parent, name, places) => {
    const around = WAYS.get(parent);
    if (around === undefined) throw new RangeError(`no way leads to ${parent}`);
    for (const { path, type, of } of places) {
      const asked = (value: string) => around(`${name}(${of(value)})`);
      const literal = asked('null').replace('…', '');
      const byVariable = asked('$v').replace('…', `($v: ${type})`);
      const condition = `the condition "${path}" of ${name}`;
      expect(messageOf(literal)).toBe(`${condition} is null`);
      expect(messageOf(byVariable)).toBe(`${condition} needs the variable $v`);
      expect(messageOf(byVariable, { v: null })).toBe(`${condition} is null`);
    }
  });

  test('null inside the variable of a whole filter, and a comparison with nothing', () => {
    const text = 'query ($w: ClaimWhere) { claims(where: $w) { totalCount } }';
    expect(messageOf(text, { w: { holder: { _eq: null } } })).toContain('"where.holder._eq"');
    expect(messageOf(text, { w: { holder: {} } })).toContain('"where.holder" of claims has no');
    expect(messageOf(text, { w: { _or: [{}] } })).toContain('"where._or[0]"');
    expect(messageOf('{ claims(at: {}) { totalCount } }')).toContain('"at" of claims has no value');
  });

  test('an absent condition stays absent', () => {
    for (const text of [
      '{ claims { totalCount } }',
      '{ claims(filter: {}, where: {}, at: null, first: null) { totalCount } }',
      'query ($w: ClaimWhere = {}) { claims(where: $w) { totalCount } }',
      'query ($h: Address) { claims(where: { holder: { _eq: $h } }) @skip(if: true) { totalCount } }',
      'query ($h: Address) { ...C @include(if: false) } fragment C on Query { claims(filter: { holder: $h }) { totalCount } }',
    ]) {
      expect(messageOf(text)).toBeUndefined();
    }
  });
});

describe('the server refuses it on every way', () => {
  let api: RunningApi;
  beforeAll(async () => {
    ({ api } = await serveScenario());
  });

  test('in lists and totals, also once the query is compiled', async () => {
    const text = `query ($h: Address) { claims(where: { holder: { _eq: $h } }) { totalCount }
      claimTotals(where: { holder: { _eq: $h } }) { count } }`;
    const holder = `0x${'11'.repeat(20)}`;
    for (let use = 0; use < 8; use++) await askData(api, text, { h: holder });
    for (const variables of [{}, { h: null }]) {
      expect(await askError(api, text, variables)).toMatchObject({
        code: 'CONDITION_WITHOUT_VALUE',
        hint: expect.stringContaining('Send a value, or leave the condition out'),
      });
    }
  });

  test('in subscriptions, over both protocols', async () => {
    const text = 'subscription { claims(holder: null) { added { id } } }';
    const sse = await subscribeSse(api, text);
    const ws = subscribeWs(api, text);
    for (const subscription of [sse, ws]) {
      const { errors } = await subscription.next();
      expect(errors?.[0]?.extensions.code).toBe('CONDITION_WITHOUT_VALUE');
      await subscription.close();
    }
  });
});
