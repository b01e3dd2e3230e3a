// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Interface, type InterfaceAbi } from 'ethers';

/** A compiled contract of contracts/, ready to be deployed. */
export interface Artifact {
  contractName: string;
  abi: InterfaceAbi;
  /** Creation code, 0x hex. */
  bytecode: string;
  interface: Interface;
}

/** There is no artifact of that name. */
class ArtifactNotFoundError extends Error {
  readonly code = 'DEVNET_ARTIFACT_NOT_FOUND';
  readonly hint = 'Run: node scripts/compile-contracts.mjs';

  constructor(
    readonly contractName: string,
    readonly path: string,
  ) {
    super(`no artifact of ${contractName} at ${path}`);
    this.name = 'ArtifactNotFoundError';
  }
}

const loaded = new Map<string, Artifact>();

/**
 * Reads contracts/artifacts/<contractName>.json, once.
 * @throws ArtifactNotFoundError
 */
export function loadArtifact(contractName: string): Artifact {
  const known = loaded.get(contractName);
  if (known !== undefined) return known;

  const path = join(artifactFolder(), `${contractName}.json`);
  if (!existsSync(path)) throw new ArtifactNotFoundError(contractName, path);
  const { abi, bytecode } = JSON.parse(readFileSync(path, 'utf8'));
  const artifact = { contractName, abi, bytecode, interface: new Interface(abi) };
  loaded.set(contractName, artifact);
  return artifact;
}

/** Artifacts stay in the project's folder, wherever this file was compiled to. */
function artifactFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, 'contracts', 'artifacts');
    if (existsSync(candidate) || folder === dirname(folder)) return candidate;
  }
}
