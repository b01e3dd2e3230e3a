// SPDX-License-Identifier: GPL-3.0-or-later
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The package of the node has no binary for this machine. */
class AnvilNotFoundError extends Error {
  readonly code = 'DEVNET_ANVIL_NOT_FOUND';
  readonly hint = 'The demo needs it. Run `npm ci` on this machine without `--omit=optional`.';

  constructor(
    readonly packageName: string,
    options?: ErrorOptions,
  ) {
    super(`anvil is not installed: no package ${packageName}`, options);
    this.name = 'AnvilNotFoundError';
  }
}

const architectures: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
};

/**
 * Path of the anvil binary that came with the package @foundry-rs/anvil, without the wrapper
 * script, which would be one more process to end.
 * @throws AnvilNotFoundError when there is none for this platform.
 */
export function anvilBinaryPath(): string {
  const packageName = `@foundry-rs/anvil-${process.platform}-${architectures[process.arch] ?? process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The platform package is a dependency of the wrapper, so look from there.
    const wrapper = createRequire(require.resolve('@foundry-rs/anvil/package.json'));
    return join(dirname(wrapper.resolve(`${packageName}/package.json`)), 'bin', 'anvil');
  } catch (cause) {
    throw new AnvilNotFoundError(packageName, { cause });
  }
}
