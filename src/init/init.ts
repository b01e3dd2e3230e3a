import { type Address, checksummed } from '../address.js';
import { describeAbility } from '../chain/source/finders/probe.js';
import { sqdFinders } from '../chain/source/portal/sqdFinders.js';
import type { ChainConfig, ImoConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { presetsOn, readNamed } from './arguments.js';
import { findContracts } from './findContracts.js';
import { CONTRACT_LISTS, type Found } from './found.js';
import { openManifest, parseManifest, writeManifest } from './manifest/file.js';
import { manifestText } from './manifest/manifestText.js';
import { namedNetwork, variableOf } from './networks.js';
import { type Choice, chainOfFile, choosePortal, chooseRpc } from './node/choose.js';
import { type OpenedNode, openNode } from './node/openNode.js';
import type { Subject } from './node/subject.js';
import { type WrittenUrl, writtenUrl } from './node/urls.js';
import { knownPools } from './recognise/pool.js';

export interface InitRequest extends Choice {
  /** Addresses and names of presets. */
  readonly names: readonly string[];
  /** Path of imo.yaml. */
  readonly path: string;
  readonly progress: Subject['progress'];
  /** Takes what a person should read. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What was written. */
export interface Initialised {
  /** With the endpoint that was given, whether its variable is set or not. */
  readonly chain: ChainConfig;
  readonly found: readonly Found[];
  /** Variables that `index` needs and that are not set. */
  readonly variables: readonly string[];
}

/**
 * Writes an imo.yaml for some addresses, or adds them to one. Nothing is written unless everything was
 * found out.
 *
 * @throws ImoError with the codes `INIT_…`, `RPC_…` and `CONFIG_…`
 */
export async function writeFirstManifest(request: InitRequest): Promise<Initialised> {
  const { path, env, ask, say } = request;
  const file = await openManifest(path, env);
  const named = readNamed(await namesOf(request.names, ask));
  const rpc = await chooseRpc(request, file, named.presets);
  const opened = await openNode(rpc.url, request.chain);
  try {
    const { chainId } = opened;
    say(describeAbility(opened.ability));
    const preset = presetsOn(named.presets, chainId);
    const addresses = [...new Set([...named.addresses, ...preset.addresses])];
    const before = chainOfFile(file, chainId);
    assertNew(addresses, before, path);
    const portal = before === null ? await choosePortal(request, chainId) : null;
    const services = { portal: portal?.endpoint ?? before?.portal ?? null, gatewayUrl: null };
    const subject = subjectOf(request, opened, services);
    const all = await findContracts(subject, addresses);
    all.push(...(await knownPools(subject, preset.pools)));
    const found = all.filter((one) => isNew(one, before, file.source));
    const written = writtenUrl(rpc, variableOf('RPC', chainId));
    const writtenPortal =
      portal === null ? null : writtenUrl(portal.given, variableOf('PORTAL', chainId));
    const network = namedNetwork(chainId);
    const entry = {
      id: chainId,
      name: network.name,
      rpc: written.text,
      portal: writtenPortal?.text ?? null,
      knownPortal: network.portal,
      labels: preset.labels,
    };
    const text = manifestText(file.source, entry, found);
    const config = parseManifest(path, text, env);
    assertHolds(config, chainId, found);
    await writeManifest(file, text);
    const chain = chainWith(config, chainId, rpc.url);
    const urls = before === null ? [written, writtenPortal] : [];
    return { chain, found, variables: variablesOf(urls, env) };
  } finally {
    opened.close();
  }
}

async function namesOf(names: readonly string[], ask: InitRequest['ask']): Promise<string[]> {
  if (names.length > 0) return [...names];
  const answer =
    ask === null ? '' : await ask('Address of a contract, or a known deployment', null);
  const asked = answer.split(/[\s,]+/).filter((name) => name !== '');
  if (asked.length > 0) return asked;
  throw new ImoError(
    'INIT_NOTHING_NAMED',
    'no contract is named',
    'Name the address of a revenue token, e.g. `imo-ledger init 0x…`, or a known deployment: `imo-ledger init olm`.',
  );
}

function subjectOf(
  { progress, say, signal }: InitRequest,
  { node, chainId, head, ability }: OpenedNode,
  services: Parameters<typeof sqdFinders>[0],
): Subject {
  const noted = new Set<string>();
  const note = (line: string) => {
    if (noted.has(line)) return;
    noted.add(line);
    say(`note: ${line}`);
  };
  const hasTraceFilter = ability.traceFilter === 'indexed';
  const finders = sqdFinders(services);
  return { node, chainId, head, hasTraceFilter, finders, progress, note, signal };
}

function addressesOf(chain: ChainConfig | null): Set<Address> {
  return new Set(
    CONTRACT_LISTS.flatMap((list) => (chain?.[list] ?? []).map(({ address }) => address)),
  );
}

function assertNew(addresses: readonly Address[], before: ChainConfig | null, path: string): void {
  const there = addressesOf(before);
  const known = addresses.filter((address) => there.has(address));
  if (known.length === 0) return;
  throw new ImoError(
    'INIT_ALREADY_THERE',
    `${known.map(checksummed).join(', ')} is in ${path} already, on chain ${before?.id}`,
    'Leave it out. To examine it again, delete its entry first, or write another file with --config.',
  );
}

function isNew(
  { address, isCertain }: Found,
  before: ChainConfig | null,
  source: string | null,
): boolean {
  if (addressesOf(before).has(address)) return false;
  // What is only likely is in a comment.
  return isCertain || !(source ?? '').toLowerCase().includes(address);
}

/** A file that would not index what was found must not be written. */
function assertHolds(config: ImoConfig, chainId: number, found: readonly Found[]): void {
  const there = addressesOf(config.chains.find(({ id }) => id === chainId) ?? null);
  const missing = found.filter(({ isCertain, address }) => isCertain && !there.has(address));
  if (missing.length === 0) return;
  throw new RangeError(`the new file lacks ${missing.map(({ address }) => address).join(', ')}`);
}

function chainWith(config: ImoConfig, chainId: number, rpcUrl: string): ChainConfig {
  const chain = config.chains.find(({ id }) => id === chainId);
  if (chain === undefined) throw new RangeError(`the new file lacks chain ${chainId}`);
  return { ...chain, rpcUrl, fallbackRpcUrls: [] };
}

function variablesOf(urls: readonly (WrittenUrl | null)[], env: NodeJS.ProcessEnv): string[] {
  return urls.flatMap((url) => (url?.variable == null || env[url.variable] ? [] : [url.variable]));
}
