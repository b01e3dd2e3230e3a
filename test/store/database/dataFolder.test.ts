import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { findDataFolder } from '../../../src/store/embedded/dataFolder.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

let working: string;
let other: string;

beforeEach(async () => {
  working = await temporaryFolder();
  other = await temporaryFolder();
});

/** As if the embedded server of that folder was used before. */
async function addData(parent: string): Promise<string> {
  const folder = join(parent, '.imo-ledger', 'postgres');
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(folder, 'data', 'PG_VERSION'), '18\n');
  return folder;
}

test('the folder is next to the config file, from whichever folder the command is run', async () => {
  const folder = join(other, '.imo-ledger', 'postgres');
  const config = join(other, 'imo.yaml');
  expect(await findDataFolder({}, config, working)).toEqual({ folder, exists: false, note: null });
  expect(await findDataFolder({}, 'imo.yaml', other)).toEqual({
    folder,
    exists: false,
    note: null,
  });
  await addData(other);
  expect(await findDataFolder({}, config, working)).toMatchObject({ folder, exists: true });
  const link = join(working, 'link');
  await symlink(other, link);
  expect(await findDataFolder({}, join(link, 'imo.yaml'), other)).toMatchObject({
    exists: true,
    note: null,
  });
});

test('IMO_LEDGER_DATA names the folder, relative to the working directory', async () => {
  await addData(working);
  const env = { IMO_LEDGER_DATA: 'books' };
  expect(await findDataFolder(env, join(other, 'imo.yaml'), working)).toEqual({
    folder: join(working, 'books'),
    exists: false,
    note: null,
  });
});

test('data that only the working directory has stay in use, with a note how to move them', async () => {
  const former = await addData(working);
  const found = await findDataFolder({}, join(other, 'imo.yaml'), working);
  expect(found).toMatchObject({ folder: former, exists: true });
  expect(found.note).toContain(`mv ${former} ${join(other, '.imo-ledger', 'postgres')}`);
});

test('if two folders have data, the one next to the config file is used and the other is named', async () => {
  const former = await addData(working);
  const folder = await addData(other);
  const found = await findDataFolder({}, join(other, 'imo.yaml'), working);
  expect(found).toMatchObject({ folder, exists: true });
  expect(found.note).toContain(`in ${former}`);
});

test('data of another config file in the working directory are never used for this one', async () => {
  const former = await addData(working);
  await writeFile(join(working, 'imo.yaml'), '');
  const config = join(other, 'imo.yaml');
  await expect(findDataFolder({}, config, working)).rejects.toMatchObject({
    code: 'DATABASE_FOLDER_UNCLEAR',
    message: expect.stringContaining(former),
    hint: expect.stringContaining(join(other, '.imo-ledger', 'postgres')),
  });
  const folder = await addData(other);
  expect(await findDataFolder({}, config, working)).toEqual({ folder, exists: true, note: null });
});
