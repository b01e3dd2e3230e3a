import { functions as erc20 } from '../../../src/abi/erc20.js';
import { events } from '../../../src/abi/fixedPriceSale.js';
import type { Address } from '../../../src/address.js';
import { type ContractCall, type Executed, NotModelledError } from '../chain/contract.js';
import type { EmittedLog, Frame } from '../chain/frame.js';
import { addressOf, addressWord, argument, callData, word } from '../hex.js';
import { Revert } from '../token/rules.js';
import { Versions } from '../versions.js';
import { type Deployment, RecordedContract, type Surroundings } from './recordedContract.js';

/** `buyTokens(address)` */
export const BUY_TOKENS = '0xec8ac4d8';
const WEI_RAISED = '0x4042b66f';
const FINALIZED = '0xb3f05b97';
const PAID_FOR = '0xdb0b4dcc';
const BOUGHT_BY = '0x5e3ffee6';

/** A model of `contracts/FixedPriceSale.sol` that raises ETH and is never finalised. */
export class SaleContract extends RecordedContract {
  private readonly raised = new Versions<bigint>();
  private readonly paid = new Map<Address, Versions<bigint>>();

  constructor(
    deployment: Deployment,
    private readonly token: Address,
    private readonly rate: bigint,
    private readonly wallet: Address,
  ) {
    super(deployment);
  }

  run({ from, valueWei, data, time }: ContractCall, { call }: Surroundings): Executed {
    if (data.slice(0, 10) !== BUY_TOKENS) throw new NotModelledError('another call of the sale');
    if (valueWei === 0n) throw new Revert('sale: closed, or nothing paid');
    const beneficiary = addressOf(argument(data, 0) ?? 0n);
    const amount = valueWei * this.rate;
    this.raised.set(this.block, (this.raised.last ?? 0n) + valueWei);
    const paidBefore = this.paid.get(beneficiary) ?? new Versions<bigint>();
    this.paid.set(beneficiary, paidBefore);
    paidBefore.set(this.block, (paidBefore.last ?? 0n) + valueWei);
    this.written();
    const { address, token, wallet } = this;
    const input = callData(erc20.transfer.selector, addressWord(beneficiary), word(amount));
    const given = call(token, { from: address, valueWei: 0n, data: input, time });
    const delivery: Frame = {
      ...{ type: 'CALL', from: address, to: token, valueWei: 0n, input },
      ...given,
    };
    const paid = { type: 'CALL', from: address, to: wallet, valueWei, input: '0x', output: '0x' };
    const log: EmittedLog = {
      address,
      topics: [events.TokensPurchased.topic, addressWord(from), addressWord(beneficiary)],
      data: word(valueWei) + word(amount).slice(2),
    };
    return { output: '0x', inner: [delivery, log, { ...paid, inner: [] } as Frame] };
  }

  view(data: string, block: number): string {
    switch (data.slice(0, 10)) {
      case WEI_RAISED:
        return word(this.raised.at(block) ?? 0n);
      case FINALIZED:
        return word(0);
      case PAID_FOR:
        return word(this.paidBy(data, block));
      case BOUGHT_BY:
        return word(this.paidBy(data, block) * this.rate);
    }
    throw new Revert('');
  }

  private paidBy(data: string, block: number): bigint {
    return this.paid.get(addressOf(argument(data, 0) ?? 0n))?.at(block) ?? 0n;
  }
}
