import type { Address } from '../address.js';
import type { BlockHeader } from '../chain/node.js';
import { redactUrl } from '../config/redact.js';
import type { ChainConfig, ImoConfig } from '../config/types.js';
import { readChainHeads } from '../store/read/chains/chainHeads.js';
import { api } from './api/api.js';
import { type ChainView, readBooks } from './books/books.js';
import { chains } from './books/chains.js';
import { type CheckRun, Examination, withinTime } from './check.js';
import { type DatabaseSubject, openForReading } from './database/database.js';
import { schema } from './database/schema.js';
import { type EndpointSubject, openEndpoints } from './endpoints/endpoint.js';
import { services } from './endpoints/services.js';
import { cacheDisk } from './files/cacheDisk.js';
import { readConfig } from './files/config.js';
import { secrets } from './files/files.js';
import type { Finding, Severity } from './finding.js';
import { BOOKS_CHECKS, DATABASE_CHECKS, ENDPOINT_CHECKS } from './registry.js';

const FREE_BYTES_AT_LEAST = 1e9;

export interface DoctorOptions {
  readonly configPath: string;
  readonly env: NodeJS.ProcessEnv;
  /** GraphQL URL of the API; `null`: none is to run. */
  readonly apiUrl: string | null;
  /** What the user should know about folders of databases. */
  readonly onNote?: (line: string) => void;
  /** Milliseconds since 1970; default: the clock. */
  readonly now?: () => number;
  /** Of disks; default: 1 GB. */
  readonly freeBytesAtLeast?: number;
  /** Of each check; default: 20 s. */
  readonly limitMs?: number;
}

/** What all checks found. */
export interface DoctorReport {
  /** The most severe first. */
  readonly findings: readonly Finding[];
  /** Every check that was made, in the order of their start. */
  readonly checks: readonly CheckRun[];
  readonly seconds: number;
}

type Resolved = Required<DoctorOptions>;

/** Checks a whole set-up: files, endpoints, database, books and API. It changes none of them. */
export async function examineSetUp(options: DoctorOptions): Promise<DoctorReport> {
  const startedAt = performance.now();
  const resolved: Resolved = {
    now: Date.now,
    onNote: () => undefined,
    freeBytesAtLeast: FREE_BYTES_AT_LEAST,
    limitMs: 20_000,
    ...options,
  };
  const { configPath, env } = resolved;
  const examination = new Examination(resolved.limitMs);
  const read = await examination.run('config', configPath, () => readConfig(configPath, env));
  const config = read?.config ?? null;
  const endpoints = (config?.chains ?? []).map((chain) => openChain(examination, chain, resolved));
  const database = openForReading({ env, config: configPath, onNote: resolved.onNote }, resolved);
  try {
    await Promise.all([
      examination.all([secrets], 'files', resolved),
      examination.all([cacheDisk], 'cache', { ...resolved, chains: config?.chains ?? [] }),
      ...endpoints.map(({ done }) => done),
      examineDatabase(examination, { config, endpoints, database, options: resolved }),
    ]);
  } finally {
    for (const { close } of endpoints) close();
    const closing = database.then(({ close }) => close());
    await withinTime(closing, resolved.limitMs).catch(() => undefined);
  }
  const checks = examination.results;
  const seconds = (performance.now() - startedAt) / 1000;
  return { findings: bySeverity(checks.flatMap(({ findings }) => findings)), checks, seconds };
}

/** The endpoints of a chain, which are being checked. */
interface ExaminedChain {
  readonly chain: ChainConfig;
  /** The endpoint with the newest head; `null`: none answers. */
  best(): Promise<EndpointSubject | null>;
  readonly done: Promise<unknown>;
  close(): void;
}

function openChain(examination: Examination, chain: ChainConfig, { now }: Resolved): ExaminedChain {
  const opened = openEndpoints(chain);
  const bestHead = async (): Promise<BlockHeader> => {
    const subject = await best();
    if (subject === null) throw new RangeError('no endpoint answers, so no head is the best');
    return subject.head;
  };
  const reached = opened.map(({ about, reach }) =>
    examination.run('reach', about, () => reach(bestHead, now)),
  );
  const best = async () => {
    const subjects = (await Promise.all(reached)).flatMap((one) => one?.subject ?? []);
    const newest = (a: EndpointSubject, b: EndpointSubject) => b.head.number - a.head.number;
    return subjects.toSorted(newest)[0] ?? null;
  };
  const examined = reached.map(async (one) => {
    const subject = (await one)?.subject ?? null;
    if (subject !== null) await examination.all(ENDPOINT_CHECKS, subject.about, subject);
  });
  const done = Promise.all([...examined, examination.all([services], chain.name, chain)]);
  const close = () => {
    for (const one of opened) one.close();
  };
  return { chain, best, done, close };
}

interface DatabaseExamination {
  readonly config: ImoConfig | null;
  readonly endpoints: readonly ExaminedChain[];
  readonly database: ReturnType<typeof openForReading>;
  readonly options: Resolved;
}

/** The database, then what depends on it: the books and what the API should serve. */
async function examineDatabase(
  examination: Examination,
  { config, endpoints, database, options }: DatabaseExamination,
): Promise<void> {
  const opened = await examination.run('database', 'database', () => database);
  const subject = opened?.subject ?? null;
  const isCurrent =
    subject === null ? Promise.resolve(false) : isSchemaCurrent(examination, subject);
  const heads = async () => {
    if (subject === null || !(await isCurrent)) return null;
    const read = await readChainHeads(subject.pool);
    return new Map([...read.values()].map(({ chainId, block }) => [chainId, block]));
  };
  const { apiUrl: url } = options;
  const isListedOnly = config?.api?.persistedQueries.only ?? false;
  await Promise.all([
    ...(subject === null ? [] : [examination.all(DATABASE_CHECKS, subject.about, subject)]),
    isCurrent.then((current) =>
      subject !== null && current && config !== null
        ? examineBooks(examination, subject, { config, endpoints })
        : undefined,
    ),
    ...(url === null ? [] : [examination.all([api], redactUrl(url), { url, heads, isListedOnly })]),
  ]);
}

async function isSchemaCurrent(
  examination: Examination,
  subject: DatabaseSubject,
): Promise<boolean> {
  const result = await examination.run('schema', subject.about, async () => ({
    findings: await schema.run(subject),
  }));
  return result !== null && result.findings.length === 0;
}

async function examineBooks(
  examination: Examination,
  { about, pool }: DatabaseSubject,
  { config, endpoints }: { config: ImoConfig; endpoints: readonly ExaminedChain[] },
): Promise<void> {
  const ofChain = async ({ chain, best }: ExaminedChain) => {
    const node = async (): Promise<ChainView | null> => {
      const endpoint = await best();
      if (endpoint === null) return null;
      const blockHash = async (block: number) => (await endpoint.node.blockHeader(block)).hash;
      const code = (address: Address) => endpoint.node.code(address, endpoint.head.number);
      return { head: endpoint.head, blockHash, code };
    };
    const read = await examination.run('books', chain.name, () => readBooks({ chain, pool, node }));
    if (read !== null) await examination.all(BOOKS_CHECKS, chain.name, read.subject);
  };
  await Promise.all([
    examination.all([chains], about, { about, pool, chains: config.chains }),
    ...endpoints.map(ofChain),
  ]);
}

const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}
