import { askRows } from '../../answers.js';
import type { Draw } from '../../draw.js';
import type { FigureSheet } from '../../figures.js';
import { atBlock } from '../../subjects.js';
import type { Surface } from '../../surface.js';

const NAMES = ['fee of an inference', "receiver's percentage"] as const;
const TERMS = 'exists fee receiverPercentage';
const MODELS = `query ($chainId: SafeInt!, $at: AtInput, $first: Int, $after: String) {
  rows: models(filter: { chainId: $chainId }, at: $at, first: $first, after: $after) {
    nodes { modelId oracle { address } ${TERMS} opening { ${TERMS} }
      changes(last: 1, direction: ASC) { nodes { terms { ${TERMS} } } } }
    pageInfo { hasNextPage endCursor } } }`;

interface Terms {
  readonly exists: boolean;
  readonly fee: string;
  readonly receiverPercentage: number;
}

interface Model extends Terms {
  readonly modelId: string;
  readonly oracle: { readonly address: string };
  readonly opening: Terms | null;
  readonly changes: { readonly nodes: readonly { readonly terms: Terms }[] };
}

function put(sheet: FigureSheet, draw: Draw, model: Model, terms: Terms | null): void {
  // A removed model has no terms.
  if (terms === null || !terms.exists || !model.exists) return;
  const subject = `model ${model.modelId} of ${model.oracle.address.toLowerCase()}`;
  const of = { subject, moment: atBlock(draw.until.block), asset: 'terms' };
  sheet.put({ ...of, name: 'fee of an inference' }, terms.fee);
  sheet.put({ ...of, name: "receiver's percentage" }, terms.receiverPercentage);
}

function termsSurface(surface: string, termsOf: (model: Model) => Terms | null): Surface {
  return {
    surface,
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      const { at } = draw.until;
      const variables = { chainId, ...(at === null ? {} : { at }) };
      for (const model of await askRows<Model>(url, MODELS, variables)) {
        put(sheet, draw, model, termsOf(model));
      }
    },
  };
}

/** What models cost: by their state, and by the newest change in their history. */
export const termsSurfaces: readonly Surface[] = [
  termsSurface('terms of models', (model) => model),
  termsSurface(
    'history of terms',
    ({ opening, changes }) => changes.nodes.at(-1)?.terms ?? opening,
  ),
];
