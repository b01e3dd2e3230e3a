// SPDX-License-Identifier: GPL-3.0-or-later
import { concat, hexlify, keccak256, toUtf8Bytes } from 'ethers';
import type { TransactionRequest } from './chain.js';
import type { CollectionWorld, DevnetCollection } from './collectionWorld.js';
import { type DeployedContract, encodeCall } from './deploy.js';
import { routerBundle } from './holder.js';

const GAS = 12_000_000n;
const MAX_PAYMENT_WEI = 10n ** 18n;

/** Something that somebody does to a collection; it may fail. */
export type CollectionAction = (
  world: CollectionWorld,
  collection: DevnetCollection,
) => TransactionRequest | null;

type Weighted = readonly [CollectionAction, number];

/** What can happen to a collection of a shape, with how often. */
export function actionsOf(shape: DevnetCollection['shape']): readonly Weighted[] {
  switch (shape) {
    case 'modern':
      return MODERN;
    case 'opml':
      return OPML;
    case 'draft':
      return [[draftMint, 6], ...ON_TOKENS];
    case 'reference':
      return REFERENCE;
    case 'consecutive':
      return [[countedMint, 3], [addData, 4], ...ON_TOKENS];
  }
}

/** Prompts are text or bytes of any kind, new ones or ones that were used before. */
function nextPrompt({ random, prompts }: CollectionWorld, { contract }: DevnetCollection): string {
  const used = prompts.get(contract.address) ?? [];
  if (used.length > 0 && random.chance(15)) return random.pick(used);
  const text = `a ${random.pick(['cat', 'тень', '雨', 'wave'])} number ${random.uint32()}`;
  const prompt = random.chance(80) ? hexlify(toUtf8Bytes(text)) : bytes(random, 200);
  used.push(prompt);
  return prompt;
}

/** Bytes of any kind, seldom none, seldom many. */
function bytes(random: CollectionWorld['random'], most: number): string {
  const length = random.integer(0, random.chance(10) ? 20 * most : most);
  let hex = '0x';
  while (hex.length < 2 + 2 * length) hex += random.uint32().toString(16).padStart(8, '0');
  return hex.slice(0, 2 + 2 * length);
}

function call(
  world: CollectionWorld,
  contract: DeployedContract,
  name: string,
  args: readonly unknown[],
  valueWei = 0n,
  from = world.random.pick(world.actors),
): TransactionRequest {
  return {
    from,
    to: contract.address,
    data: encodeCall(contract, name, args),
    valueWei,
    gas: GAS,
  };
}

function someToken(
  { owners, random }: CollectionWorld,
  { contract }: DevnetCollection,
): readonly [tokenId: bigint, owner: string] | null {
  const living = [...(owners.get(contract.address) ?? [])];
  return living.length === 0 ? null : random.pick(living);
}

/** A prompt that belongs to the token, if one does; ids of counted tokens say nothing. */
function promptOf(world: CollectionWorld, collection: DevnetCollection, tokenId: bigint): string {
  const used = world.prompts.get(collection.contract.address) ?? [];
  const own = used.find((prompt) => BigInt(keccak256(prompt)) === tokenId);
  return own ?? nextPrompt(world, collection);
}

const pay = ({ random }: CollectionWorld) => random.amount(MAX_PAYMENT_WEI);
const buyer = ({ random, actors }: CollectionWorld) => random.pick(actors);

const mint: CollectionAction = (world, collection) =>
  call(
    world,
    collection.contract,
    'mint',
    [buyer(world), nextPrompt(world, collection)],
    pay(world),
  );

const mintMany: CollectionAction = (world, collection) => {
  const prompts = Array.from({ length: world.random.integer(1, 4) }, () =>
    nextPrompt(world, collection),
  );
  return call(world, collection.contract, 'mintMany', [buyer(world), prompts], pay(world));
};

const mintWithData: CollectionAction = (world, collection) => {
  const { random } = world;
  const args = [buyer(world), nextPrompt(world, collection), bytes(random, 300), bytes(random, 64)];
  return call(world, collection.contract, 'mintWithData', args, pay(world));
};

/** Token and content by two delegated frames of one call. */
const multicall: CollectionAction = (world, collection) => {
  const { random } = world;
  const prompt = nextPrompt(world, collection);
  const data = [BigInt(keccak256(prompt)), prompt, bytes(random, 300), bytes(random, 64)];
  const calls = [
    encodeCall(collection.contract, 'mint', [buyer(world), prompt]),
    encodeCall(collection.contract, 'addAigcData', data),
  ];
  return call(world, collection.contract, 'multicall', [calls], pay(world));
};

const addData: CollectionAction = (world, collection) => {
  const token = someToken(world, collection);
  if (token === null) return null;
  const { random } = world;
  const prompt = promptOf(world, collection, token[0]);
  const args = [token[0], prompt, bytes(random, 500), bytes(random, 64)];
  return call(world, collection.contract, 'addAigcData', args);
};

const addDerivedData: CollectionAction = (world, collection) => {
  const token = someToken(world, collection);
  if (token === null) return null;
  const prompt = promptOf(world, collection, token[0]);
  return call(world, collection.contract, 'addDerivedData', [token[0], prompt]);
};

/** A minter mints one or several tokens and passes its fee on. */
const buy: CollectionAction = (world, collection) => {
  const { random, minter, splittingMinter } = world;
  const prompts = Array.from({ length: random.integer(1, 3) }, () => nextPrompt(world, collection));
  const mintWei = pay(world);
  const args = [collection.contract.address, prompts, mintWei];
  const valueWei = mintWei * BigInt(prompts.length) + pay(world);
  return call(world, random.pick([minter, splittingMinter]), 'buy', args, valueWei);
};

const buyWithData: CollectionAction = (world, collection) => {
  const { random, minter, splittingMinter } = world;
  const prompt = nextPrompt(world, collection);
  const mintWei = pay(world);
  const content = [prompt, bytes(random, 300), bytes(random, 64)];
  const args = [collection.contract.address, ...content, mintWei];
  return call(
    world,
    random.pick([minter, splittingMinter]),
    'buyWithData',
    args,
    mintWei + pay(world),
  );
};

/** Two mints of one transaction, of which either may fail. */
const routed: CollectionAction = (world, collection) => {
  const steps = [1, 2].map(() => ({
    target: collection.contract.address,
    data: encodeCall(collection.contract, 'mint', [buyer(world), nextPrompt(world, collection)]),
    valueWei: pay(world),
    mayFail: true,
  }));
  return routerBundle(world.router, buyer(world), steps);
};

const answer: CollectionAction = (world) => {
  const requestId = BigInt(world.random.integer(1, 1 + opmlTokens(world)));
  return call(world, world.oracle, 'invokeCallback', [requestId, bytes(world.random, 400)]);
};

const update: CollectionAction = (world, collection) => {
  const args = [nextPrompt(world, collection), bytes(world.random, 300)];
  return call(world, collection.contract, 'update', args);
};

const draftMint: CollectionAction = (world, collection) => {
  const { random } = world;
  const uri = `ipfs://${random.uint32()}\t"ü"\n`;
  const content = [nextPrompt(world, collection), bytes(random, 300), uri, bytes(random, 64)];
  return random.chance(50)
    ? call(world, collection.contract, FIRST_DRAFT, content, pay(world))
    : call(world, collection.contract, SECOND_DRAFT, [buyer(world), ...content], pay(world));
};

const countedMint: CollectionAction = (world, collection) => {
  const tokenId = BigInt(world.random.integer(100, 400));
  return call(world, collection.contract, 'mint', [buyer(world), tokenId], pay(world));
};

const mintOnly: CollectionAction = (world, collection) =>
  call(
    world,
    collection.contract,
    'mintOnly',
    [buyer(world), nextPrompt(world, collection)],
    pay(world),
  );

/** A proof of the reference code: the hash of prompt and content. */
const proofOf = (prompt: string, content: string) => keccak256(concat([prompt, content]));

const mintProven: CollectionAction = (world, collection) => {
  const [prompt, content] = [nextPrompt(world, collection), bytes(world.random, 300)];
  const args = [buyer(world), prompt, content, proofOf(prompt, content)];
  return call(world, collection.contract, 'mint', args, pay(world));
};

/** Anybody adds data to any token: for its own prompt, or for another one. */
const addProven: CollectionAction = (world, collection) => {
  const token = someToken(world, collection);
  if (token === null) return null;
  const { random } = world;
  const isOwn = random.chance(60);
  const prompt = isOwn ? promptOf(world, collection, token[0]) : nextPrompt(world, collection);
  const content = bytes(random, 500);
  const proof = random.chance(90) ? proofOf(prompt, content) : bytes(random, 64);
  return call(world, collection.contract, 'addAigcData', [token[0], prompt, content, proof]);
};

/** The owner of some token gives it to somebody. */
export const transfer: CollectionAction = (world, collection) => {
  const token = someToken(world, collection);
  if (token === null) return null;
  const [tokenId, owner] = token;
  const args = [owner, buyer(world), tokenId];
  return call(world, collection.contract, 'transferFrom', args, 0n, owner);
};

const burn: CollectionAction = (world, collection) => {
  const token = someToken(world, collection);
  return token === null ? null : call(world, collection.contract, 'burn', [token[0]], 0n, token[1]);
};

const FIRST_DRAFT = 'mint(bytes,bytes,string,bytes)';
const SECOND_DRAFT = 'mint(address,bytes,bytes,string,bytes)';
const ON_TOKENS: readonly Weighted[] = [
  [transfer, 5],
  [burn, 2],
];
const MODERN: readonly Weighted[] = [
  [mint, 5],
  [mintMany, 3],
  [mintWithData, 4],
  [multicall, 3],
  [addData, 5],
  [addDerivedData, 1],
  [buy, 4],
  [buyWithData, 4],
  [routed, 3],
  ...ON_TOKENS,
];
const REFERENCE: readonly Weighted[] = [
  [mintOnly, 4],
  [mintProven, 4],
  [addProven, 8],
  ...ON_TOKENS,
];
const OPML: readonly Weighted[] = [[mint, 6], [routed, 2], [answer, 8], [update, 1], ...ON_TOKENS];

function opmlTokens({ collections, owners }: CollectionWorld): number {
  return collections
    .filter(({ shape }) => shape === 'opml')
    .reduce((sum, { contract }) => sum + (owners.get(contract.address)?.size ?? 0), 0);
}
