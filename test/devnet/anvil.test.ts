// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createActors } from '../../devnet/actors.js';
import { AnvilStartError, startAnvil } from '../../devnet/anvil.js';
import { getBalance, latestBlock, mineBlocks } from '../../devnet/chain.js';
import { RpcError, RpcTransportError } from '../../devnet/rpc.js';

it('starts at the given id and time, and is gone after stop()', async () => {
  const chain = await startAnvil({ chainId: 7641, genesisTimestamp: 1_700_000_000 });
  expect(Number(await chain.rpc.call('eth_chainId'))).toBe(7641);
  expect(await latestBlock(chain)).toEqual({ number: 0, timestamp: 1_700_000_000 });
  await chain.stop();
  await chain.stop();
  await expect(chain.rpc.call('eth_chainId')).rejects.toThrow(RpcTransportError);
});

it('gives every chain its own port, and names the reason if a port is taken', async () => {
  const [one, other] = await Promise.all([startAnvil(), startAnvil()]);
  expect(one.port).not.toBe(other.port);
  await expect(startAnvil({ port: one.port })).rejects.toThrow(AnvilStartError);
  await Promise.all([one.stop(), other.stop()]);
});

it('reports what the node refused', async () => {
  const chain = await startAnvil();
  await expect(chain.rpc.call('eth_nonsense')).rejects.toThrow(RpcError);
  await expect(chain.rpc.call('eth_nonsense')).rejects.toMatchObject({
    code: 'DEVNET_RPC_REFUSED',
    method: 'eth_nonsense',
    rpcCode: -32601,
  });
  await chain.stop();
});

it('keeps the chain in a state file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imo-ledger-'));
  const stateFile = join(folder, 'state.json');
  const first = await startAnvil({ stateFile });
  const [actor = ''] = await createActors(first, 'kept', 1, 77n);
  await mineBlocks(first, 3);
  await first.stop();
  expect(existsSync(stateFile)).toBe(true);

  const second = await startAnvil({ stateFile });
  expect((await latestBlock(second)).number).toBe(3);
  expect(await getBalance(second, actor)).toBe(77n);
  await second.stop();
  rmSync(folder, { recursive: true });
});

it('answers for past blocks within its history', async () => {
  const chain = await startAnvil({ historyBlocks: 10 });
  const [actor = ''] = await createActors(chain, 'past', 1, 5n);
  await mineBlocks(chain, 20);
  expect(await getBalance(chain, actor, 12)).toBe(5n);
  await expect(getBalance(chain, actor, 3)).rejects.toThrow(RpcError);
  await chain.stop();
});
