import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import { errorDocs, ImoError } from '../../../errors.js';

/** The client's view of an error (RFC 9457), with a code that programs may depend on. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'A URN with the code.' }),
    title: z.string().meta({ description: 'The status in words.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What is wrong, with the value at fault.' }),
    code: z.string().meta({ description: 'Stable, upper case.', example: 'BAD_ADDRESS' }),
    hint: z.string().meta({ description: 'What to do about it.' }),
    docs: z.string().meta({
      description: 'Where the code is described, in the repository of the server.',
      example: errorDocs('BAD_ADDRESS'),
    }),
  })
  .meta({ id: 'Problem', description: 'An error (application/problem+json).' });

export type Problem = z.infer<typeof problemSchema>;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available at the moment',
};

/** Codes of errors with a status other than 400. */
const STATUSES: Readonly<Record<string, number>> = {
  NO_SUCH_PATH: 404,
  METHOD_NOT_ALLOWED: 405,
  EXPORT_BUSY: 429,
  UNKNOWN_CHAIN: 404,
  UNKNOWN_TOKEN: 404,
  NOTHING_INDEXED: 503,
  CHAIN_REORGANISED: 503,
  DATABASE_UNAVAILABLE: 503,
  DATABASE_MOVED: 503,
  MIN_BLOCK_NOT_REACHED: 503,
  QUERY_TIMEOUT: 503,
  INTERNAL: 500,
};

/**
 * The problem of an error that may be shown: one of `maskError`.
 *
 * @param givenStatus default: that of its code
 */
export function problemOf({ message, extensions }: GraphQLError, givenStatus?: number): Problem {
  const code = typeof extensions.code === 'string' ? extensions.code : 'INTERNAL';
  const hint = typeof extensions.hint === 'string' ? extensions.hint : '';
  const isOurs = code.startsWith('LEDGER_');
  const status = givenStatus ?? STATUSES[code] ?? (isOurs ? 500 : 400);
  const title = TITLES[status] ?? 'Error';
  return {
    type: `urn:imo-ledger:error:${code}`,
    title,
    status,
    detail: message,
    code,
    hint,
    docs: errorDocs(code),
  };
}

/** Codes of parameters of requests that are not valid. */
const PARAMETER_CODES = {
  address: 'BAD_ADDRESS',
  holder: 'BAD_ADDRESS',
  asset: 'BAD_ADDRESS',
  chainId: 'BAD_CHAINID',
  days: 'YIELD_BAD_PERIOD',
  from: 'YIELD_BAD_PERIOD',
  to: 'YIELD_BAD_PERIOD',
  currency: 'BAD_CURRENCY',
  text: 'BAD_SEARCH',
  first: 'BAD_SEARCH',
} as const;

export type ParameterName = keyof typeof PARAMETER_CODES;

/** A part of a request that is not valid. */
export function badInput(name: ParameterName, given: string, error: z.ZodError): ImoError {
  const [issue] = error.issues;
  const reason = issue?.message ?? 'it cannot be read';
  return new ImoError(
    PARAMETER_CODES[name],
    `${name} cannot be "${given.slice(0, 100)}": ${reason}`,
    'GET /v1/openapi.json describes every parameter.',
  );
}
