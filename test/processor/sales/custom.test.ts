import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { deployOverflow } from '../../../devnet/saleContracts.js';
import { parseConfig } from '../../../src/config/load.js';
import { bookedEntries, short } from '../../support/scenes/saleEntries.js';
import { SaleScene } from '../../support/scenes/saleScene.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

it('a new sale needs no code: an ABI file and a mapping in imo.yaml', async () => {
  const scene = await SaleScene.start();
  const { chain, founder, friend, token } = scene.scene;
  scene.endTime = (await latestBlock(chain)).timestamp + 10_000;
  const contract = await deployOverflow(chain, {
    from: founder,
    token: token.address,
    raiseAsset: scene.dollar.address,
    target: 100n,
    tokensForSale: 700n,
    endTime: scene.endTime,
  });
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'overflow.json'), contract.interface.formatJson());
  const config = parseConfig(
    join(folder, 'imo.yaml'),
    `chains:
  - id: ${chain.chainId}
    rpc: ${chain.url}
    tokens: [{address: "${token.address}"}]
    sales:
      - address: "${contract.address}"
        kind: custom
        token: "${token.address}"
        raiseAsset: "${scene.dollar.address}"
        abi: ./overflow.json
        mapping:
          deposit: {event: Deposit, participant: user, raiseAmount: amount}
          tokenClaim: {event: Harvest, participant: user, tokenAmount: offeringAmount}
          refund: {event: Harvest, participant: user, raiseAmount: excessAmount}
          finalisation: {event: AdminWithdraw}
`,
    {},
  );
  scene.sales.push(...(config.chains[0]?.sales ?? []));

  await scene.scene.call(founder, 'transfer', [contract.address, 700n]);
  await scene.lend(friend, contract, 150n);
  await scene.lend(founder, contract, 50n);
  await scene.call(friend, contract, 'deposit', [100n]);
  await scene.call(founder, contract, 'deposit', [50n]);
  await scene.call(friend, contract, 'deposit', [50n]);
  await scene.blockAtEnd();
  await scene.call(founder, contract, 'finish');
  await scene.call(friend, contract, 'harvest');
  const [me, other] = [short(friend), short(founder)];
  expect(await bookedEntries(scene)).toEqual([
    ['deposit', me, null, '100', '0'],
    ['deposit', other, null, '50', '0'],
    ['deposit', me, null, '50', '0'],
    ['finalisation', null, null, '0', '0'],
    // 150 of 200 deposited: 525 of 700 tokens, and the half of the money that is not kept.
    ['allocation', me, null, '0', '525'],
    ['token-claim', me, null, '0', '525'],
    ['refund', me, null, '75', '0'],
  ]);
});
