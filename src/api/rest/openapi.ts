import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { problemSchema } from '../http/messages/problem.js';
import { FILE_PATHS } from './fileOperations.js';
import type { RestRoute } from './route.js';

export const OPENAPI_PATH = '/v1/openapi.json';

/** The description of the routes, made from the schemas that validate them. */
export function openApiDocument(routes: readonly RestRoute[]): object {
  const problem = {
    description: 'An error; programs should use its code.',
    content: { 'application/problem+json': { schema: problemSchema } },
  };
  const paths: ZodOpenApiPathsObject = { ...FILE_PATHS };
  for (const { path, operation } of routes) {
    paths[path] = {
      get: {
        ...operation,
        responses: { ...operation.responses, '4XX': problem, default: problem },
      },
    };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'imo-ledger',
      version: '1',
      description:
        'The revenue ledger of Initial Model Offerings. Amounts are exact: decimal strings of the ' +
        'smallest unit. Everything else is served by GraphQL at /graphql.',
      license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    // Everything is public.
    security: [],
    paths,
  });
}
