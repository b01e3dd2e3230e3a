import { digitsShown } from '../../format/amounts.js';
import type { BooksAccountFragment } from '../../ledger/generated/books.js';
import { Amount } from '../../parts/amount.js';
import { DataTable } from '../../parts/dataTable.js';
import { texts } from '../../texts/texts.js';
import type { BooksContract } from './contracts.js';

/** Accounts with what they gained, gave and have. */
export function AccountTable({
  label,
  contract,
  accounts,
  note,
}: {
  readonly label: string;
  readonly contract: BooksContract;
  readonly accounts: readonly BooksAccountFragment[];
  readonly note?: string | undefined;
}) {
  const { books: t } = texts.value;
  const columnOf = (amountOf: (account: BooksAccountFragment) => bigint) => {
    const digits = new Map<string, number>();
    for (const { asset } of accounts) {
      const amounts = accounts.filter((other) => other.asset === asset).map(amountOf);
      digits.set(asset, digitsShown(amounts, contract.unitOf(asset).decimals ?? 0));
    }
    return (account: BooksAccountFragment) => (
      <Amount
        value={amountOf(account)}
        unit={contract.unitOf(account.asset)}
        digits={digits.get(account.asset) ?? 0}
      />
    );
  };
  return (
    <DataTable
      label={label}
      narrow="rows"
      rows={accounts}
      keyOf={({ contract: of, asset, account }) => `${of} ${asset} ${account}`}
      note={note}
      columns={[
        {
          title: t.account,
          cell: ({ account, held }) => (
            <>
              <span class="account">{account}</span>
              {held && <span class="tag">{t.held}</span>}
            </>
          ),
        },
        { title: t.gained, isNumber: true, cell: columnOf(({ volumeInWei }) => volumeInWei) },
        { title: t.gave, isNumber: true, cell: columnOf(({ volumeOutWei }) => volumeOutWei) },
        { title: t.balance, isNumber: true, cell: columnOf(({ balanceWei }) => balanceWei) },
      ]}
    />
  );
}
