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

type Vector = readonly [number, number, number];

function linearOf(colour: string): Vector {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
}

/** WCAG 2.2: relative luminance, and the contrast of two colours. */
function luminance(colour: string): number {
  const [red, green, blue] = linearOf(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a = '', b = ''): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Colours as they are seen: Machado, Oliveira and Fernandes (2009), severity 1, in linear light. */
const SIGHTS: Readonly<Record<string, readonly Vector[]>> = {
  'people who see all colours': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'people who do not see red': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'people who do not see green': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'people who do not see blue': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seenBy(sight: readonly Vector[], colour = ''): Vector {
  const linear = linearOf(colour);
  return toVector(sight.map((row) => Math.max(0, sum(row, linear))));
}

/** How different two colours are: 0 to 1, in OKLab. */
function distance(one: Vector, other: Vector): number {
  const [a, b] = [oklab(one), oklab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function oklab(linear: Vector): Vector {
  const cones: readonly Vector[] = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ];
  const response = toVector(cones.map((row) => Math.cbrt(sum(row, linear))));
  const axes: readonly Vector[] = [
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ];
  return toVector(axes.map((row) => sum(row, response)));
}

const sum = (row: Vector, of: Vector) => row[0] * of[0] + row[1] * of[1] + row[2] * of[2];
const toVector = ([a = 0, b = 0, c = 0]: readonly number[]): Vector => [a, b, c];

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

  test.each(Object.entries(SIGHTS))('no two sources look alike to %s', (__, sight) => {
    const seen = SOURCES.map((name) => seenBy(sight, colour[name]));
    for (const [index, one] of seen.entries()) {
      for (const other of seen.slice(0, index)) expect(distance(one, other)).toBeGreaterThan(0.08);
    }
  });
});
