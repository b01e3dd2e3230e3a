import { text } from 'node:stream/consumers';
import type { ExportManifest } from '../../src/export/request/manifest.js';
import { openExport } from '../../src/export/request/openExport.js';
import { type ExportTexts, parseExportRequest } from '../../src/export/request/request.js';

/** A row of JSON lines; tests say with their assertions what they expect in it. */
// biome-ignore lint/suspicious/noExplicitAny: the columns follow the dataset of each test
export type ExportedRow = Record<string, any>;

/** A whole export as text, with its manifest. */
export async function exportText(
  databaseUrl: string,
  dataset: string,
  texts: ExportTexts = {},
): Promise<{ content: string; manifest: ExportManifest }> {
  const request = parseExportRequest(dataset, texts);
  const { rows, manifest, close } = await openExport(request, { databaseUrl, withinMs: 60_000 });
  try {
    return { content: await text(rows), manifest };
  } finally {
    await close();
  }
}

/** The rows of an export. */
export async function exportRows(
  databaseUrl: string,
  dataset: string,
  texts: ExportTexts = {},
): Promise<ExportedRow[]> {
  const { content } = await exportText(databaseUrl, dataset, { ...texts, format: 'jsonl' });
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExportedRow);
}
