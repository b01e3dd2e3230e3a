import { redactText } from '../../../config/redact.js';
import { ImoError } from '../../../errors.js';

/** What an endpoint refuses for reasons of its own, whatever is asked. */
type Access = 'key' | 'exhausted' | 'plan';

const STATUS_UNAUTHORIZED = 401;
const STATUS_PAYMENT_REQUIRED = 402;
const STATUS_FORBIDDEN = 403;

/** Only more money or another day helps, where other limits pass within seconds. */
const EXHAUSTED =
  /(month|day|daily)[^.]*(limit|quota|capacity|credit|request)|(quota|credits?|capacity|compute units)[^.]*(exceed|exhaust|reach|used up|ran out|insufficient)|(exceed|exhaust|reach|out of|insufficient)[^.]*(quota|credits?|capacity|compute units)|payment required|suspended/i;
/** Limits that pass by themselves. */
const PASSING = /per (second|minute)|throughput|\brps\b/i;
/** What may be a key: an endpoint may repeat it in its refusal. */
const LONG_WORD = /[A-Za-z0-9_-]{20,}/g;
const PLAN =
  /\b(plan|tier|package|subscription|add-?on)\b|upgrade (to|your)|paid (feature|account|customers)/i;
const KEY =
  /unauthori[sz]ed|api.?key|authenticat|(invalid|missing|unknown) (token|project|credential)/i;

const CODES: Readonly<Record<Access, { code: string; what: string; hint: string }>> = {
  key: {
    code: 'RPC_KEY_REFUSED',
    what: 'refuses the key, or wants one',
    hint: 'Check the key in the environment variable that the URL in the config names: it is missing, mistyped or expired.',
  },
  exhausted: {
    code: 'RPC_KEY_EXHAUSTED',
    what: 'has used up what its plan allows',
    hint: 'Nothing is lost. Wait until the plan renews, upgrade it, or add another endpoint to `rpc` in the config.',
  },
  plan: {
    code: 'RPC_PLAN_EXCLUDES',
    what: 'does not include this in its plan',
    hint:
      'Traces of calls and states of old blocks are often part of paid plans only. Upgrade the plan, or use another endpoint ' +
      '(docs/networks.md#providers).',
  },
};

/**
 * The error of a provider that does not let us in, has run out, or sells the method separately;
 * `null` if an error is something else.
 *
 * @param method what was asked, for the message
 * @param endpoint without what may be a secret
 */
export function accessFault(error: unknown, method: string, endpoint: string): ImoError | null {
  const refusal = refusalOf(error);
  if (refusal === null) return null;
  const access = accessOf(refusal.status, refusal.text, method);
  if (access === null) return null;
  const { code, what, hint } = CODES[access];
  const status = refusal.status === null ? '' : `HTTP ${refusal.status}: `;
  const said = redactText(`${status}${refusal.text}`).replace(LONG_WORD, '…').slice(0, 200);
  return new ImoError(code, `${endpoint} ${what} (${method}): ${said}`, hint);
}

/** Whether a refusal in words says that the plan does not include a method. */
export function isOutsidePlan(message: string, method: string): boolean {
  return accessOf(null, message, method) === 'plan';
}

function accessOf(status: number | null, text: string, method: string): Access | null {
  if (PASSING.test(text)) return null;
  if (status === STATUS_PAYMENT_REQUIRED || EXHAUSTED.test(text)) return 'exhausted';
  const isSoldSeparately = /^(trace|debug)_|^eth_getProof$/.test(method);
  if (isSoldSeparately && PLAN.test(text)) return 'plan';
  if (status === STATUS_UNAUTHORIZED) return 'key';
  if (status === STATUS_FORBIDDEN) return PLAN.test(text) ? 'plan' : 'key';
  return KEY.test(text) ? 'key' : null;
}

interface Refusal {
  readonly status: number | null;
  readonly text: string;
}

/** What the endpoint said, if it refused rather than failed. */
function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  if ('response' in error) {
    const { status, body } = error.response as { status?: unknown; body?: unknown };
    if (typeof status !== 'number') return null;
    return { status, text: textOf(body) };
  }
  return error.name === 'RpcError' ? { status: null, text: error.message } : null;
}

/** The message of a JSON-RPC error in a body, else the body itself. */
function textOf(body: unknown): string {
  const [first]: unknown[] = Array.isArray(body) ? body : [body];
  if (typeof first !== 'object' || first === null) return String(first ?? '');
  if ('error' in first) return textOf(first.error);
  if ('message' in first) return String(first.message);
  return JSON.stringify(first);
}
