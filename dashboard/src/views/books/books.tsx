import '../../styles/books.css';
import { ledger } from '../../ledger/client.js';
import { BooksContractsDocument } from '../../ledger/generated/books.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { atOfPage } from '../../place/moment.js';
import { useParameters } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import { Accounts } from './accounts.js';
import { Audit } from './audit.js';
import { type BooksContract, chosenContract, contractsOf } from './contracts.js';
import { Journal } from './journal.js';
import { Proofs } from './proofs.js';
import { TrialBalance } from './trialBalance.js';

/** The books of one contract: what it holds, by which accounts, and each entry that led there. */
export function BooksView() {
  const { books: t } = texts.value;
  const at = atOfPage();
  const { parameters, change } = useParameters();
  const known = useAnswer(`books of ${JSON.stringify(at)}`, async (signal) => {
    const { data } = await ledger.query(BooksContractsDocument, { at }, signal);
    return { data: contractsOf(data), marks: {} };
  });
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </header>
      <Answered known={known} lines={12}>
        {(contracts) => {
          const contract = chosenContract(contracts, parameters.chain, parameters.contract);
          return (
            <>
              <Choice
                contracts={contracts}
                contract={contract}
                onChoose={({ chainId, address }) =>
                  change({ ...NO_FILTER, chain: String(chainId), contract: address })
                }
              />
              {contract === null ? (
                <p class="empty" role="alert">
                  {contracts.length === 0 ? t.none : t.unknown}
                </p>
              ) : (
                <Of key={`${contract.chainId} ${contract.address}`} contract={contract} />
              )}
            </>
          );
        }}
      </Answered>
    </article>
  );
}

/** What belongs to the contract that was chosen before. */
const NO_FILTER = { kind: null, account: null, holder: null, from: null, to: null, after: null };

function Of({ contract }: { readonly contract: BooksContract }) {
  const isToken = contract.kind === 'TOKEN';
  return (
    <>
      {isToken ? <TrialBalance contract={contract} /> : <Accounts contract={contract} />}
      {isToken && <Audit contract={contract} />}
      <Journal contract={contract} />
      {isToken && <Proofs contract={contract} />}
    </>
  );
}

function Choice({
  contracts,
  contract,
  onChoose,
}: {
  readonly contracts: readonly BooksContract[];
  readonly contract: BooksContract | null;
  readonly onChoose: (contract: BooksContract) => void;
}) {
  const { books: t } = texts.value;
  if (contracts.length === 0) return null;
  return (
    <p class="of-contract">
      <label for="books-of">{t.of}</label>
      <select
        id="books-of"
        value={contract === null ? '' : String(contracts.indexOf(contract))}
        onChange={({ currentTarget }) => {
          const chosen = contracts[Number(currentTarget.value)];
          if (chosen !== undefined) onChoose(chosen);
        }}
      >
        {contract === null && <option value="">—</option>}
        {contracts.map((one, index) => (
          <option key={`${one.chainId} ${one.address}`} value={String(index)}>
            {`${t.kindsOfContracts[one.kind]}: ${one.title}`}
          </option>
        ))}
      </select>
    </p>
  );
}
