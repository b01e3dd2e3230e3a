import type { ExportManifest } from '../request/manifest.js';
import type { ExportFormat } from '../request/request.js';

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/** Clients take no more than some kilobytes of headers. */
const NAMED_AT_MOST = 32;

/** An export's manifest as HTTP headers. */
export function exportHeaders(manifest: ExportManifest): Record<string, string> {
  const { dataset, format, asOf, audit, held, archived, paused, unread, resume, after } = manifest;
  const type = CONTENT_TYPES[format];
  return {
    'content-type': after === null ? type : type.replace('present', 'absent'),
    'content-disposition': `attachment; filename="${fileName(manifest)}"`,
    'cache-control': 'no-store',
    'x-imo-dataset': dataset,
    'x-imo-as-of': asOf
      .map(({ chainId, block, hash }) => `${chainId}:${block}:${hash ?? ''}`)
      .join(', '),
    'x-imo-booked': asOf
      .flatMap(({ chainId, booked }) =>
        booked === null ? [] : [`${chainId}:${booked.block}:${booked.hash}`],
      )
      .join(', '),
    'x-imo-as-of-final': String(asOf.every(({ isFinal }) => isFinal)),
    'x-imo-books': audit.agrees === null ? 'not audited' : audit.agrees ? 'agree' : 'differ',
    ...(audit.disagreements.length === 0
      ? {}
      : { 'x-imo-disagreements': tokensOf(audit.disagreements) }),
    ...(held.length === 0 ? {} : { 'x-imo-held': endsOf(held) }),
    ...(archived.length === 0 ? {} : { 'x-imo-archived': endsOf(archived) }),
    ...(paused.length === 0 ? {} : { 'x-imo-paused': tokensOf(paused) }),
    ...(unread.length === 0 ? {} : { 'x-imo-unread': tokensOf(unread) }),
    ...(resume === null ? {} : { 'x-imo-resume': resume }),
  };
}

/** The contracts whose books have ended, as `chain:address:last block`. */
function endsOf(
  contracts: readonly Pick<ExportManifest['held'][number], 'chainId' | 'address' | 'lastBlock'>[],
): string {
  return firstOf(
    contracts.map(({ chainId, address, lastBlock }) => `${chainId}:${address}:${lastBlock}`),
  );
}

/** Tokens as `chain:address`. */
function tokensOf(
  marks: readonly Pick<ExportManifest['unread'][number], 'chainId' | 'token'>[],
): string {
  return firstOf(marks.map(({ chainId, token }) => `${chainId}:${token}`));
}

function firstOf(names: readonly string[]): string {
  const different = [...new Set(names)];
  const more = different.length - NAMED_AT_MOST;
  const rest = more > 0 ? [`and ${more} more`] : [];
  return [...different.slice(0, NAMED_AT_MOST), ...rest].join(', ');
}

/** `holders-1-21000000.csv`: dataset, chain and block; of several chains the blocks are left out. */
function fileName({ dataset, format, asOf, after }: ExportManifest): string {
  const [only, ...others] = asOf;
  const moment =
    only === undefined || others.length > 0
      ? asOf.map(({ chainId }) => chainId).join('+')
      : `${only.chainId}-${only.block}`;
  const part = after === null ? '' : '-continued';
  return `${dataset}-${moment}${part}.${format}`;
}
