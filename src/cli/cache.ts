import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { CacheContents } from '../chain/source/cache/manage.js';
import { ImoError } from '../errors.js';
import { formatTable, type TableColumn } from '../textTable.js';
import { parseWholeNumber, verb } from './wiring/options.js';

const ACTIONS = ['list', 'verify', 'prune', 'pack', 'unpack'] as const;
type Action = (typeof ACTIONS)[number];

interface CacheOptions {
  readonly config: string;
  readonly folder?: string;
  readonly chain?: number;
  readonly olderThan?: number;
}

const COLUMNS: readonly TableColumn<CacheContents>[] = [
  { title: 'chain', cell: ({ chainId }) => String(chainId) },
  { title: 'contract', cell: ({ subject }) => subject },
  { title: 'blocks', cell: ({ fromBlock, toBlock }) => `${fromBlock}-${toBlock}` },
  { title: 'entries', align: 'right', cell: ({ entries }) => String(entries) },
  { title: 'size', align: 'right', cell: ({ bytes }) => megabytes(bytes) },
];

export function addCacheVerb(program: Command): void {
  verb(program, 'cache', {
    summary: 'list, verify, prune, pack or unpack the cache of final blocks',
    description:
      'Manages the cache: the folder in which `index` keeps what it read of final blocks, and from which it reads them the ' +
      'next time (`cache:` in imo.yaml; default: .imo-ledger/cache next to it). `index --no-cache` does not use it.\n\n' +
      '  list          show what is kept, by chain and contract\n' +
      '  verify        read everything and compare it with its checksums\n' +
      '  prune         delete all of it, or what was not used for some days\n' +
      '  pack FILE     write it into one file, to move it or to send it with a report\n' +
      '  unpack FILE   add a packed cache to the folder',
    example:
      'imo-ledger cache list\nimo-ledger cache prune --older-than 30\nimo-ledger cache pack cache.imo',
    exits: { 1: 'failed, or `verify` found damaged files' },
  })
    .argument('<action>', ACTIONS.join(', '))
    .argument('[file]', 'the packed file, for pack and unpack')
    .option('--folder <path>', 'folder of the cache (default: that of imo.yaml)')
    .option('--chain <id>', 'only this chain', parseWholeNumber)
    .addOption(
      new Option(
        '--older-than <days>',
        'prune: delete only what was not used for this long',
      ).argParser(parseWholeNumber),
    )
    .action(runCache);
}

async function runCache(
  action: string,
  file: string | undefined,
  options: CacheOptions,
): Promise<void> {
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined) {
    throw new ImoError(
      'USAGE',
      `"${action}" is not a cache action`,
      `Write one of ${ACTIONS.join(', ')}.`,
    );
  }
  for (const folder of await foldersOf(options)) await act(known, folder, file, options);
}

/** The folder of each chain that has one; the same folder only once. */
async function foldersOf({ folder, config }: CacheOptions): Promise<readonly string[]> {
  if (folder !== undefined) return [resolve(folder)];
  const { loadConfig } = await import('../config/load.js');
  const { chains } = await loadConfig(config, process.env);
  const folders = chains.flatMap(({ cache }) => (cache == null ? [] : [cache.folder]));
  if (folders.length > 0) return [...new Set(folders)];
  throw new ImoError(
    'CACHE_OFF',
    `each chain of ${config} has \`cache: false\``,
    'Name a folder with --folder, or delete `cache: false`.',
  );
}

async function act(
  action: Action,
  folder: string,
  file: string | undefined,
  { chain, olderThan }: CacheOptions,
): Promise<void> {
  const cache = await import('../chain/source/cache/manage.js');
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  if (action === 'unpack') {
    const count = await cache.unpackCache(fileOf(action, file), folder);
    return say(`${count} files were put into ${folder}`);
  }
  const packs = (await cache.cachePacks(folder)).filter(
    ({ chainId }) => chain === undefined || chainId === chain,
  );
  const bytes = packs.reduce((sum, pack) => sum + pack.file.bytes, 0);
  const all = `${packs.length} files with ${megabytes(bytes)} in ${folder}`;
  if (action === 'list') {
    const contents = await cache.cacheContents(packs);
    if (contents.length > 0) process.stdout.write(formatTable(COLUMNS, contents));
    say(all);
  } else if (action === 'verify') {
    const damaged = await cache.verifyPacks(packs);
    for (const { path, reason } of damaged) say(`${path}: ${reason}`);
    say(
      damaged.length === 0
        ? `${all}: all checksums agree`
        : `${damaged.length} of ${all} are damaged`,
    );
    if (damaged.length > 0) process.exitCode = 1;
  } else if (action === 'prune') {
    const gone = await cache.prunePacks(packs, {
      ...(chain === undefined ? {} : { chainId: chain }),
      ...(olderThan === undefined ? {} : { olderThanDays: olderThan }),
    });
    say(`${gone.files} files with ${megabytes(gone.bytes)} were removed from ${folder}`);
  } else {
    const target = resolve(fileOf(action, file));
    await cache.packCache(packs, target);
    say(`${all} were packed into ${target}`);
  }
}

function fileOf(action: Action, file: string | undefined): string {
  if (file !== undefined) return file;
  const hint = `For example: \`imo-ledger cache ${action} cache.imo\`.`;
  throw new ImoError('USAGE', `the file to ${action} is missing`, hint);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
