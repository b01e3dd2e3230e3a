import { connect } from 'node:net';

/** What came back of one hostile request. */
export interface Outcome {
  /** `null`: the connection was cut without an answer, as it may be. */
  readonly status: number | null;
  readonly body: string;
}

/** Where the requests go. */
export interface Target {
  readonly url: string;
}

const ANSWER_WITHIN_MS = 30_000;

/** A request that is HTTP. */
export async function send(target: Target, path: string, init: RequestInit): Promise<Outcome> {
  const signal = init.signal ?? AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    const response = await fetch(new URL(path, target.url), {
      redirect: 'manual',
      ...init,
      signal,
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    const body = isStream ? await beginning(response) : await response.text();
    return { status: response.status, body };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw error;
    return { status: null, body: '' };
  }
}

/** Subscriptions have no end: what comes first, then the client goes away. */
async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return new TextDecoder().decode(value);
}

/**
 * Bytes as they are, in pieces; then the answer until the connection closes, or is silent.
 *
 * @param holdMs how long to wait between the pieces, and for an answer
 */
export function talk(target: Target, pieces: readonly Buffer[], holdMs: number): Promise<Outcome> {
  const { hostname, port } = new URL(target.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let body = '';
    const end = () => {
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(body)?.[1];
      resolve({ status: status === undefined ? null : Number(status), body });
    };
    const next = (index: number) => {
      const piece = pieces[index];
      if (piece === undefined || socket.destroyed) return;
      socket.write(piece);
      setTimeout(() => next(index + 1), holdMs).unref();
    };
    socket.on('connect', () => next(0));
    socket.on('data', (chunk) => {
      body += chunk.toString('latin1');
      socket.setTimeout(holdMs);
    });
    socket.setTimeout(holdMs * (pieces.length + 1), end);
    socket.on('error', end);
    socket.on('close', end);
  });
}
