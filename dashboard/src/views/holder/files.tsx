import { shortHex } from '../../format/addresses.js';
import { Section } from '../../parts/card.js';
import { links } from '../../place/links.js';
import { useParameter } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';

const STATEMENTS = ['pdf', 'csv'] as const;
const TAX_PROGRAMS = ['koinly', 'cointracking'] as const;
const DATASETS = ['entitlements', 'claims', 'transfers'] as const;
/** The first year in which a token of this kind could exist. */
const FIRST_YEAR = 2024;

/** Statements, tax files and reminders, in one tap each. */
export function Files({
  addresses,
  currency,
}: {
  readonly addresses: readonly string[];
  /** Values are in it; `null`: there are none. */
  readonly currency: string | null;
}) {
  const { holder: t } = texts.value;
  const [yearText, chooseYear] = useParameter('year');
  const now = new Date().getUTCFullYear();
  const years = Array.from({ length: now - FIRST_YEAR + 1 }, (_, index) => now - index);
  const year = years.find((one) => String(one) === yearText) ?? null;
  return (
    <Section title={t.files}>
      <p class="field">
        <label for="year">{t.year}</label>
        <select
          id="year"
          value={year ?? ''}
          onChange={(event) => chooseYear(event.currentTarget.value || null)}
        >
          <option value="">{t.allYears}</option>
          {years.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </p>
      <p class="files">
        {STATEMENTS.map((format) => (
          <a
            key={format}
            class="button"
            href={links.statement(addresses, format, year, currency)}
            download
          >
            {t.statements[format]}
          </a>
        ))}
        <a class="button" href={links.calendar(addresses)}>
          {t.calendar}
        </a>
      </p>
      <p class="muted small">{t.calendarNote}</p>
      {addresses.map((address) => (
        <div key={address} class="files-of">
          {addresses.length > 1 && (
            <p class="muted small">
              <bdi class="hex">{shortHex(address)}</bdi>
            </p>
          )}
          <p class="files">
            {TAX_PROGRAMS.map((program) => (
              <a key={program} class="button" href={links.taxFile(program, address, year)} download>
                {t.taxFiles[program]}
              </a>
            ))}
          </p>
          <details>
            <summary class="small">{t.rows}</summary>
            <p class="files">
              {DATASETS.map((dataset) => (
                <a key={dataset} class="button" href={links.file(dataset, address)} download>
                  {t.datasets[dataset]}
                </a>
              ))}
            </p>
          </details>
        </div>
      ))}
    </Section>
  );
}
