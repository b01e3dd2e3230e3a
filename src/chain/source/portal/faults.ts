import { redactText } from '../../../config/redact.js';
import { ImoError } from '../../../errors.js';

const SHOWN_CHARACTERS = 200;
const LONGEST_RETRY_AFTER_MS = 120_000;

/** A service of SQD, for messages. */
export interface Service {
  /** `SQD Portal` or `SQD gateway`. */
  readonly name: string;
  /** Its key in the config. */
  readonly configKey: 'portal' | 'gateway';
  /** The URL without what may be a secret. */
  readonly displayUrl: string;
}

/** Something that another try may mend. */
export class PassingFault extends Error {
  constructor(
    message: string,
    /** How long the service asks us to wait, in milliseconds. */
    readonly retryAfterMs: number | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

const OTHER_WAYS: Readonly<Record<Service['configKey'], string>> = {
  portal: 'or delete `portal:`: the blocks are then found by RPC',
  gateway:
    'or use an SQD Portal instead: `portal: https://portal.sqd.dev/datasets/ethereum-mainnet` (docs/source.md#finders)',
};

/**
 * What an answer with such a status means. The text of the answer is shown without URLs.
 *
 * @returns a `PassingFault` where another try may help, an `ImoError` otherwise
 */
export function faultOf(
  service: Service,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  text: string,
): PassingFault | ImoError {
  const who = `${service.name} ${service.displayUrl}`;
  const { configKey } = service;
  const said = saidIn(text);
  const answered = `${who} answered ${status}${said}`;
  const other = OTHER_WAYS[configKey];
  if (status === 429 || status >= 500) return new PassingFault(answered, retryAfterMs(headers));
  if (status === 401) {
    const hint = `Set the key that it asks for (\`${configKey}: {url: …, key: "\${SQD_API_KEY}"}\`), ${other}.`;
    return new ImoError('SOURCE_KEY_REFUSED', `${answered}: the key is missing or not valid`, hint);
  }
  if (status === 402 || status === 403) {
    const hint = `Look up at the provider what the key may use and whether it ran out, ${other}.`;
    return new ImoError('SOURCE_FORBIDDEN', `${answered}: the key may not use this`, hint);
  }
  if (status === 404 || status === 410) {
    const why = status === 410 ? 'the service is retired' : 'there is no such dataset';
    const hint = `Correct \`${configKey}:\` (it names a dataset), ${other}.`;
    return new ImoError('SOURCE_GONE', `${answered}: ${why}`, hint);
  }
  const hint = `Report this with the version of imo-ledger, ${other}.`;
  return new ImoError('SOURCE_REFUSED', `${answered}: it does not accept the request`, hint);
}

/** The service has other blocks than it said before, or than the node has. */
export function forkError(service: Service, height: number, said: string, before: string): Error {
  return new ImoError(
    'SOURCE_OTHER_FORK',
    `${service.name} ${service.displayUrl} returns ${said} as block ${height}, but ${before} is expected`,
    'The indexer continues with another source. If this lasts, report it to the operator of the service.',
  );
}

/** What the service sent is not what its description says. */
export function badAnswer(service: Service, why: string): ImoError {
  return new ImoError(
    'SOURCE_BAD_ANSWER',
    `${service.name} ${service.displayUrl}: ${why}`,
    'The indexer continues with another source. If this lasts, report it to the operator of the service.',
  );
}

/** The message of a refusal, short, without URLs. */
function saidIn(text: string): string {
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
  const line = redactText(message).replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return ` ("${line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line}")`;
}

function retryAfterMs(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (text === '') return null;
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  if (!Number.isFinite(milliseconds)) return null;
  return Math.min(Math.max(milliseconds, 0), LONGEST_RETRY_AFTER_MS);
}
