import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { texts } from '../texts/texts.js';

const SHOWN_MS = 1_500;

/** Something short that stands for something exact: it is shown on hover and focus, and copied when pressed. */
export function Exact({
  exact,
  copied = exact,
  spoken = exact,
  className = '',
  children,
}: {
  readonly exact: string;
  /** What is copied. */
  readonly copied?: string;
  /** What a screen reader says. */
  readonly spoken?: string;
  readonly className?: string;
  readonly children: ComponentChildren;
}) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(copied);
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    } catch {
      // Not everywhere allowed: the exact text can be read and selected.
    }
  };
  return (
    <button
      type="button"
      class={`exact ${className}`}
      data-exact={isCopied ? texts.value.copied : exact}
      aria-description={spoken}
      onClick={copy}
    >
      {children}
    </button>
  );
}
