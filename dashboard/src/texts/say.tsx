import type { ComponentChildren } from 'preact';

/** A sentence of the texts with figures in it: `{name}` stands for the value of that name. */
export function Say({
  text,
  ...values
}: { readonly text: string } & Readonly<Record<string, ComponentChildren>>) {
  const parts = text.split(/\{(\w+)\}/);
  return <>{parts.map((part, index) => (index % 2 === 0 ? part : values[part]))}</>;
}
