import { z } from 'zod';
import { ImoError } from '../../errors.js';
import type { Hex } from '../../store/read/query/decode.js';
import type { Deployment } from './deployment.js';

const ANSWER_WITHIN_MS = 30_000;

const hash = z.string().regex(/^0x[0-9a-f]{64}$/i) as unknown as z.ZodType<Hex>;
const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/i)
  .transform((text) => text.toLowerCase() as Hex);

const statusAnswer = z.object({
  status: z.array(
    z.object({ chainId: z.int(), ledgerHash: z.object({ block: z.int() }).nullable() }),
  ),
});
const hashAnswer = z.object({ ledgerHash: z.object({ hash }) });
const partsAnswer = z.object({
  ledgerHash: z.object({
    parts: z.array(
      z.object({
        table: z.string(),
        contract: address,
        asset: address.nullable(),
        rows: z.int(),
        digest: hash,
      }),
    ),
  }),
});
const failure = z.object({
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string().optional() }).optional(),
      }),
    )
    .min(1),
});

/**
 * A deployment behind its GraphQL API.
 *
 * @throws ImoError `COMPARE_URL_INVALID`; its methods `COMPARE_UNREACHABLE` if it does not answer,
 *   `COMPARE_REFUSED` if it answers with an error or as another version would.
 */
export function remoteDeployment(url: string): Deployment {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new ImoError(
      'COMPARE_URL_INVALID',
      `"${url}" is not the URL of a GraphQL API`,
      'Write it as http://host:4350/graphql.',
    );
  }
  const name = new URL(url).host;
  const ask = async <Data>(answer: z.ZodType<Data>, query: string): Promise<Data> => {
    const body = await post(url, name, JSON.stringify({ query }));
    const parsed = z.object({ data: answer }).safeParse(body);
    if (parsed.success) return parsed.data.data;
    const refused = failure.safeParse(body);
    const [first] = refused.success ? refused.data.errors : [];
    throw new ImoError(
      'COMPARE_REFUSED',
      first === undefined
        ? `${name} did not answer like an imo-ledger with ledger hashes`
        : `${name} answered ${first.extensions?.code ?? 'with an error'}: ${first.message}`,
      'The other deployment must index the chain, and be of this version or newer.',
    );
  };
  return {
    name,
    async hashedTo(chainId) {
      const { status } = await ask(statusAnswer, '{ status { chainId ledgerHash { block } } }');
      return status.find((chain) => chain.chainId === chainId)?.ledgerHash?.block ?? null;
    },
    async hashAt(chainId, block) {
      const query = `{ ledgerHash(${at(chainId, block)}) { hash } }`;
      return (await ask(hashAnswer, query)).ledgerHash.hash;
    },
    async partsOf(chainId, block) {
      const query = `{ ledgerHash(${at(chainId, block)}) {
        parts { table contract asset rows digest }
      } }`;
      return (await ask(partsAnswer, query)).ledgerHash.parts;
    },
  };
}

/** Literals: the type that a variable needs depends on the version of the other deployment. */
const at = (chainId: number, block: number) => `chainId: ${chainId}, block: ${block}`;

async function post(url: string, name: string, body: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return await response.json();
  } catch (cause) {
    throw new ImoError(
      'COMPARE_UNREACHABLE',
      `${name} does not answer with JSON`,
      'Check the URL (http://host:4350/graphql) and that `imo-ledger serve` runs there.',
      { cause },
    );
  }
}
