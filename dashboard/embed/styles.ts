let sheet: CSSStyleSheet | null = null;

/** Made by a script, so that no policy of the page forbids it. All pieces share one. */
export function styles(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}

const CSS = `
:host {
  display: inline-block;
  font: var(--imo-font, inherit);
  color: var(--imo-color, inherit);
}
:host([hidden]) {
  display: none;
}
[part='piece'] {
  display: grid;
  gap: 4px;
  padding: var(--imo-padding, 16px);
  border: 1px solid var(--imo-border, currentColor);
  border-radius: var(--imo-radius, 12px);
  background: var(--imo-background, transparent);
}
[part='label'],
[part='note'] {
  font-size: 0.875em;
  color: var(--imo-muted, inherit);
}
[part='amount'] {
  font-size: 1.75em;
  font-weight: 650;
  line-height: 1.15;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
[part='note'] {
  max-width: 34ch;
}
[part='link'] {
  font-size: 0.875em;
  color: var(--imo-accent, inherit);
}
:host([state='failed']) [part='amount'] {
  opacity: 0.65;
}
:host([state='held']) [part='note'] {
  color: var(--imo-warning, inherit);
}
:host([state='invalid']) [part='note'],
:host([state='failed']) [part='note'] {
  color: var(--imo-danger, inherit);
}
`;
