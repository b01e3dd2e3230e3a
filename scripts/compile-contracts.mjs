// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Compiles contracts/*.sol to contracts/artifacts/<Name>.json.
 *
 *   node scripts/compile-contracts.mjs           write the artifacts
 *   node scripts/compile-contracts.mjs --check   exit with 1 if they are stale
 *   node scripts/compile-contracts.mjs --check --again   the same, and compile them again in any case
 *
 * Compiling takes a minute, so the digests of what went in and what came out are kept in
 * contracts/artifacts.json. While both are as they were, --check compiles nothing.
 *
 * The output depends on the sources, the pinned solc and the pinned OpenZeppelin only: the
 * metadata hash, which would contain paths, is left out.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceFolder = join(projectRoot, 'contracts');
const artifactFolder = join(sourceFolder, 'artifacts');

const digestsFile = join(sourceFolder, 'artifacts.json');

/** Warnings that our contracts raise on purpose. */
const acceptedWarnings = new Set([
  '5159', // selfdestruct is deprecated: SelfDestructor needs it
  '5667', // unused parameter: deposit(bytes) takes any note
  '2018', // could be restricted to view or pure
]);

const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'shanghai',
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
};

async function readSources() {
  const names = (await readdir(sourceFolder)).filter((name) => name.endsWith('.sol')).sort();
  const entries = names.map(async (name) => [
    name,
    { content: await readFile(join(sourceFolder, name), 'utf8') },
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

function findImport(path) {
  try {
    return { contents: readFileSync(join(projectRoot, 'node_modules', path), 'utf8') };
  } catch (cause) {
    return { error: `cannot read import ${path}: ${cause.message}` };
  }
}

function isAccepted({ severity, errorCode, sourceLocation }) {
  if (severity === 'error') return false;
  return sourceLocation?.file.startsWith('@openzeppelin/') || acceptedWarnings.has(errorCode);
}

function compile(sources) {
  const input = { language: 'Solidity', sources, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }));
  const problems = (output.errors ?? []).filter((problem) => !isAccepted(problem));
  if (problems.length > 0) {
    throw new Error(problems.map((problem) => problem.formattedMessage).join('\n'));
  }
  return output.contracts;
}

/** One artifact per contract of ours that can be deployed. */
function toArtifacts(sources, compiled) {
  const artifacts = new Map();
  for (const source of Object.keys(sources)) {
    for (const [contractName, contract] of Object.entries(compiled[source] ?? {})) {
      const code = contract.evm.bytecode.object;
      if (code === '') continue;
      const artifact = {
        contractName,
        generatedBy: `scripts/compile-contracts.mjs from contracts/${source}, solc ${solc.version()}`,
        abi: contract.abi,
        bytecode: `0x${code}`,
      };
      artifacts.set(`${contractName}.json`, `${JSON.stringify(artifact, null, 2)}\n`);
    }
  }
  return artifacts;
}

async function readArtifacts() {
  const names = await readdir(artifactFolder).catch(() => []);
  const entries = names.map(async (name) => [
    name,
    await readFile(join(artifactFolder, name), 'utf8'),
  ]);
  return new Map(await Promise.all(entries));
}

function staleNames(wanted, present) {
  const all = new Set([...wanted.keys(), ...present.keys()]);
  return [...all].filter((name) => wanted.get(name) !== present.get(name)).sort();
}

function packageVersion(name) {
  const path = join(projectRoot, 'node_modules', name, 'package.json');
  return JSON.parse(readFileSync(path, 'utf8')).version;
}

function digestOf(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Digests of all that the output depends on, and of the output. */
function digestsOf(sources, artifacts) {
  const tools = ['solc', '@openzeppelin/contracts'].map((name) => [name, packageVersion(name)]);
  const sorted = [...artifacts].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    generatedBy: 'scripts/compile-contracts.mjs',
    inputs: digestOf([tools, settings, Object.entries(sources)]),
    artifacts: digestOf(sorted),
  };
}

function digestsText(sources, artifacts) {
  return `${JSON.stringify(digestsOf(sources, artifacts), null, 2)}\n`;
}

async function main() {
  const sources = await readSources();
  const present = await readArtifacts();
  const kept = await readFile(digestsFile, 'utf8').catch(() => '');
  const isChecked = process.argv.includes('--check');
  if (isChecked && !process.argv.includes('--again') && kept === digestsText(sources, present)) {
    return console.log(`${present.size} artifacts are those of the sources`);
  }
  const wanted = toArtifacts(sources, compile(sources));
  const stale = staleNames(wanted, present);
  if (kept !== digestsText(sources, wanted)) stale.push(basename(digestsFile));

  if (isChecked) {
    if (stale.length === 0) return console.log(`${wanted.size} artifacts are up to date`);
    console.error(
      `stale: ${stale.map((name) => basename(name, '.json')).join(', ')}\n` +
        'run: node scripts/compile-contracts.mjs',
    );
    process.exitCode = 1;
    return;
  }

  await mkdir(artifactFolder, { recursive: true });
  await writeFile(digestsFile, digestsText(sources, wanted));
  for (const name of stale) {
    if (name === basename(digestsFile)) continue;
    const content = wanted.get(name);
    if (content === undefined) await rm(join(artifactFolder, name));
    else await writeFile(join(artifactFolder, name), content);
  }
  console.log(`${wanted.size} artifacts, ${stale.length} changed`);
}

await main();
