import { redactUrl } from '../../config/redact.js';
import type { SqdEndpoint } from '../../config/source/sqd.js';
import { sqdField } from '../../config/source/sqd.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { type ManifestFile, variableNotSet } from '../manifest/file.js';
import { namedNetwork, variableOf } from '../networks.js';
import type { Preset } from '../presets/preset.js';
import { type GivenUrl, givenUrl } from './urls.js';

/** Asks a person; what is suggested is taken where the answer is empty. */
export type AskPerson = (question: string, suggestion: string | null) => Promise<string>;

export interface Choice {
  /** Of the command line; `null`: left out. */
  readonly rpc: string | null;
  readonly portal: string | null;
  readonly chain: number | null;
  readonly env: NodeJS.ProcessEnv;
  /** `null`: nobody can be asked. */
  readonly ask: AskPerson | null;
}

const PORTAL_WITHIN_MS = 10_000;

/**
 * The endpoint to ask: the one that is given, of the file, of the environment, or of the person.
 *
 * @throws ImoError `INIT_RPC_MISSING` and those of `givenUrl`
 */
export async function chooseRpc(
  { rpc, chain, env, ask }: Choice,
  file: ManifestFile,
  presets: readonly Preset[],
): Promise<GivenUrl> {
  if (rpc !== null) return givenUrl('--rpc', rpc, env);
  const wanted = chain ?? onlyChainOf(presets);
  const known = chainOfFile(file, wanted);
  if (known !== null) {
    const missing = variableNotSet(known.rpcUrl);
    return givenUrl(`rpc of ${file.path}`, missing === null ? known.rpcUrl : `$\{${missing}}`, env);
  }
  const variable = wanted === null ? null : variableOf('RPC', wanted);
  if (variable !== null && env[variable]) return givenUrl(variable, `$\{${variable}}`, env);
  if (ask !== null) return givenUrl('the RPC URL', await ask(RPC_QUESTION, null), env);
  throw new ImoError(
    'INIT_RPC_MISSING',
    'no endpoint is named, and nobody can be asked: this is not a terminal',
    `Give the JSON-RPC URL of an archive node with --rpc, e.g. --rpc http://localhost:8545${
      variable === null ? '' : `, or set ${variable}`
    }.`,
  );
}

const RPC_QUESTION = `JSON-RPC URL of an archive node with traces (or $\{NAME} of an environment variable)`;

function onlyChainOf(presets: readonly Preset[]): number | null {
  const ids = new Set(presets.flatMap(({ chains }) => Object.keys(chains)));
  const [only] = ids;
  return ids.size === 1 ? Number(only) : null;
}

/** @param wanted chain id; `null`: the only one */
export function chainOfFile({ config }: ManifestFile, wanted: number | null): ChainConfig | null {
  const chains = config?.chains ?? [];
  if (wanted !== null) return chains.find(({ id }) => id === wanted) ?? null;
  return chains.length === 1 ? (chains[0] ?? null) : null;
}

/** A Portal as it was given, ready to be asked. */
export interface ChosenPortal {
  readonly given: GivenUrl;
  readonly endpoint: SqdEndpoint;
}

/**
 * The Portal of the command line or of the person, if any. It must answer.
 *
 * @throws ImoError `INIT_PORTAL_UNREACHABLE` and those of `givenUrl`
 */
export async function choosePortal(
  { portal, env, ask }: Choice,
  chainId: number,
): Promise<ChosenPortal | null> {
  const known = namedNetwork(chainId).portal;
  const text =
    portal ?? (ask === null ? '' : await ask('URL of an SQD Portal (- for none)', known ?? '-'));
  if (text === '' || text === '-') return null;
  const given = givenUrl('--portal', text, env);
  const endpoint = sqdField(env).parse(given.url);
  await assertAnswers(endpoint);
  return { given, endpoint };
}

async function assertAnswers({ url, key }: SqdEndpoint): Promise<void> {
  const answer = await fetch(`${url.replace(/\/$/, '')}/finalized-head`, {
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(PORTAL_WITHIN_MS),
  }).catch((error: unknown) => error);
  const isGood = answer instanceof Response && answer.ok;
  if (isGood) return;
  const reason = answer instanceof Response ? `HTTP ${answer.status}` : 'no answer';
  throw new ImoError(
    'INIT_PORTAL_UNREACHABLE',
    `the Portal ${redactUrl(url)} does not say how far it is (${reason} to /finalized-head)`,
    'Give the URL of a data set, e.g. https://portal.sqd.dev/datasets/ethereum-mainnet, or leave --portal out: ' +
      'blocks are then found by RPC.',
  );
}
