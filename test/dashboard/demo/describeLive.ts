import { expect, onTestFinished, test } from 'vitest';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { expectShown } from '../support/shown.js';
import { type DemoWorld, LOOKS } from './demoWorld.js';

const DOWN = 'The server has not answered since';

/** What changes while a page is open. */
export function describeLive(ofDemo: () => DemoWorld, expected: RegExp[]): void {
  test('new revenue and a snapshot of the demo change the number without a reload', async () => {
    const world = ofDemo();
    const page = await world.open(LOOKS.phoneDark);
    const { address } = world.person();
    await page.goto(world.pathOf(address));
    await world.claimable().waitFor();
    await world.expectNumberOf(address);
    const before = await world.claimableBy([address]);
    await page.evaluate(() => Object.assign(globalThis, { isTheSame: true }));
    await world.takeSnapshots(address);
    await expectShown(() => world.claimableBy([address])).not.toBe(before);
    await world.expectNumberOf(address);
    expect(await page.evaluate(() => 'isTheSame' in globalThis)).toBe(true);
  });

  test('while the demo cannot be reached the last figures stay, marked, and it is found again', async () => {
    const world = ofDemo();
    const front = await TcpProxy.start(Number(new URL(world.demo.pageUrl).port));
    onTestFinished(() => front.stop());
    expected.push(/net::ERR_|WebSocket|failed:/);
    const there = front.through(world.demo.pageUrl);
    const page = await world.open(LOOKS.phoneLight, { origin: new URL(there).origin });
    const { address } = world.person();
    await page.goto(`${there}holders/${address}`);
    await world.claimable().waitFor();
    await world.expectNumberOf(address);
    const before = await world.exactClaimable();
    front.refuse();
    await page.getByText(DOWN).waitFor();
    expect(await world.exactClaimable()).toBe(before);
    front.accept();
    await page.getByText(DOWN).waitFor({ state: 'detached' });
    await world.expectNumberOf(address);
  });
}
