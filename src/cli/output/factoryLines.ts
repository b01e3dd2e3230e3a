import { checksummed } from '../../address.js';
import type { RefusalText } from '../../plan/plan.js';
import type { FactoryForecast } from '../../processor/factories/foreseeCreations.js';

/**
 * What a plan or an estimate says about factories: what is known of their contracts, and what is not.
 *
 * @param searchHint how to search now
 */
export function factoryLines(
  factories: readonly FactoryForecast[],
  searchHint = '; `--search` does it now',
): string[] {
  return factories.flatMap(({ makes, factory, contracts, leftOut, blocks, questions, error }) => {
    if (error !== null) return [];
    const of = `factory ${checksummed(factory)}`;
    if (contracts === null) {
      return [
        `  ? ${of}: which ${makes}s it created is not known yet. \`imo-ledger index\` searches ` +
          `${count(blocks)} blocks for them, at most about ${count(questions)} questions for logs${searchHint}`,
      ];
    }
    if (contracts === 0 && leftOut === 0) {
      return [
        `  ? ${of} has not logged its event so far, so it created no ${makes} that is known. Check the event and the ` +
          'factory; if they are right, each contract that it creates is indexed',
      ];
    }
    const many = contracts === 1 ? `1 ${makes}` : `${count(contracts)} ${makes}s`;
    return [
      `  * ${of} created ${many} so far, and each that it creates is indexed. ` +
        'What cannot be indexed is left out, and `imo-ledger status` says why',
    ];
  });
}

/** Factories that `index` would refuse. */
export function factoryRefusals(
  factories: readonly FactoryForecast[],
): (RefusalText & { readonly entry: string })[] {
  return factories.flatMap(({ makes, factory, error }) =>
    error === null
      ? []
      : [
          {
            entry: `${makes}sFrom ${factory}`,
            code: error.code,
            message: error.message,
            hint: error.hint,
          },
        ],
  );
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
