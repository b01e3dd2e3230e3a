import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { Random } from '../fuzz/random.js';
import { CostlyQueries, type KnownBooks } from './queries.js';

/** What is attacked, and how. */
export interface AttackOptions {
  /** Of the GraphQL endpoint. Behind a named proxy on this machine, so that clients have addresses. */
  readonly url: string;
  readonly schema: GraphQLSchema;
  readonly books: KnownBooks;
  /** Attackers ask until then. */
  readonly isOver: () => boolean;
  readonly seed: number;
  /** That ask at once, of each kind. */
  readonly attackers: number;
}

/** What came of it. */
export interface AttackReport {
  readonly attacks: number;
  /** By status or code; `gone`: the attacker went away. */
  readonly outcomes: ReadonlyMap<string, number>;
}

const WITHIN_MS = 40_000;

/** Costly requests from many clients, from one, from clients that disconnect and from slow ones. */
export async function runAttack(options: AttackOptions): Promise<AttackReport> {
  const { attackers } = options;
  const outcomes = new Map<string, number>();
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const attack = { options, count };
  const several = (kind: (attack: Attack, number: number) => Promise<void>) =>
    Array.from({ length: attackers }, (_, number) => kind(attack, number));
  await Promise.all([
    ...several((own, number) => askCostly(own, number, `203.0.113.${1 + (number % 250)}`)),
    ...several((own, number) => askCostly(own, 1_000 + number, '192.0.2.1')),
    ...several(goAway),
    ...several(readSlowly),
  ]);
  const attacks = [...outcomes.values()].reduce((sum, one) => sum + one, 0);
  return { attacks, outcomes };
}

interface Attack {
  readonly options: AttackOptions;
  readonly count: (outcome: string) => void;
}

function queriesOf({ schema, books, seed }: AttackOptions, number: number) {
  return new CostlyQueries(schema, books, new Random(seed * 7_919 + number));
}

async function askCostly(attack: Attack, number: number, client: string): Promise<void> {
  const { options, count } = attack;
  const queries = queriesOf(options, number);
  while (!options.isOver()) {
    const left = AbortSignal.timeout(WITHIN_MS);
    const outcome = await ask(options.url, queries.next(), client, left);
    count(outcome);
    if (outcome === '429') await delay(20);
  }
}

/** Asks and leaves a moment later, again and again. */
async function goAway({ options, count }: Attack, number: number): Promise<void> {
  const queries = queriesOf(options, 2_000 + number);
  while (!options.isOver()) {
    const client = `203.0.113.${1 + (number % 250)}`;
    const outcome = await ask(options.url, queries.next(), client, AbortSignal.timeout(100));
    count(outcome === 'no answer' ? 'gone' : outcome);
  }
}

/** Sends a request a byte at a time, or never reads the answer. */
async function readSlowly({ options, count }: Attack, number: number): Promise<void> {
  const { hostname, port, pathname } = new URL(options.url);
  const queries = queriesOf(options, 3_000 + number);
  while (!options.isOver()) {
    const body = JSON.stringify({ query: queries.next() });
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.pause();
    const head = `POST ${pathname} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.${2 + (number % 250)}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`);
    if (number % 2 === 0) socket.write(body);
    for (let sent = 0; number % 2 === 1 && sent < 20; sent++) {
      socket.write(body.slice(sent, sent + 1));
      await delay(20);
    }
    await delay(500);
    socket.destroy();
    count('slow');
  }
}

/** The status, the code of the first error, or that there was no answer. */
async function ask(
  url: string,
  query: string,
  client: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
      body: JSON.stringify({ query }),
      signal,
    });
    const text = await response.text();
    if (response.status !== 200) return String(response.status);
    return /"code":"(\w+)"/.exec(text)?.[1] ?? '200';
  } catch {
    return 'no answer';
  }
}
