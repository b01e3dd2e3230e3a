import { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { badInput, type ParameterName } from '../http/messages/problem.js';
import type { ApiContext } from '../request/context.js';
import { queryTexts, type RawValues } from './queryTexts.js';

/** A resource that answers GET: one schema describes it, validates it and types it. */
export interface RestRoute {
  /** OpenAPI's way of writing it: `/v1/holders/{address}/claimable`. */
  readonly path: string;
  readonly operation: ZodOpenApiOperationObject;
  /** For caches between us and the client. */
  readonly cacheControl: string;
  /** Of an answer that is a text. */
  readonly contentType: string;
  /**
   * @throws ImoError for input that cannot be, or as `answer` of the definition does
   */
  answer(context: ApiContext, path: RawValues, query: URLSearchParams): Promise<string>;
}

/** Parameters of a route: each has a code for values that are not valid. */
type Parameters = Readonly<Partial<Record<ParameterName, z.ZodType>>>;

interface RouteDefinition<
  Path extends Parameters,
  Query extends Parameters,
  Answer extends z.ZodType,
> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly pathParameters: Path;
  /** Texts become values here; each parameter may be given once, unless it is repeatable. */
  readonly query: Query;
  /** Parameters that may be given several times: their texts, with commas between them, are one. */
  readonly repeatable?: readonly ParameterName[];
  readonly response: Answer;
  /** Of an answer that is a text already; default: JSON. */
  readonly contentType?: string;
  readonly cacheControl?: string;
  answer(
    context: ApiContext,
    input: z.output<z.ZodObject<Path>> & z.output<z.ZodObject<Query>>,
  ): Promise<z.input<Answer>>;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** The server makes every answer again: a copy is valid if the answer is still the same. */
const REVALIDATE = 'public, no-cache';

const ETAG = {
  ETag: { description: 'For `If-None-Match`.', schema: { type: 'string' as const } },
};

/** Makes a route of a definition. An answer that does not fit the description is our fault. */
export function restRoute<
  Path extends Parameters,
  Query extends Parameters,
  Answer extends z.ZodType,
>(definition: RouteDefinition<Path, Query, Answer>): RestRoute {
  const { path, operationId, summary, description, pathParameters, query, response } = definition;
  const { contentType = JSON_TYPE } = definition;
  return {
    contentType,
    path,
    cacheControl: definition.cacheControl ?? REVALIDATE,
    operation: {
      operationId,
      summary,
      description,
      requestParams: { path: z.object(pathParameters), query: z.object(query) },
      responses: {
        '200': {
          description: summary,
          content: { [contentType.split(';', 1)[0] ?? '']: { schema: response } },
          headers: ETAG,
        },
        '304': { description: 'The same as what `If-None-Match` names.', headers: ETAG },
      },
    },
    async answer(context, pathTexts, search) {
      const input = {
        ...parseAll(pathParameters, pathTexts),
        ...parseAll(query, queryTexts(search, Object.keys(query), definition.repeatable)),
      };
      const output = await definition.answer(
        context,
        input as z.output<z.ZodObject<Path>> & z.output<z.ZodObject<Query>>,
      );
      const valid = response.parse(output);
      return definition.contentType === undefined ? `${JSON.stringify(valid)}\n` : String(valid);
    },
  };
}

function parseAll(shape: Parameters, texts: RawValues): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape) as [ParameterName, z.ZodType][]) {
    const parsed = z.safeParse(schema, texts.get(name));
    if (!parsed.success)
      throw badInput(name, texts.get(name) ?? '', new z.ZodError(parsed.error.issues));
    values[name] = parsed.data;
  }
  return values;
}
