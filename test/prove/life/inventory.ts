import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployedContract } from '../../../devnet/deploy.js';
import { detectToken } from '../../../src/chain/contract/detect.js';
import { ChainNode } from '../../../src/chain/node.js';
import { POLICIES } from '../../../src/ledger/policies/registry.js';
import { ODD_MAPPING } from '../../support/scenes/poolScene.js';
import { OVERFLOW_MAPPING } from '../../support/scenes/saleConfig.js';
import { offeringConfig } from '../bookLife.js';
import type { LifeChain } from './lifeChain.js';

/** What a config of a chain may have: an entry of a list, as the file has it. */
export interface Item {
  /** A list of the config. */
  readonly list: string;
  /** Names it in the lines of a run. */
  readonly name: string;
  /** The ways in which the file may say it; all of them can be indexed. */
  readonly variants: readonly Readonly<Record<string, unknown>>[];
  /** Names of items without which it is not valid. */
  readonly needs: readonly string[];
}

const LABELS = ['router', 'grants', 'partner'];

/**
 * Everything that can be in the config of a chain: what lives there, labels of those who pay, factories
 * and price feeds.
 *
 * @param folder for the ABIs that entries name
 */
export async function inventoryOf(chain: LifeChain, folder: string): Promise<Item[]> {
  const { forking, feeds } = chain;
  const { offering } = forking;
  const { oracles, collections } = offeringConfig(offering);
  const items: Item[] = [];
  const add = (list: string, name: string, variants: Item['variants'], needs: string[] = []) =>
    items.push({ list, name, variants, needs });
  for (const address of [...offering.tokens, chain.pools.token.address]) {
    const policies = await statedPolicies(chain, address);
    add('tokens', `token ${address}`, [
      { address },
      { address, startBlock: 1 },
      ...policies.map((policy) => ({ address, policy })),
    ]);
  }
  for (const { address } of oracles) {
    const later = { address, startBlock: chain.begunBlock };
    add('oracles', `oracle ${address}`, [{ address }, { address, label: 'models' }, later]);
  }
  for (const { address } of collections) {
    add('collections', `collection ${address}`, [
      { address },
      { address, label: 'pictures' },
      { address, startBlock: 1 },
    ]);
  }
  for (const sale of await saleItems(chain, folder)) items.push(sale);
  for (const [place, address] of chain.payers.entries()) {
    const names = [LABELS[place % LABELS.length] ?? '', `payer ${place}`];
    add(
      'labels',
      `label ${address}`,
      names.map((name) => ({ address, name })),
    );
  }
  for (const [place, { address: aggregator }] of feeds.entries()) {
    const feed = { asset: 'native', currency: place === 0 ? 'USD' : 'EUR', aggregator };
    add('prices', `feed ${aggregator}`, [feed, { ...feed, staleAfterSeconds: 600 }]);
  }
  return [...items, ...(await poolItems(chain, folder)), ...factoryItems(chain)];
}

/** The known policy that the contract shows, if the config may state it. */
async function statedPolicies(
  { forking: { node } }: LifeChain,
  address: string,
): Promise<readonly string[]> {
  const config = { address: address as never, policy: 'auto', startBlock: null, assets: [] };
  const { policy } = await detectToken(new ChainNode(node.url), config, null);
  return POLICIES.filter(({ name }) => name === policy.name).map(({ name }) => name);
}

async function saleItems({ forking: { offering } }: LifeChain, folder: string): Promise<Item[]> {
  const items: Item[] = [];
  const abis = new Map(
    offering.sales.sales.map(({ contract }) => [contract.address, contract.interface]),
  );
  for (const { address, kind, token, raiseAsset } of offeringConfig(offering).sales) {
    const sale = { address, kind, token, ...(raiseAsset === null ? {} : { raiseAsset }) };
    const item = { list: 'sales', name: `sale ${address}`, needs: [`token ${token}`] };
    if (kind !== 'custom') {
      items.push({ ...item, variants: [sale, { ...sale, label: 'offer' }] });
      continue;
    }
    const abi = `${address}.json`;
    await writeFile(join(folder, abi), abis.get(address)?.formatJson() ?? '');
    const { finalisation: _, ...unfinished } = OVERFLOW_MAPPING;
    const { deposit } = OVERFLOW_MAPPING;
    const mappings = [OVERFLOW_MAPPING, unfinished, { deposit }];
    items.push({ ...item, variants: mappings.map((mapping) => ({ ...sale, abi, mapping })) });
  }
  return items;
}

async function poolItems({ pools }: LifeChain, folder: string): Promise<Item[]> {
  const { vault, stake, odd } = pools;
  const [token, ofVault] = [`token ${pools.token.address}`, `pool ${vault.address}`];
  const item = (pool: DeployedContract, needs: string, variants: Item['variants']): Item => {
    const { address } = pool;
    const entries = variants.map((variant) => ({ address, ...variant }));
    return { list: 'lookThrough', name: `pool ${address}`, variants: entries, needs: [needs] };
  };
  const abi = `${odd.address}.json`;
  await writeFile(join(folder, abi), odd.interface.formatJson());
  const shares = { kind: 'shares', token: vault.address };
  const asset = { token: pools.token.address };
  const custom = { kind: 'custom', ...asset, abi };
  const { set: _, ...withoutSet } = ODD_MAPPING;
  return [
    item(vault, token, [
      { kind: 'erc4626', ...asset },
      { kind: 'erc4626' },
      { kind: 'shares', ...asset },
      { kind: 'erc4626', ...asset, label: 'vault' },
    ]),
    item(stake, ofVault, [shares, { ...shares, label: 'stakes' }, { ...shares, startBlock: 1 }]),
    // Nothing is boosted: both mappings are right.
    item(odd, token, [
      { ...custom, mapping: ODD_MAPPING },
      { ...custom, mapping: withoutSet },
    ]),
  ];
}

function factoryItems({ factory: { address: factory } }: LifeChain): Item[] {
  const tokens = {
    factory,
    event: 'event TokenCreated(address indexed token, address creator)',
    field: 'token',
  };
  const collections = {
    factory,
    event: 'event CollectionCreated(address collection)',
    field: 'collection',
  };
  const sales = {
    factory,
    event: 'event SaleCreated(address sale, address indexed token)',
    field: 'sale',
    kind: 'fixed-price',
    token: 'token',
  };
  return [
    { list: 'tokensFrom', name: 'tokens of the factory', variants: [tokens], needs: [] },
    {
      list: 'collectionsFrom',
      name: 'collections of the factory',
      variants: [collections],
      needs: [],
    },
    {
      list: 'salesFrom',
      name: 'sales of the factory',
      variants: [sales],
      needs: ['tokens of the factory'],
    },
  ];
}
