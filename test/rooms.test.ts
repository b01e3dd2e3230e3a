import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cyclesOf, importsOfSrc } from './support/imports.js';
import { LAYERS, USES } from './support/rooms.js';

/** Generated; entities of an ORM name each other. */
const GENERATED = 'src/model/generated/';

const imports = importsOfSrc();
const arrows = [...imports].flatMap(([file, used]) => used.map((target) => ({ file, target })));

/** `null`: a file outside the rooms, for all of them. */
function roomOf(path: string): string | null {
  const [, room, file] = path.split('/');
  return file === undefined ? null : (room ?? null);
}

/** The place of a file among the layers of its room; -1 where no layer has it. */
function layerOf(path: string, room: string): number {
  const within = path.slice(`src/${room}/`.length);
  const parts = (LAYERS[room] ?? []).flatMap((names, index) =>
    names.split(' ').map((name) => ({ name, index })),
  );
  const holding = parts.filter(({ name }) => within === name || within.startsWith(`${name}/`));
  return holding.toSorted((a, b) => b.name.length - a.name.length)[0]?.index ?? -1;
}

test('every room of src uses those that it may, and no others', () => {
  const rooms = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(rooms.toSorted()).toEqual(Object.keys(USES));
  const between = arrows.flatMap(({ file, target }) => {
    const [from, to] = [roomOf(file), roomOf(target)];
    return from === null || to === null || from === to ? [] : [{ file, target, from, to }];
  });
  expect(between.length).toBeGreaterThan(500);
  const wrong = between.filter(({ from, to }) => !USES[from]?.includes(to));
  expect(wrong.map(({ file, target }) => `${file} uses ${target}`)).toEqual([]);
  const taken = new Set(between.map(({ from, to }) => `${from} uses ${to}`));
  const allowed = Object.entries(USES).flatMap(([from, all]) =>
    all.map((to) => `${from} uses ${to}`),
  );
  expect([...taken].toSorted()).toEqual(allowed.toSorted());
});

test('no rooms of src use each other in a circle', () => {
  expect(cyclesOf(new Map(Object.entries(USES)))).toEqual([]);
});

test.each(Object.keys(LAYERS))('inside of src/%s, each layer uses only those before it', (room) => {
  const files = [...imports.keys()].filter((file) => roomOf(file) === room);
  expect(files.filter((file) => layerOf(file, room) < 0)).toEqual([]);
  const inside = arrows.filter(
    ({ file, target }) => roomOf(file) === room && roomOf(target) === room,
  );
  const wrong = inside.filter(({ file, target }) => layerOf(target, room) > layerOf(file, room));
  expect(wrong.map(({ file, target }) => `${file} uses ${target}`)).toEqual([]);
});

test('no files of src import each other in a circle, not even for a type', () => {
  const own = [...imports].filter(([file]) => !file.startsWith(GENERATED));
  expect(cyclesOf(new Map(own))).toEqual([]);
});

test('a circle of imports is found, whatever leads to it', () => {
  const graph = { a: ['b'], b: ['c', 'e'], c: ['d'], d: ['b'], e: [] };
  expect(cyclesOf(new Map(Object.entries(graph)))).toEqual([['b', 'c', 'd']]);
});
