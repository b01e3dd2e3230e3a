import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const text = readFileSync('dashboard/src/styles/tokens.css', 'utf8');
const themes = {
  light: colours(/:root \{([^}]*)\}/),
  dark: colours(/\[data-theme="dark"\] \{([^}]*)\}/),
};

function colours(block: RegExp): Record<string, string> {
  const [, body = ''] = block.exec(text) ?? [];
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

const SOURCES = Array.from({ length: 8 }, (_, index) => `source-${index}`);

/** WCAG 2.2: relative luminance, and the contrast of two colours. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a = '', b = ''): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.entries(themes))('in the %s theme', (_, colour) => {
  test.each(['text', 'muted', 'accent', 'positive', 'warning', 'danger'])(
    '%s can be read on every ground',
    (name) => {
      expect(contrast(colour[name], colour.background)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour[name], colour.surface)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test('the text on the main button can be read', () => {
    expect(contrast(colour['on-accent'], colour.accent)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['control', ...SOURCES])('%s stands out from every ground', (name) => {
    expect(contrast(colour[name], colour.background)).toBeGreaterThanOrEqual(3);
    expect(contrast(colour[name], colour.surface)).toBeGreaterThanOrEqual(3);
  });
});
