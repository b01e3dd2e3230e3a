/** An accounting rule that the given operation would break. Nothing was changed. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';

  constructor(
    readonly code: LedgerErrorCode,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

export type LedgerErrorCode =
  | 'LEDGER_NEGATIVE_POOL'
  | 'LEDGER_TRIAL_BALANCE'
  | 'LEDGER_PAYMENT_DIFFERS'
  | 'LEDGER_UNEXPLAINED_PAYMENT'
  | 'LEDGER_SNAPSHOT_ORDER'
  | 'LEDGER_SNAPSHOT_NOT_OPEN'
  | 'LEDGER_UNBALANCED_ENTRY'
  | 'LEDGER_SALE_PHASE'
  | 'LEDGER_SALE_PAYMENT_DIFFERS'
  | 'LEDGER_SALE_LIMIT'
  | 'LEDGER_MODEL_EXISTENCE'
  | 'LEDGER_NOT_THE_OWNER'
  | 'LEDGER_UNKNOWN_POLICY'
  | 'LEDGER_POLICY_NUMBERS'
  | 'LEDGER_TERMS_UNKNOWN'
  | 'LEDGER_STATEMENT_SUM'
  | 'LEDGER_NEGATIVE_SHARES';
