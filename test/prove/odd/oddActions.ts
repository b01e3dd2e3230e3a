import { encodeCall } from '../../../devnet/deploy.js';
import type { Action } from '../../../devnet/holder.js';
import { ASSET } from './oddities.js';
import { type FunctionName, hasFunction, type OddRules } from './oddRules.js';
import type { OddContract, OddWorld } from './oddWorld.js';

type ActionName =
  | 'transfer'
  | 'receipt'
  | 'snapshot'
  | 'claim'
  | 'burn'
  | 'setInterval'
  | 'setPercent'
  | 'setWindow'
  | Exclude<FunctionName, 'setTerms' | 'bridge' | 'initHolder'>
  | 'bridgeOut'
  | 'bridgeIn';

const GREATEST_PAYMENT = 10n ** 18n;

const ALWAYS: readonly (readonly [ActionName, number])[] = [
  ['transfer', 18],
  ['receipt', 20],
  ['snapshot', 20],
  ['claim', 26],
  ['burn', 6],
];

/** What a contract can do beyond that, by the function that its rules have. */
const BY_FUNCTION: readonly (readonly [FunctionName, ActionName, number])[] = [
  ['claimBatch', 'claimBatch', 10],
  ['claimFor', 'claimFor', 14],
  ['claimTo', 'claimTo', 14],
  ['claimAll', 'claimAll', 14],
  ['burnFrom', 'burnFrom', 8],
  ['distribute', 'distribute', 12],
  ['bridge', 'bridgeOut', 7],
  ['bridge', 'bridgeIn', 7],
  ['deposit', 'deposit', 8],
  ['setTerms', 'setInterval', 3],
  ['setTerms', 'setPercent', 4],
  ['setTerms', 'setWindow', 2],
  ['pause', 'pause', 7],
  ['blacklist', 'blacklist', 7],
  ['rebase', 'rebase', 4],
  ['silentMint', 'silentMint', 5],
  ['sweep', 'sweep', 4],
  ['configure', 'configure', 4],
];

/** A random call of `sender` to the contract, or about it. It may well revert. */
export function drawOddAction(world: OddWorld, subject: OddContract, sender: string): Action {
  const more = BY_FUNCTION.filter(([name]) => hasFunction(subject.rules, name));
  const extra = more.map(([, action, weight]) => [action, weight] as const);
  return actionOf(world, subject, sender, world.random.weighted([...ALWAYS, ...extra]));
}

function actionOf(world: OddWorld, subject: OddContract, sender: string, name: ActionName): Action {
  const { random, accounts, book } = world;
  const { address, contract, rules, supply } = subject;
  const call = (args: readonly unknown[], valueWei = 0n, of: string = name): Action => ({
    target: address,
    data: encodeCall(contract, of, args),
    valueWei,
  });
  const someone = () => random.pick([...accounts, world.router.address]);
  switch (name) {
    case 'transfer':
      return call([someone(), drawAmount(world, subject, sender)]);
    case 'receipt':
      return drawReceipt(world, subject);
    case 'deposit':
      return call(['0x01'], random.amount(GREATEST_PAYMENT));
    case 'distribute':
      return call([], random.amount(GREATEST_PAYMENT));
    case 'snapshot':
    case 'claimAll':
      return call([]);
    case 'claim':
      return call([drawId(world, subject)]);
    case 'claimBatch':
      return call([openIds(book.lastSnapshotId(address), rules)]);
    case 'claimFor':
      return call([someone(), drawId(world, subject)]);
    case 'claimTo':
      return call([drawId(world, subject), someone()]);
    case 'burn':
    case 'bridgeOut':
      return call([drawAmount(world, subject, sender)]);
    case 'burnFrom': {
      const from = someone();
      return call([from, drawAmount(world, subject, from)]);
    }
    case 'bridgeIn':
    case 'silentMint':
      return call([someone(), random.amount(supply / 10n)]);
    case 'sweep':
      return call([random.amount(10n ** 16n)]);
    default:
      return drawSetter(world, subject, name, call);
  }
}

function drawSetter(
  { random, accounts }: OddWorld,
  { rules }: OddContract,
  name: ActionName,
  call: (args: readonly unknown[], valueWei?: bigint, of?: string) => Action,
): Action {
  const interval = rules.interval + BigInt(random.integer(-1, 3));
  const percent = random.pick([0n, 20n, 50n, 80n, 100n]);
  switch (name) {
    case 'setInterval':
      return call([interval]);
    case 'setPercent':
      return call([percent]);
    case 'setWindow':
      return call([rules.window === 0n ? 0n : BigInt(random.integer(1, 5))]);
    case 'pause':
      return call([random.chance(40)], 0n, 'setPaused');
    case 'blacklist':
      return call([random.pick(accounts), random.chance(60)], 0n, 'setListed');
    case 'rebase':
      return call([random.pick([100n, 110n, 125n])]);
    default:
      return call([percent, interval], 0n, 'configure');
  }
}

/** In what the contract shares; now and then in what it does not share. */
function drawReceipt({ random, asset }: OddWorld, { address, rules }: OddContract): Action {
  const amount = random.amount(GREATEST_PAYMENT);
  const isAsset = rules.asset === asset.address || rules.asset === ASSET;
  if (isAsset === random.chance(10)) return { target: address, data: '0x', valueWei: amount };
  if (!isAsset) return { target: address, data: '0x', valueWei: amount };
  const data = encodeCall(asset, 'mint', [address, amount]);
  return { target: asset.address, data, valueWei: 0n };
}

function drawId({ random, book }: OddWorld, { address, rules }: OddContract): bigint {
  const last = book.lastSnapshotId(address);
  const open = openIds(last, rules);
  if (open.length === 0 || random.chance(8)) return random.bigint(last + 1n);
  return random.pick(open);
}

/** The newest first; at most six. */
function openIds(last: bigint, { window }: OddRules): bigint[] {
  const ids: bigint[] = [];
  for (let id = last; id > 0n && ids.length < 6; id -= 1n) {
    if (window !== 0n && last - id >= window) break;
    ids.push(id);
  }
  return ids;
}

function drawAmount({ random, book }: OddWorld, { address }: OddContract, of: string): bigint {
  const logged = book.balanceOf(address, of);
  const balance = logged > 0n ? logged : 0n;
  return random.weighted([
    [random.amount(balance / 3n), 80],
    [balance, 12],
    [0n, 4],
    [balance + 1n, 4],
  ]);
}
