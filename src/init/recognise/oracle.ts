import { functions } from '../../abi/aiOracle.js';
import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import { readFlatFee, readGasPrice, readModel } from '../../chain/oracle/modelView.js';
import { ImoError } from '../../errors.js';
import { type ModelState, NATIVE } from '../../ledger/oracles/oracle.js';
import type { Found } from '../found.js';
import type { Subject } from '../node/subject.js';
import { ORA_ADDRESS, ORA_MODEL_IDS } from '../presets/ora.js';
import { findDeployment } from '../search/deployment.js';
import type { AskedModels } from '../search/requests.js';

interface Model {
  readonly id: bigint;
  readonly state: ModelState;
}

/** Models of a comment: the others are counted. */
const SHOWN_MODELS = 8;

/**
 * The AI oracles that belong to a token: one of their models has it as receiver, or they paid it.
 *
 * @param paid addresses that paid the token, with the number of payments that were seen
 */
export async function oraclesAround(
  subject: Subject,
  token: { readonly address: Address; readonly symbol: string },
  asked: AskedModels,
  paid: ReadonlyMap<Address, number>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const address of new Set([...asked.keys(), ORA_ADDRESS])) {
    if ((await subject.node.code(address, subject.head)) === '0x') continue;
    const models = await modelsOf(subject, address, asked.get(address) ?? new Set());
    const own = models.filter(({ state }) => receiverOf(state) === token.address);
    const times = paid.get(address) ?? 0;
    if (own.length === 0 && times === 0) continue;
    const because = [
      ...(own.length === 0
        ? []
        : [
            `the receiver of ${namesOf(own)} is ${token.symbol} (getModel at block ${subject.head})`,
          ]),
      ...(times === 0
        ? []
        : [`it paid ${token.symbol} ${times === 1 ? 'once' : `${times} times`}`]),
    ];
    found.push(await oracleEntry(subject, address, [`found because ${because.join(', and ')}`]));
  }
  return found;
}

/**
 * The entry of an address that is an AI oracle; `null`: it is none.
 *
 * @param ids models that it may have
 * @param wasAsked it logged requests
 */
export async function oracleAt(
  subject: Subject,
  address: Address,
  ids: ReadonlySet<bigint>,
  wasAsked: boolean,
): Promise<Found | null> {
  const models = await modelsOf(subject, address, ids);
  if (models.length > 0) {
    const receivers = [...new Set(models.map(({ state }) => receiverOf(state)))];
    const paid = receivers.filter((receiver) => receiver !== null);
    return oracleEntry(subject, address, [
      `an AI oracle with models: it answers getModel for ${namesOf(models)}`,
      ...paid.slice(0, SHOWN_MODELS).map((receiver) => `pays ${checksummed(receiver)}`),
    ]);
  }
  const flatFee = await readFlatFee(subject.node, address, subject.head);
  const shown = wasAsked ? 'it logged requests' : await behaviourOf(subject, address);
  if (shown === null) return null;
  const kind = flatFee === null ? '' : ` of the first generation, with one fee of ${flatFee} wei`;
  return oracleEntry(subject, address, [`an AI oracle${kind}: ${shown}`]);
}

/** A function that no contract has: what takes it takes anything. */
const NO_FUNCTION = '0xffffffff';

/**
 * Recognises an oracle that nobody asked yet by what its code does. A simulated call that is refused for
 * a reason is taken; a function that is missing gives none.
 */
async function behaviourOf({ node, head }: Subject, address: Address): Promise<string | null> {
  const takes = (data: string) => node.takesCall(address, data, head);
  if (await takes(NO_FUNCTION)) return null;
  const claim = functions.claimModelRevenue.encode({ modelId: 0n });
  if ((await readGasPrice(node, address, head)) !== null && (await takes(claim))) {
    return 'it answers gasPrice() and takes claimModelRevenue(uint256)';
  }
  const request = functions[REQUEST].encode({
    modelId: 0n,
    input: '0x01',
    callbackContract: ZERO_ADDRESS,
    functionSelector: '0x00000000',
    gasLimit: 0n,
  });
  const isFlat = (await readFlatFee(node, address, head)) !== null && (await takes(request));
  return isFlat ? `it answers fee() and takes ${REQUEST}` : null;
}

const REQUEST = 'requestCallback(uint256,bytes,address,bytes4,uint64)';

async function oracleEntry(
  subject: Subject,
  address: Address,
  comments: readonly string[],
): Promise<Found> {
  const { block } = await findDeployment(subject, address);
  const keys = {
    ...(block === null ? {} : { startBlock: block }),
    ...(address === ORA_ADDRESS ? { label: 'ORA' } : {}),
  };
  return { list: 'oracles', address, isCertain: true, keys, comments };
}

async function modelsOf(
  { node, head }: Subject,
  oracle: Address,
  asked: ReadonlySet<bigint>,
): Promise<Model[]> {
  const ids = new Set([...asked, ...(oracle === ORA_ADDRESS ? ORA_MODEL_IDS : [])]);
  const models: Model[] = [];
  for (const id of [...ids].sort((a, b) => (a < b ? -1 : 1))) {
    try {
      const state = await readModel(node, oracle, id, head);
      if (state.terms.exists) models.push({ id, state });
    } catch (error) {
      // It has a function of this name for something else.
      if (error instanceof ImoError && error.code === 'CHAIN_UNREADABLE_MODEL') return [];
      throw error;
    }
  }
  return models;
}

function receiverOf({ terms }: ModelState): Address | null {
  return terms.exists ? (terms.receiver as Address) : null;
}

function namesOf(models: readonly Model[]): string {
  const shown = models
    .slice(0, SHOWN_MODELS)
    .map(({ id, state }) =>
      state.terms.exists && state.terms.asset !== NATIVE ? `${id} (paid in an ERC-20)` : `${id}`,
    );
  const more = models.length - shown.length;
  const word = models.length === 1 ? 'model' : 'models';
  return `${word} ${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
