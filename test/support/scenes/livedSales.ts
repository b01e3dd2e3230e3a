import { defaultAccounts } from '../../../devnet/actors.js';
import { deployWindowed } from '../../../devnet/deploy.js';
import { createSaleWorld, liveSales } from '../../../devnet/saleLife.js';
import { startAnvil } from '../nodes/anvil.js';
import { saleConfig } from './saleConfig.js';

/** A chain on which sales of every shape have lived, and what to index there. */
export async function livedSales(seed: number, transactions: number) {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const [owner = ''] = await defaultAccounts(chain);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: owner,
    name: 'Model',
    symbol: 'MDL',
    supply: 10n ** 27n,
    percentClaimable: 80,
    snapshotInterval: 10,
  });
  const world = await createSaleWorld(chain, { seed, token: { contract: token, owner } });
  const report = await liveSales(world, { transactions });
  const sales = world.sales.map((sale) =>
    // A launchpad and a pool say themselves what they raise.
    saleConfig(sale, token, sale.kind === 'launchpad' ? null : sale.raiseAsset),
  );
  return { world, report, request: { chain, tokens: [token.address], sales } };
}
