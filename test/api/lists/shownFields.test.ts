import { type FieldNode, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { neededFields } from '../../../src/api/lists/engine/shownFields.js';
import type { Selected } from '../../../src/api/request/selection.js';
import { narrowedTo } from '../../../src/store/read/operations/operation.js';
import { RECEIPTS } from '../../../src/store/read/operations/receipts.js';

const neededOf = neededFields({
  fields: { payer: {}, amountWei: {}, path: {}, label: {} },
  labelled: ['payer'],
  resolved: { pathLabels: {}, label: {} },
  needs: { pathLabels: ['path'], asset: [] },
  nodeNeeds: ['kind'],
});

/** What a resolver gets of a query with one list and perhaps a fragment `rows`. */
function selectedIn(text: string): Selected {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  let fieldNodes: FieldNode[] = [];
  for (const definition of parse(text).definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    fieldNodes = definition.selectionSet.selections.filter(
      ({ kind }) => kind === Kind.FIELD,
    ) as FieldNode[];
  }
  return { fieldNodes, fragments };
}

const needed = (text: string) => neededOf(selectedIn(text));

describe('a list reads', () => {
  test('the fields that are selected of its nodes, and what every row needs', () => {
    expect(needed('{ list { nodes { id amountWei } } }')).toEqual(new Set(['kind', 'amountWei']));
  });

  test('what is selected under edges, in fragments and under another name too', () => {
    const text = `{ list { edges { node { to: payer ...rows } } nodes { ... { block } } } }
      fragment rows on Receipt { amountWei @include(if: false) }`;
    expect(needed(text)).toEqual(new Set(['kind', 'payer', 'amountWei']));
  });

  test('what a label and a computed field are made of', () => {
    expect(needed('{ list { nodes { payerLabel pathLabels asset } } }')).toEqual(
      new Set(['kind', 'payer', 'path']),
    );
  });

  test('whole rows for a field that nothing is known of, or that is computed', () => {
    expect(needed('{ list { nodes { payer value { amount } } } }')).toBeNull();
    expect(needed('{ list { nodes { label } } }')).toBeNull();
  });

  test('nothing but places if a query selects no rows', () => {
    expect(needed('{ list { totalCount pageInfo { endCursor } } }')).toEqual(new Set(['kind']));
  });
});

describe('receipts', () => {
  test('of which two fields are needed are read without the columns of the others', () => {
    const { columns } = narrowedTo(RECEIPTS, new Set(['payer', 'amountWei', 'oracle']));
    expect(columns).toEqual(['o."payer"', 'o."amount_wei"']);
    expect(narrowedTo(RECEIPTS, null)).toBe(RECEIPTS);
  });
});
