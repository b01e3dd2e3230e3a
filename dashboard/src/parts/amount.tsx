import { exactAmount, padded, shortAmount } from '../format/amounts.js';
import { texts } from '../texts/texts.js';
import { Exact } from './exact.js';
import type { Unit } from './unit.js';

/** An amount with its unit: short in place, exact on hover, focus and copy. */
export function Amount({
  value,
  unit,
  digits = 0,
}: {
  readonly value: bigint;
  readonly unit: Unit;
  /** In a column: digits after the point that the longest of it shows (`digitsShown`). */
  readonly digits?: number;
}) {
  const decimals = unit.decimals ?? 0;
  const exact = `${exactAmount(value, decimals)} ${unitName(unit)}`;
  const short = shortAmount(value, decimals);
  const blanks = padded(short, digits).slice(short.length);
  return (
    <Exact exact={exact} copied={plain(value, decimals)} className="amount">
      {short}
      {blanks !== '' && <span class="blanks">{blanks}</span>}{' '}
      <bdi className={unitClass(unit)}>{unitName(unit)}</bdi>
    </Exact>
  );
}

/** The same as plain text, for what is pressed itself. */
export function amountText(value: bigint, unit: Unit): string {
  return `${shortAmount(value, unit.decimals ?? 0)} ${unitName(unit)}`;
}

export function unitName({ symbol, decimals }: Unit): string {
  const { amounts } = texts.value;
  if (decimals === null) return amounts.smallestUnits;
  return symbol ?? amounts.noSymbol;
}

/** As a program reads it. */
function plain(value: bigint, decimals: number): string {
  return exactAmount(value, decimals)
    .replaceAll('\u202f', '')
    .replace('\u2212', '-')
    .replace(',', '.');
}

/** An asset without a symbol is named by its address, in small letters. */
function unitClass({ symbol }: Unit): string {
  return symbol?.startsWith('0x') === true ? 'unit hex' : 'unit';
}
