import type { DeployedContract } from '../../../devnet/deploy.js';
import type { LivingSale } from '../../../devnet/saleWorld.js';
import type { Address } from '../../../src/address.js';
import { resolveMapping } from '../../../src/config/sales/customSale.js';
import type { SaleConfig } from '../../../src/config/sales/sales.js';

/** The config of a sale of the devnet; a mapping says what the events of the overflow sale mean. */
export function saleConfig(
  {
    kind,
    contract,
  }: Pick<LivingSale, 'kind' | 'contract'> & Partial<Pick<LivingSale, 'raiseAsset'>>,
  token: DeployedContract,
  raiseAsset: string | null = null,
): SaleConfig {
  return {
    address: contract.address as Address,
    kind,
    token: token.address as Address,
    raiseAsset: raiseAsset as Address | null,
    startBlock: null,
    label: null,
    custom: kind === 'custom' ? overflowMapping(contract) : null,
  };
}

const participant = 'user';

/** What the events of the overflow sale mean, as a config says it. */
export const OVERFLOW_MAPPING = {
  deposit: { event: 'Deposit', participant, raiseAmount: 'amount' },
  tokenClaim: { event: 'Harvest', participant, tokenAmount: 'offeringAmount' },
  refund: { event: 'Harvest', participant, raiseAmount: 'excessAmount' },
  finalisation: { event: 'AdminWithdraw' },
};

function overflowMapping(contract: DeployedContract): SaleConfig['custom'] {
  const abi: unknown = JSON.parse(contract.interface.formatJson());
  const { sale, problems } = resolveMapping(abi, OVERFLOW_MAPPING);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return sale;
}
