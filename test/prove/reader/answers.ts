import { Agent } from 'node:http';
import { postJson } from '../../../devnet/postJson.js';
import { NATIVE } from './figures.js';

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** The server closes idle connections while the proof computes: each request has one of its own. */
const agent = new Agent({ keepAlive: false });

/**
 * The data of an answer of the API.
 *
 * @throws Error with the messages of the answer if it has errors
 */
export async function ask<Data>(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Data> {
  const { data, errors } = (await postJson(url, { query, variables }, agent)) as Answer<Data>;
  if (errors !== undefined || data == null) {
    const said = (errors ?? []).map(({ message }) => message).join('; ');
    throw new Error(`${said} in answer to ${query} with ${JSON.stringify(variables)}`);
  }
  return data;
}

/** The last argument of a query that is about an ERC-20; none for the chain's own coin. */
export function assetArgument(asset: string): string {
  return asset === NATIVE ? '' : `, asset: "${asset}"`;
}

interface Page<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * All rows of the list `rows` of a query, page by page.
 *
 * @param query takes `$first` and `$after`
 */
export async function askRows<Row>(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const { rows: page }: { rows: Page<Row> } = await ask(url, query, {
      first: 97,
      ...variables,
      ...(after === null ? {} : { after }),
    });
    rows.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return rows;
}
