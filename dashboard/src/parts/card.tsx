import type { ComponentChildren } from 'preact';

/** A part of a view with its heading. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title: string;
  /** Next to the heading. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="card">
      <header class="card-head">
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** One figure with its name. */
export function Figure({
  name,
  note,
  children,
}: {
  readonly name: string;
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && <span class="note">{note}</span>}
      </dd>
    </div>
  );
}

/** What is not known, with the reason. */
export function Unknown({ why }: { readonly why: string }) {
  return (
    <button type="button" class="exact unknown" data-exact={why} aria-label={why}>
      —
    </button>
  );
}

/** Stands where content will be, so that nothing jumps. */
export function Skeleton({ lines }: { readonly lines: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}
