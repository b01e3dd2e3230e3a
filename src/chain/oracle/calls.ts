import { functions } from '../../abi/aiOracle.js';
import { type Address, ZERO_ADDRESS } from '../../address.js';
import { ImoError } from '../../errors.js';
import { type Asset, NATIVE, type TermsOfModelChange } from '../../ledger/oracles/oracle.js';
import { selectorOf } from '../reading/tree/frames.js';

/** A function of the oracle that the books follow, with its arguments (docs/domain.md#ai-oracles). */
export type OracleCall =
  | { readonly kind: 'terms'; readonly modelId: bigint; readonly change: TermsOfModelChange }
  | { readonly kind: 'flatFee'; readonly fee: bigint }
  | { readonly kind: 'claim' | 'removal'; readonly modelId: bigint }
  | ({ readonly kind: 'request' } & RequestArguments)
  | { readonly kind: 'result'; readonly requestId: bigint; readonly isUpdate: boolean };

export interface RequestArguments {
  readonly modelId: bigint;
  readonly batchSize: bigint;
  readonly input: string;
  readonly callbackContract: Address;
  readonly gasLimit: bigint;
}

interface Codec<Arguments> {
  readonly selector: string;
  decode(input: string): Arguments;
}

/** The fields that every version of `uploadModel` and `updateModel` has, and the token. */
interface Uploaded {
  readonly modelId: bigint;
  readonly fee: bigint;
  readonly receiver: string;
  readonly receiverPercentage: bigint;
  readonly token?: string;
}

/** The fields that every version of a request has, and the batch size. */
interface Requested {
  readonly modelId: bigint;
  readonly input: string;
  readonly callbackContract: string;
  readonly gasLimit: bigint;
  readonly batchSize?: bigint;
}

const MODEL = 'uint256,bytes32,bytes32,uint256,address,uint256';
const REQUEST = 'uint256,bytes,address';

const DECODERS: ReadonlyMap<string, (input: string) => OracleCall> = new Map([
  decoder(functions[`uploadModel(${MODEL})`], upload),
  decoder(functions[`uploadModel(${MODEL},address)`], upload),
  decoder(functions[`uploadModel(${MODEL},address,bool)`], upload),
  decoder(functions[`updateModel(${MODEL})`], update),
  decoder(functions[`updateModel(${MODEL},address)`], update),
  decoder(functions[`updateModel(${MODEL},address,bool)`], update),
  decoder(functions.setFee, ({ fee }) => ({ kind: 'flatFee', fee })),
  decoder(functions.setModelFee, ({ modelId, fee }) => terms(modelId, { kind: 'fee', fee })),
  decoder(functions.setModelReceiver, ({ modelId, receiver }) =>
    terms(modelId, { kind: 'receiver', receiver }),
  ),
  decoder(functions.setModelReceiverPercentage, ({ modelId, receiverPercentage }) =>
    terms(modelId, { kind: 'percentage', receiverPercentage }),
  ),
  decoder(functions.removeModel, ({ modelId }) => ({ kind: 'removal', modelId })),
  decoder(functions.claimModelRevenue, ({ modelId }) => ({ kind: 'claim', modelId })),
  decoder(functions[`requestCallback(${REQUEST},bytes4,uint64)`], request),
  decoder(functions[`requestCallback(${REQUEST},uint64,bytes)`], request),
  decoder(functions[`requestCallback(${REQUEST},uint64,bytes,uint8,uint8)`], request),
  decoder(functions.requestBatchInference, request),
  decoder(functions.invokeCallback, ({ requestId }) => result(requestId, false)),
  decoder(functions['updateResult(uint256)'], ({ requestId }) => result(requestId, true)),
  decoder(functions['updateResult(uint256,bytes)'], ({ requestId }) => result(requestId, true)),
]);

/**
 * What the call data asks of an oracle; `null` if the books do not follow the function.
 *
 * @throws ImoError `CHAIN_UNREADABLE_CALL` if the arguments are not those of the function.
 */
export function oracleCall(input: string): OracleCall | null {
  const decode = DECODERS.get(selectorOf(input));
  if (decode === undefined) return null;
  try {
    return decode(input);
  } catch (error) {
    throw new ImoError(
      'CHAIN_UNREADABLE_CALL',
      `the call data ${input.slice(0, 74)}… to an AI oracle cannot be read`,
      'This contract is not an AI oracle; remove it from the config.',
      { cause: error },
    );
  }
}

function decoder<Arguments>(
  codec: Codec<Arguments>,
  callOf: (args: Arguments) => OracleCall,
): [string, (input: string) => OracleCall] {
  return [codec.selector, (input) => callOf(codec.decode(input))];
}

function upload(args: Uploaded): OracleCall {
  return terms(args.modelId, { kind: 'upload', ...uploaded(args) });
}

function update(args: Uploaded): OracleCall {
  return terms(args.modelId, { kind: 'update', ...uploaded(args) });
}

function uploaded({ fee, receiver, receiverPercentage, token }: Uploaded) {
  const asset = token === undefined ? null : assetOf(token);
  return { fee, receiver, receiverPercentage, asset };
}

/** The zero address means the chain's own coin. */
export function assetOf(token: string): Asset {
  return token === ZERO_ADDRESS ? NATIVE : token;
}

function terms(modelId: bigint, change: TermsOfModelChange): OracleCall {
  return { kind: 'terms', modelId, change };
}

function request({ modelId, input, callbackContract, gasLimit, batchSize = 1n }: Requested) {
  const callback = callbackContract as Address;
  const args = { modelId, batchSize, input, callbackContract: callback, gasLimit };
  return { kind: 'request' as const, ...args };
}

function result(requestId: bigint, isUpdate: boolean): OracleCall {
  return { kind: 'result', requestId, isUpdate };
}
