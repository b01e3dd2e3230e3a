import type { IncomingMessage, ServerResponse } from 'node:http';
import { DATASETS } from '../../export/catalogue.js';
import { badOption } from '../../export/exportErrors.js';
import type { ExportRunner } from '../../export/request/exportRunner.js';
import {
  type ExportTexts,
  parseExportRequest,
  REPEATABLE_OPTIONS,
} from '../../export/request/request.js';
import { limitedAs } from '../http/clients/clientAddress.js';
import type { Exchange } from '../http/messages/exchange.js';
import { exportFailure } from './exportFailure.js';
import { openAsked } from './exportRange.js';
import { ClientLeftError, sendExport } from './sendExport.js';

export interface ExportServices {
  readonly desk: ExportRunner;
  /** In which a client has to take some of what waits for it. */
  readonly paceMs: number;
  /** Takes the errors that are hidden from clients. */
  readonly onError: (error: unknown) => void;
}

const PATH = /^\/v1\/export(?:\/([^/]*))?\/?$/;

/**
 * Answers `GET /v1/export` (what there is, as JSON) and `GET /v1/export/DATASET?format=…` (the
 * rows, streamed; the same options as `imo-ledger export`).
 *
 * @returns whether it was one of the two: `true` at once, or the end of the work
 */
export function answerExport(
  { request, response, client }: Exchange,
  services: ExportServices,
): boolean | Promise<void> {
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const match = PATH.exec(path);
  if (match === null) return false;
  if (request.method === 'OPTIONS') {
    response.writeHead(204, { allow: 'GET, HEAD, OPTIONS' }).end();
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD, OPTIONS' }).end();
  } else if (!match[1]) {
    sendCatalogue(response);
  } else {
    const asked = { name: match[1], options: new URLSearchParams(search), client };
    return answer(request, response, services, asked);
  }
  return true;
}

interface Asked {
  readonly name: string;
  readonly options: URLSearchParams;
  readonly client: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { desk, paceMs, onError }: ExportServices,
  { name, options, client }: Asked,
): Promise<void> {
  try {
    const asked = parseExportRequest(name, textsOf(options));
    await sendExport(request, response, {
      open: () => openAsked(request, asked, (one) => desk.open(one, limitedAs(client))),
      paceMs,
    });
  } catch (error) {
    if (error instanceof ClientLeftError) return;
    if (response.headersSent) {
      // Half of it has gone out: only a connection that breaks says that there is no more.
      onError(error);
      response.destroy();
      return;
    }
    const { status, headers, body } = exportFailure(error, onError);
    response.writeHead(status, { ...headers, 'content-type': 'application/json' });
    response.end(`${JSON.stringify(body)}\n`);
  }
}

/** @throws ImoError `EXPORT_BAD_OPTION` for one that is given twice */
function textsOf(options: URLSearchParams): ExportTexts {
  const texts: Record<string, string | readonly string[]> = {};
  for (const [name, text] of options) {
    if (REPEATABLE_OPTIONS.includes(name)) texts[name] = options.getAll(name);
    else if (options.getAll(name).length === 1) texts[name] = text;
    else {
      const repeatable = REPEATABLE_OPTIONS.join(' and ');
      throw badOption(
        `"${name}" is given more than once`,
        `Give it once. Only ${repeatable} may be given several times.`,
      );
    }
  }
  return texts;
}

function sendCatalogue(response: ServerResponse): void {
  const datasets = DATASETS.map(
    ({ name, summary, takes, needsHolder, isResumable, columns, priced }) => ({
      name,
      summary,
      takes,
      needsHolder,
      isResumable,
      takesCurrency: priced !== undefined,
      columns: columns.map(({ sql: _, ...column }) => column),
    }),
  );
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ datasets }, null, 2)}\n`);
}
