import { type AccountKind as StoredAccountKind } from '../../store/read/accounts/accountKinds.js';
import { kindEnum } from './kindEnum.js';

export const AccountKind = kindEnum<StoredAccountKind>('AccountKind', 'What an account is.', {
  token: 'A revenue token that is indexed.',
  oracle: 'An AI oracle that is indexed.',
  collection: 'A collection that is indexed.',
  sale: 'A sale that is indexed.',
  pool: 'A pool of depositors that is indexed.',
  contract: 'Any other contract.',
  burned:
    'An address that nobody has a key for: the zero address, or one that is used to burn. What it holds is lost.',
  wallet:
    'No contract at the block where its code was read: an account of a key, also if it lends itself code (EIP-7702).',
});
