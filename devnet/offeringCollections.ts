// SPDX-License-Identifier: GPL-3.0-or-later
import { hexlify, toUtf8Bytes } from 'ethers';
import type { Chain } from './anvil.js';
import type { BlockMaker } from './blocks.js';
import type { TransactionRequest } from './chain.js';
import { transfer } from './collectionActions.js';
import type { CollectionWorld, DevnetCollection } from './collectionWorld.js';
import { type DeployedContract, deployContract, encodeCall } from './deploy.js';
import type { Stage } from './offering.js';
import type { OfferingContracts, OfferingToken } from './offeringContracts.js';
import { PAINTER_MODEL_ID } from './offeringModels.js';
import type { SeededRandom } from './random.js';

const PAINTING_WEI = 50_000_000_000_000_000n; // 0.05 ETH; a tenth of it is the oracle's
const VERSE_WEI = 20_000_000_000_000_000n;
const SHOP_FEE_WEI = 4_000_000_000_000_000n;
const PERCENT_OF_PAINTING = 60n;
const PERCENT_OF_VERSE = 40n;

const MOODS = ['a quiet', 'a golden', 'a foggy', 'an endless', 'a tiny', 'a neon', 'a forgotten'];
const MOTIFS = ['harbour', 'orchard', 'observatory', 'tram stop', 'glacier', 'library', 'garden'];
const VERSES = [
  'The tide keeps books in salt and foam, and pays in full at noon.',
  'Two lanterns argue over who may keep the longer shadow.',
  'What winter owed the river came by spring, with interest.',
];

/**
 * Deploys the two ERC-7007 collections: paintings that the oracle's model makes, of whose mints
 * most goes to Atelier's token, and verses with validity proofs that pay Meridian's, also by
 * way of a shop that passes its own fee on.
 */
export async function deployOfferingCollections(
  chain: Chain,
  blocks: BlockMaker,
  random: SeededRandom,
  options: {
    from: string;
    meridian: OfferingToken;
    atelier: OfferingToken;
    oracle: DeployedContract;
    contracts: OfferingContracts;
    collectors: readonly string[];
  },
): Promise<CollectionWorld> {
  const { from, meridian, atelier, oracle, contracts, collectors } = options;
  const paintingTerms = ['Atelier Dreams', 'DREAM', 4, atelier.address, PERCENT_OF_PAINTING];
  const verseTerms = ['Meridian Verses', 'VERSE', 3, meridian.address, PERCENT_OF_VERSE];
  const collections: DevnetCollection[] = [
    {
      contract: await deployContract(
        chain,
        'AigcOpml',
        [...paintingTerms, oracle.address, PAINTER_MODEL_ID],
        { from },
      ),
      shape: 'opml',
      topics: 4,
      payeePercent: PERCENT_OF_PAINTING,
      payee: 'token',
    },
    {
      contract: await deployContract(chain, 'AigcCollection', verseTerms, { from }),
      shape: 'modern',
      topics: 3,
      payeePercent: PERCENT_OF_VERSE,
      payee: 'token',
    },
  ];
  const minter = await deployContract(chain, 'AigcMinter', [meridian.address], { from });
  const { splitter, router } = contracts;
  const splittingMinter = await deployContract(chain, 'AigcMinter', [splitter.address], { from });
  await blocks.catchUp();
  return {
    chain,
    random,
    blocks,
    collections,
    oracle,
    minter,
    splittingMinter,
    router,
    actors: collectors,
    owners: new Map(collections.map(({ contract }) => [contract.address, new Map()])),
    prompts: new Map(collections.map(({ contract }) => [contract.address, []])),
  };
}

/** Somebody mints a painting, or a verse with its text, at the collection or at the shop. */
export function drawMint({ offering, random }: Stage): TransactionRequest {
  const { collections, prompts, minter, splittingMinter, actors } = offering.collections;
  const { contract, shape } = random.pick(collections);
  const used = prompts.get(contract.address) ?? [];
  const text = `${random.pick(MOODS)} ${random.pick(MOTIFS)}, no. ${used.length + 1}`;
  const prompt = hexlify(toUtf8Bytes(text));
  used.push(prompt);
  const from = random.pick(actors);
  if (shape === 'opml') {
    const data = encodeCall(contract, 'mint', [from, prompt]);
    return { from, to: contract.address, data, valueWei: PAINTING_WEI };
  }
  const verse = hexlify(toUtf8Bytes(random.pick(VERSES)));
  const proof = hexlify(toUtf8Bytes(`groth16 ${random.uint32().toString(16)}`));
  if (random.chance(60)) {
    const data = encodeCall(contract, 'mintWithData', [from, prompt, verse, proof]);
    return { from, to: contract.address, data, valueWei: VERSE_WEI };
  }
  const shop = random.weighted([
    [minter, 3],
    [splittingMinter, 1],
  ]);
  const args = [contract.address, prompt, verse, proof, VERSE_WEI];
  const data = encodeCall(shop, 'buyWithData', args);
  return { from, to: shop.address, data, valueWei: VERSE_WEI + SHOP_FEE_WEI };
}

/** An owner gives a painting or a verse away, or mints one where nobody has any. */
export function drawGift(stage: Stage): TransactionRequest {
  const world = stage.offering.collections;
  return transfer(world, stage.random.pick(world.collections)) ?? drawMint(stage);
}
