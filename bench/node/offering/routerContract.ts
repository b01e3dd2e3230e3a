import { AbiCoder } from 'ethers';
import type { Address } from '../../../src/address.js';
import { type ContractCall, type Executed, NotModelledError } from '../chain/contract.js';
import type { Frame } from '../chain/frame.js';
import { RecordedContract, type Surroundings } from './recordedContract.js';

const CALLS = 'tuple(address,uint256,bytes,bool)[]';
/** `execute((address,uint256,bytes,bool)[])` */
const EXECUTE = '0x87614bb9';

/** A call that the router makes; a failure reverts all. */
export interface RoutedCall {
  readonly to: Address;
  readonly valueWei: bigint;
  readonly data: string;
}

/** Call data that make the router do some calls, in order. */
export function routed(calls: readonly RoutedCall[]): string {
  const steps = calls.map(({ to, valueWei, data }) => [to, valueWei, data, false]);
  return EXECUTE + AbiCoder.defaultAbiCoder().encode([CALLS], [steps]).slice(2);
}

/** A model of `contracts/RevenueRouter.sol`. */
export class RouterContract extends RecordedContract {
  run({ data, time }: ContractCall, { call }: Surroundings): Executed {
    if (data.slice(0, 10) !== EXECUTE) throw new NotModelledError('another call of the router');
    const [steps] = AbiCoder.defaultAbiCoder().decode([CALLS], `0x${data.slice(10)}`);
    const inner = (steps as [string, bigint, string, boolean][]).map(
      ([target, valueWei, input]): Frame => {
        const to = target.toLowerCase() as Address;
        const { address: from } = this;
        const done = call(to, { from, valueWei, data: input, time });
        return { type: 'CALL', from, to, valueWei, input, ...done };
      },
    );
    return { output: '0x', inner };
  }

  view(data: string): string {
    throw new NotModelledError(`${data.slice(0, 10)} of the router`);
  }
}
