import { SALE_RULES } from '../../../src/chain/sales/registry.js';
import { FINDING_KINDS } from '../../../src/doctor/registry.js';
import { POLICY_RULES } from '../../../src/ledger/policies/known/list.js';
import { SALE_KINDS } from '../../../src/ledger/sales/saleKinds.js';

/** A table that a page takes from a registry, between two comments with its name. */
interface KindTable {
  readonly page: string;
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

export const KIND_TABLES: readonly KindTable[] = [
  {
    page: 'docs/policies.md',
    name: 'known policies',
    rows: [
      ['name', 'recognised by'],
      ...POLICY_RULES.map(({ name, recognised }) => [`\`${name}\``, recognised]),
    ],
  },
  {
    page: 'docs/sales.md',
    name: 'kinds of sales',
    rows: [
      ['`kind`', 'read from', 'raise asset, token, terms'],
      ...SALE_KINDS.map((kind) => {
        const { readFrom, termsFrom } = SALE_RULES[kind];
        return [`\`${kind}\``, readFrom, termsFrom];
      }),
    ],
  },
  {
    page: 'docs/doctor.md',
    name: 'codes of findings',
    rows: [
      ['code', 'severity', 'found when', 'what to do'],
      ...Object.values(FINDING_KINDS).flatMap((kinds) =>
        Object.entries(kinds).map(([code, { severity, means, remedy }]) => [
          `\`${code}\``,
          severity,
          means,
          remedy,
        ]),
      ),
    ],
  },
];

/** The text of a page with its table as the registry has it. */
export function withKindTable(page: string, { name, rows }: KindTable): string {
  const [head = [], ...body] = rows;
  const lines = [head, head.map(() => '---'), ...body].map((cells, index) =>
    index === 1 ? `|${cells.join('|')}|` : `| ${cells.join(' | ')} |`,
  );
  const [begin, end] = [`<!-- ${name}: npm run docs:kinds -->`, `<!-- end of ${name} -->`];
  const [before = '', rest = ''] = page.split(`${begin}\n`);
  const [, after] = rest.split(end);
  if (after === undefined) throw new RangeError(`the page has no "${begin}" … "${end}"`);
  return `${before}${begin}\n${lines.join('\n')}\n${end}${after}`;
}
