import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { lastInside, rootOf } from '../reading/tree/callContext.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import { type CallFrame, callFrames } from './callFrames.js';
import type { RequestArguments } from './calls.js';
import { oracleLog, type RequestLog, type ResultLog } from './logs.js';
import type { OracleOperation } from './operation.js';
import { pairRequests, pairResults } from './pairLogs.js';
import { payoutOf, pullOf } from './payments.js';

/** An operation with the place among the frames at which it takes effect. */
interface Placed {
  /** Index of the frame that it comes with; a half more: after the last frame inside a call. */
  readonly place: number;
  /** Index of the frame of the call: where two end together, the inner one is first. */
  readonly index: number;
  readonly operation: OracleOperation;
}

/**
 * What a transaction did to `oracle`, in the order in which it took effect (docs/domain.md#order, #ai-oracles):
 * terms change and revenue is paid when the call is entered, as the accrued number is set to 0
 * before the payment; a fee in a token accrues after the token was pulled; a removed model is
 * gone after its payment; results are logged at the end of their calls.
 *
 * @throws ImoError `CHAIN_UNREADABLE_CALL`, `CHAIN_UNREADABLE_LOG`, `CHAIN_UNPAIRED_LOG` or
 *   `CHAIN_UNCLEAR_PAYOUT` if the contract does not behave as an AI oracle.
 */
export function oracleOperations(record: TransactionRecord, oracle: Address): OracleOperation[] {
  const calls = callFrames(record, oracle);
  const logs = record.logs.flatMap((log) => (log.address === oracle ? (oracleLog(log) ?? []) : []));
  const requests = pairRequests(
    record,
    calls,
    logs.filter((log) => log.kind === 'request'),
  );
  const results = pairResults(
    calls,
    logs.filter((log) => log.kind === 'result'),
  );
  const placed = [
    ...calls.flatMap((call) => effectsOf(record, oracle, call, requests.get(call))),
    ...[...results].map(([log, call]) => resultOf(record, log, call)),
  ];
  return placed
    .sort((a, b) => a.place - b.place || b.index - a.index)
    .map(({ operation }) => operation);
}

function effectsOf(
  record: TransactionRecord,
  oracle: Address,
  callFrame: CallFrame,
  log: RequestLog | undefined,
): Placed[] {
  const { call, index } = callFrame;
  switch (call?.kind) {
    case 'terms': {
      const { modelId, change } = call;
      const operation = { kind: 'terms', modelId, change, ...transactionOf(record) } as const;
      return [{ place: index, index, operation }];
    }
    case 'flatFee': {
      const operation = { kind: 'flatFee', fee: call.fee, ...transactionOf(record) } as const;
      // An oracle with models may have a function of this name that does anything.
      return [{ place: index, index, operation }, ...gasPriceCall(record, callFrame)];
    }
    case 'claim':
    case 'removal':
      return payoutAndRemoval(record, oracle, callFrame, call);
    case 'request':
      return log === undefined ? [] : [requestOf(record, oracle, callFrame, call, log)];
    default:
      return gasPriceCall(record, callFrame);
  }
}

function payoutAndRemoval(
  record: TransactionRecord,
  oracle: Address,
  { frame, context, index, last }: CallFrame,
  { kind: cause, modelId }: { readonly kind: 'claim' | 'removal'; readonly modelId: bigint },
): Placed[] {
  const payment = payoutOf(record, oracle, frame);
  const transaction = transactionOf(record);
  const placed: Placed[] = [];
  if (payment !== null) {
    const payout = { modelId, cause, caller: context.from, ...payment, ...transaction };
    placed.push({ place: index, index, operation: { kind: 'payout', ...payout } });
  } else if (cause === 'claim') {
    throw new ImoError(
      'CHAIN_UNCLEAR_PAYOUT',
      `oracle ${oracle} paid nothing for the revenue of model ${modelId} in transaction ${record.transactionHash}`,
      'This contract is not an AI oracle of a supported kind; remove it from the config.',
    );
  }
  if (cause === 'removal') {
    const change = { kind: 'removal' } as const;
    // The payee may still use the model while it is being paid.
    const place = payment === null ? index : last + 0.5;
    placed.push({ place, index, operation: { kind: 'terms', modelId, change, ...transaction } });
  }
  return placed;
}

function requestOf(
  record: TransactionRecord,
  oracle: Address,
  { frame, context, index }: CallFrame,
  { modelId, batchSize, callbackContract, gasLimit }: RequestArguments,
  { requestId }: RequestLog,
): Placed {
  const pull = pullOf(record, oracle, frame);
  const pulledUntil = pull === null ? null : (lastInside(record.frames).get(pull.frame) ?? null);
  return {
    place: pulledUntil === null ? index : pulledUntil + 0.5,
    index,
    operation: {
      kind: 'request',
      modelId,
      requestId,
      account: context.from,
      payer: rootOf(frame).from,
      batchSize,
      callbackContract,
      gasLimit,
      valueWei: context.valueWei,
      pulled: pull === null ? null : { asset: pull.asset, amount: pull.amount },
      ...transactionOf(record),
    },
  };
}

function resultOf(record: TransactionRecord, log: ResultLog, callFrame: CallFrame | null): Placed {
  const { requestId, account, output } = log;
  const call = callFrame?.call;
  const isUpdate = call?.kind === 'result' ? call.isUpdate : null;
  const invoker = log.invoker ?? callFrame?.context.from ?? null;
  const result = { requestId, isUpdate, account, invoker, output, ...transactionOf(record) };
  return {
    place: (callFrame?.last ?? record.frames.length) + 0.5,
    index: callFrame?.index ?? -1,
    operation: { kind: 'result', ...result },
  };
}

function gasPriceCall(
  record: TransactionRecord,
  { frame, call, index, last }: CallFrame,
): Placed[] {
  const isUnknown = call === null && frame.input !== '0x';
  const operation = { kind: 'gasPriceCall', isUnknown, ...transactionOf(record) } as const;
  return [
    { place: index, index, operation: { ...operation, phase: 'entered' } },
    { place: last + 0.5, index, operation: { ...operation, phase: 'left' } },
  ];
}

function transactionOf({ transactionIndex, transactionHash }: TransactionRecord) {
  return { transactionIndex, transactionHash };
}
