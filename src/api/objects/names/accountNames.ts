import type { ClassType } from 'type-graphql';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { MintRevenueRecord } from '../../../store/read/collections/mintPayments.js';
import type { OracleRecord } from '../../../store/read/oracles/oracles.js';
import { labelResolvers } from '../../lists/engine/labels.js';
import { fieldResolver } from '../../lists/engine/resolver.js';
import { OracleResultType } from '../../lists/results.js';
import { ArchiveType } from '../chains/archive.js';
import { DisagreementType } from '../chains/disagreement.js';
import { JoiningContractType } from '../chains/joining.js';
import { LedgerPartType } from '../chains/ledgerHash.js';
import { RefusedCreationType } from '../chains/refusedCreation.js';
import { UnrehearsedCodeType } from '../chains/unrehearsedCode.js';
import { MintPaymentType, MintRevenueType } from '../collections/mintPayment.js';
import { DepositPoolIdentityType } from '../identities.js';
import { AccountType, RevenueGroupType } from '../operations/journal.js';
import { ModelTermsType } from '../oracles/model.js';
import { DepositPoolType } from '../pools/depositPool.js';
import { EntitlementProofType } from '../tokens/commitment.js';
import { HoldType } from '../tokens/hold.js';

/** The labels of the addresses in some fields of a type. */
function named<Node extends object>(
  Row: ClassType,
  chainOf: (node: Node) => number,
  ...fields: readonly string[]
): ClassType {
  return fieldResolver(
    Row,
    labelResolvers<Node>(
      fields.map((of) => ({ of })),
      chainOf,
    ),
  );
}

const own = ({ chainId }: { readonly chainId: number }): number => chainId;
const ofMoment = ({ asOf }: { readonly asOf: AsOf }): number => asOf.chainId;

/** The labels of accounts that no list of operations names. They are read in bulk, like all labels. */
export const ACCOUNT_NAMES = [
  named(MintPaymentType, own, 'payer', 'sender'),
  named<MintRevenueRecord>(MintRevenueType, ({ payment }) => payment.chainId, 'payer'),
  named(ModelTermsType, own, 'receiver'),
  named<{ readonly oracle: OracleRecord }>(
    OracleResultType,
    ({ oracle }) => oracle.chainId,
    'invoker',
  ),
  named(RevenueGroupType, own, 'sourceAddress', 'payer'),
  named(AccountType, ofMoment, 'contract'),
  named(EntitlementProofType, own, 'holder'),
  named(DepositPoolType, own, 'holds'),
  named(DepositPoolIdentityType, own, 'holds'),
  named(DisagreementType, own, 'account'),
  named(HoldType, own, 'address'),
  named(ArchiveType, own, 'address'),
  named(JoiningContractType, own, 'address'),
  named(RefusedCreationType, own, 'address', 'factory'),
  named(UnrehearsedCodeType, own, 'address'),
  named(LedgerPartType, own, 'contract'),
];
