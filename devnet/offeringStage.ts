// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import type { BlockMaker } from './blocks.js';
import { allHolders, type Offering, type Stage } from './offering.js';
import { deployOfferingCollections } from './offeringCollections.js';
import {
  deployOfferingContracts,
  deployOfferingTokens,
  type OfferingToken,
} from './offeringContracts.js';
import { deployOfferingOracle } from './offeringModels.js';
import { deployOfferingPrices } from './offeringPrices.js';
import { openLaunchpad } from './offeringSales.js';
import { SeededRandom } from './random.js';
import { TokenBook } from './tokenBook.js';

const PAYERS = 8;
/** Of the holders, those who take part in sales and mint. */
const PARTICIPANTS = 32;

/** Deploys what is there from the first day; all tokens are the founder's. */
export async function setTheStage(
  chain: Chain,
  blocks: BlockMaker,
  seed: number | bigint | string,
  holderCount: number,
): Promise<Stage> {
  const [founder = '', treasury = ''] = await createActors(chain, `founder ${seed}`, 2);
  const payers = await createActors(chain, `payer ${seed}`, PAYERS);
  const accounts = await createActors(chain, `holder ${seed}`, holderCount);
  const tokens = await deployOfferingTokens(chain, founder);
  const addresses = tokens.map(({ address }) => address);
  const contracts = await deployOfferingContracts(chain, founder, [...addresses, treasury]);
  const random = new SeededRandom(`life ${seed}`);
  const meridian = tokenLabelled(tokens, 'windowed-seconds');
  const sales = await openLaunchpad(chain, blocks, random, {
    founder,
    treasury,
    token: meridian,
    router: contracts.router,
    participants: allHolders(accounts.slice(0, PARTICIPANTS), contracts, founder).filter(
      ({ kind }) => kind === 'account',
    ),
  });
  const { dollar } = sales;
  const oracleOptions = { seed, tokens, clients: payers, dollar };
  const oracles = await deployOfferingOracle(chain, blocks, random, oracleOptions);
  const collections = await deployOfferingCollections(chain, blocks, random, {
    from: founder,
    meridian,
    atelier: tokenLabelled(tokens, 'windowed-proxy'),
    oracle: oracles.oracle.contract,
    contracts,
    collectors: accounts.slice(0, PARTICIPANTS),
  });
  const prices = await deployOfferingPrices(chain, random, treasury);
  await blocks.catchUp();

  const book = await TokenBook.open(chain, addresses);
  const offering = {
    chainId: chain.chainId,
    tokens,
    founder,
    holders: allHolders(accounts, contracts, founder),
    payers,
    ...contracts,
    oracles,
    answered: { count: 0 },
    collections,
    sales,
    prices,
    labels: labelsOf(payers, contracts.splitter.address, collections.minter.address),
  };
  return { offering, random, blocks, book, claimed: new Set() };
}

function labelsOf(
  [hosted = '', partner = '']: readonly string[],
  splitter: string,
  shop: string,
): Offering['labels'] {
  return [
    { address: hosted, name: 'Hosted API' },
    { address: partner, name: 'Partner studio' },
    { address: splitter, name: 'Licence splitter' },
    { address: shop, name: 'Verses mint shop' },
  ];
}

function tokenLabelled(
  tokens: readonly OfferingToken[],
  label: OfferingToken['label'],
): OfferingToken {
  const token = tokens.find((candidate) => candidate.label === label);
  if (token === undefined) throw new RangeError(`no token ${label} is offered`);
  return token;
}
