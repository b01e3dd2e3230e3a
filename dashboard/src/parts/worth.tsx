import { worthOf } from '../format/worth.js';
import type { Price } from '../ledger/price.js';
import { texts } from '../texts/texts.js';
import type { Unit } from './unit.js';

/** What an amount is worth, below it; nothing where no price is known. */
export function Worth({
  value,
  unit,
  price,
}: {
  readonly value: bigint;
  readonly unit: Unit;
  readonly price: Price | null;
}) {
  if (price === null) return null;
  const worth = worthOf(value, unit.decimals ?? 0, price.price);
  return (
    <span class="note">
      {texts.value.amounts.about} {worth} {price.currency}
    </span>
  );
}
