import type { Chain } from '../../../devnet/anvil.js';
import { deployContract } from '../../../devnet/deploy.js';
import { MULTICALL_ADDRESS } from '../../../src/audit/questions/chainViews.js';
import { freshDatabase } from '../databases/postgres.js';
import type { CliResult } from '../programs/cli.js';
import { indexTo } from '../programs/indexer.js';
import { runVerbHere } from '../programs/verbHere.js';
import { writeConfig } from '../programs/writeConfig.js';
import { temporaryFolder } from '../temporaryFolder.js';
import type { Scene } from './scene.js';

/** The output of `imo-ledger audit --json` for a chain. */
export interface AuditVerdict {
  readonly block: number;
  readonly path: string;
  readonly accounts: number;
  readonly figures: number;
  readonly mismatches: number;
  readonly details: readonly {
    readonly figure: string;
    readonly token: string;
    readonly account: string | null;
    readonly ours: string;
    readonly contract: string | null;
    readonly lastAgreement: number | null;
    readonly operations: readonly { readonly block: number; readonly kind: string }[];
  }[];
  readonly notCompared: readonly string[];
}

/** Two snapshots with a claim and a burn between them, and revenue after the second. */
export async function liveThrough(scene: Scene): Promise<void> {
  const { founder, friend } = scene;
  await scene.call(founder, 'transfer', [friend, 300n]);
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.call(friend, 'claim', [1n]);
  await scene.call(friend, 'burn', [100n]);
  await scene.pay(500n);
  await scene.snapshot();
  await scene.pay(77n);
}

/** Gives the devnet what it lacks: a contract with `aggregate3` at the address of Multicall3. */
export async function placeMulticall(chain: Chain, from: string): Promise<void> {
  const { address } = await deployContract(chain, 'Multicall', [], { from });
  const code = await chain.rpc.call<string>('eth_getCode', [address, 'latest']);
  await chain.rpc.call('anvil_setCode', [MULTICALL_ADDRESS, code]);
}

/** An indexed chain that can be audited from the command line. */
export class AuditScene {
  private constructor(
    readonly databaseUrl: string,
    readonly config: string,
    /** Where an interrupted audit is kept. */
    readonly stateFolder: string,
  ) {}

  /** @param yaml of the chain, without its tokens */
  static async open(chain: Chain, tokens: readonly string[], yaml = ''): Promise<AuditScene> {
    const databaseUrl = await freshDatabase();
    await indexTo({ chain, databaseUrl, tokens });
    return AuditScene.over(databaseUrl, chain, tokens, yaml);
  }

  static async over(
    databaseUrl: string,
    chain: Chain,
    tokens: readonly string[],
    yaml = '',
  ): Promise<AuditScene> {
    const list = tokens.map((address) => `{address: "${address}"}`).join(', ');
    const config = await writeConfig(
      `chains:\n  - id: ${chain.chainId}\n    rpc: ${chain.url}\n    tokens: [${list}]\n${yaml}`,
    );
    return new AuditScene(databaseUrl, config, await temporaryFolder());
  }

  run(args: readonly string[] = []): Promise<CliResult> {
    // Figures are counted at the one block, unless a test asks for more.
    const scope = args.some((arg) => arg.endsWith('earlier')) ? [] : ['--no-earlier'];
    return runVerbHere(
      [
        'audit',
        '--config',
        this.config,
        '--state',
        this.stateFolder,
        '--rate',
        '5000',
        ...scope,
        ...args,
      ],
      { DATABASE_URL: this.databaseUrl },
    );
  }

  /** The verdict on the only chain, with the exit code. */
  async verdict(args: readonly string[] = []): Promise<AuditVerdict & { exitCode: number | null }> {
    const { exitCode, stdout, stderr } = await this.run(['--json', ...args]);
    if (stdout === '') throw new Error(stderr);
    const [verdict] = JSON.parse(stdout) as AuditVerdict[];
    if (verdict === undefined) throw new Error(`no chain in ${stdout}`);
    return { ...verdict, exitCode };
  }
}
