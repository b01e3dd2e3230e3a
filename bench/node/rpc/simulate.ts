import { z } from 'zod';
import type { Address } from '../../../src/address.js';
import type { GeneratedChain } from '../chain/chain.js';
import { NotModelledError, type Trial } from '../chain/contract.js';
import { type EmittedLog, type Frame, isLog } from '../chain/frame.js';
import { addressOf, quantity, word, ZERO_ADDRESS } from '../hex.js';
import { Revert } from '../token/rules.js';
import { stateHeight } from './blocks.js';
import { INVALID_PARAMS, RpcFault, SERVER_ERROR } from './fault.js';

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const lower = hex.transform((text) => text.toLowerCase() as Address);
const amount = hex.transform((text) => BigInt(text));
const blocks = z.array(
  z.object({
    blockOverrides: z.object({ number: amount.optional(), time: amount.optional() }).default({}),
    stateOverrides: z
      .record(lower, z.strictObject({ balance: amount.optional(), code: hex.optional() }))
      .default({}),
    calls: z.array(
      z.object({
        from: lower.default(ZERO_ADDRESS),
        to: lower,
        value: amount.default(0n),
        data: hex.default('0x'),
      }),
    ),
  }),
);
/** `BALANCE(calldata)`: the only code that the model runs. */
const BALANCE_READER = '0x6000353160005260206000f3';

/** `eth_simulateV1` on the contracts of the model. */
export function simulateAnswer(chain: GeneratedChain, [payload, tag]: readonly unknown[]) {
  const parsed = z.object({ blockStateCalls: blocks }).safeParse(payload);
  if (!parsed.success) throw new RpcFault(INVALID_PARAMS, 'invalid argument 0: not a simulation');
  return new Simulation(chain, stateHeight(chain, tag)).run(parsed.data.blockStateCalls);
}

class Simulation {
  private readonly trials = new Map<Address, Trial>();
  private readonly codes = new Map<Address, string>();

  constructor(
    private readonly chain: GeneratedChain,
    private readonly height: number,
  ) {}

  run(asked: z.infer<typeof blocks>) {
    return asked.map(({ blockOverrides, stateOverrides, calls }, index) => {
      for (const [address, { balance, code }] of Object.entries(stateOverrides)) {
        const trial = this.trialOf(address as Address);
        if (trial !== null && balance !== undefined) trial.balanceWei = balance;
        if (code !== undefined) this.codes.set(address as Address, code);
      }
      const time = Number(blockOverrides.time ?? 0n);
      return {
        number: quantity(blockOverrides.number ?? BigInt(this.height + index + 1)),
        timestamp: quantity(time),
        calls: calls.map(({ from, to, value, data }) =>
          this.call(to, { from, valueWei: value, data, time }),
        ),
      };
    });
  }

  private call(to: Address, call: Parameters<Trial['execute']>[0]) {
    const gasUsed = '0x5208';
    const done = (returnData: string, logs: readonly EmittedLog[]) => {
      return { status: '0x1', returnData, gasUsed, logs };
    };
    const code = this.codes.get(to);
    if (code !== undefined) {
      if (code !== BALANCE_READER) throw new RpcFault(SERVER_ERROR, 'this code is not modelled');
      const of = this.trialOf(addressOf(BigInt(call.data)));
      return done(word(of?.balanceWei ?? 0n), []);
    }
    try {
      const trial = this.trialOf(to);
      if (trial === null) return done('0x', []);
      const { output, inner } = trial.execute(call);
      return done(output, inner.flatMap(logsIn));
    } catch (error) {
      if (error instanceof NotModelledError) throw new RpcFault(SERVER_ERROR, error.message);
      if (!(error instanceof Revert)) throw error;
      const fault = { code: 3, message: `execution reverted: ${error.message}` };
      return { status: '0x0', returnData: '0x', gasUsed, logs: [], error: fault };
    }
  }

  private trialOf(address: Address): Trial | null {
    const known = this.trials.get(address);
    if (known !== undefined) return known;
    const contract = this.chain.contracts.get(address);
    if (contract === undefined || contract.createdIn > this.height) return null;
    const trial = contract.trialAt(this.height);
    this.trials.set(address, trial);
    return trial;
  }
}

function logsIn(entry: Frame | EmittedLog): readonly EmittedLog[] {
  return isLog(entry) ? [entry] : entry.inner.flatMap(logsIn);
}
