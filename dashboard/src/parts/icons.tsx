/** Agrees. The text next to it says so too. */
export function Check() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="mark">
      <path d="M2.5 8.5l3.5 3.5 7.5-8" />
    </svg>
  );
}

/** Differs. */
export function Cross() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="mark">
      <path d="M3.5 3.5l9 9m0-9l-9 9" />
    </svg>
  );
}

/** Searches. */
export function Lens() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="mark">
      <path d="M11.5 7a4.5 4.5 0 1 1-9 0a4.5 4.5 0 0 1 9 0M10.25 10.25l3.75 3.75" />
    </svg>
  );
}
