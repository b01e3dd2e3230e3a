import { getCreateAddress, Interface, id } from 'ethers';
import { loadArtifact } from '../../../devnet/artifacts.js';
import { creationCode } from '../../../devnet/deploy.js';
import { functions as oracleFunctions } from '../../../src/abi/aiOracle.js';
import { functions as erc20 } from '../../../src/abi/erc20.js';
import { functions } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import type { GeneratedChain } from '../chain/chain.js';
import { OWNER, PAYER, runtimeCode } from '../chain/factory.js';
import type { Frame } from '../chain/frame.js';
import { addressWord, callData, word } from '../hex.js';
import type { Random } from '../random.js';
import { type OFFERING_KINDS } from '../spec.js';
import { paddedBytes } from './abiWords.js';
import { CollectionContract, MINT } from './collectionContract.js';
import { OracleContract } from './oracleContract.js';
import type { RecordedContract } from './recordedContract.js';
import { RouterContract, routed } from './routerContract.js';
import { BUY_TOKENS, SaleContract } from './saleContract.js';

type OfferingKind = (typeof OFFERING_KINDS)[number];

/** A transaction before it is mined. */
export interface Sent {
  readonly from: Address;
  readonly to: Address;
  readonly data: string;
  readonly valueWei: bigint;
}

const DEPLOYER: Address = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const SELLER: Address = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';
const NAMES = { name: 'Bench Pieces', symbol: 'BPC' };
const MODEL_ID = 11n;
const FEE_WEI = 300_000_000_000_000n;
const PERCENTAGE = 60n;
/** Token units for a wei. */
const RATE = 100n;
const FOR_SALE = 10n ** 26n;
const LARGEST_PAYMENT_WEI = 10n ** 16n;
const ORACLE = new Interface([
  'function initialize(address owner)',
  'function uploadModel(uint256, bytes32, bytes32, uint256, address, uint256, address, bool)',
]);

/** The contracts of an offering besides its token, and what users do with them. */
export class Offering {
  readonly oracle: OracleContract;
  readonly router: RouterContract;
  readonly collection: CollectionContract;
  readonly sale: SaleContract;
  private pieces = 0;

  constructor(
    private readonly chain: GeneratedChain,
    private readonly token: Address,
  ) {
    const at = (nonce: number, name: string) => ({
      address: getCreateAddress({ from: DEPLOYER, nonce }).toLowerCase() as Address,
      createdIn: chain.next.number,
      code: runtimeCode(loadArtifact(name).bytecode),
    });
    this.oracle = new OracleContract(at(0, 'AIOracle'));
    this.router = new RouterContract(at(1, 'RevenueRouter'));
    this.collection = new CollectionContract(at(2, 'AigcCollection'), NAMES, token);
    this.sale = new SaleContract(at(3, 'FixedPriceSale'), token, RATE, SELLER);
  }

  get contracts(): readonly RecordedContract[] {
    return [this.oracle, this.router, this.collection, this.sale];
  }

  /** Creates the contracts, in one block. */
  deploy(): void {
    const { token, oracle, router, collection, sale, chain } = this;
    const zero = addressWord('0x0').slice(0, 42);
    const creations: [RecordedContract, string][] = [
      [oracle, creationCode('AIOracle', [])],
      [router, creationCode('RevenueRouter', [])],
      [collection, creationCode('AigcCollection', [NAMES.name, NAMES.symbol, 4, token, 100])],
      [sale, creationCode('FixedPriceSale', [token, zero, RATE, SELLER])],
    ];
    for (const contract of this.contracts) chain.contracts.set(contract.address, contract);
    chain.mine(
      creations.map(([{ address: to, code: output }, input]): Frame => {
        return { type: 'CREATE', from: DEPLOYER, to, valueWei: 0n, input, output, inner: [] };
      }),
    );
  }

  /** What makes the contracts ready. */
  opening(): Sent[] {
    const { oracle, token, sale } = this;
    const model = [MODEL_ID, id('model'), id('program'), FEE_WEI, token, PERCENTAGE];
    const upload = ORACLE.encodeFunctionData('uploadModel', [
      ...model,
      `0x${'0'.repeat(40)}`,
      false,
    ]);
    const from = DEPLOYER;
    const to = oracle.address;
    const give = callData(erc20.transfer.selector, addressWord(sale.address), word(FOR_SALE));
    return [
      { from, to, valueWei: 0n, data: ORACLE.encodeFunctionData('initialize', [DEPLOYER]) },
      { from, to, valueWei: 0n, data: upload },
      { from: OWNER, to: token, valueWei: 0n, data: give },
    ];
  }

  /** @returns `null` where the state of the contracts does not allow it */
  draw(kind: OfferingKind, from: Address, random: Random): Sent | null {
    const { oracle, collection, sale } = this;
    switch (kind) {
      case 'request':
        return { from, to: oracle.address, valueWei: FEE_WEI, data: requestData(random) };
      case 'mint': {
        const prompt = `0x${Buffer.from(`piece ${this.pieces++}`).toString('hex')}`;
        const data = callData(MINT, addressWord(from), word(64)) + paddedBytes(prompt);
        return { from, to: collection.address, valueWei: paymentWei(random), data };
      }
      case 'purchase': {
        const data = callData(BUY_TOKENS, addressWord(from));
        return { from, to: sale.address, valueWei: paymentWei(random), data };
      }
      case 'settlement':
        return this.settlement();
    }
  }

  private settlement(): Sent | null {
    const { oracle, token, router } = this;
    if (oracle.accruedWei(MODEL_ID) === 0n) return null;
    const payOut = callData(oracleFunctions.claimModelRevenue.selector, word(MODEL_ID));
    const data = routed([
      { to: oracle.address, valueWei: 0n, data: payOut },
      { to: token, valueWei: 0n, data: functions.snapshot.selector },
    ]);
    return { from: PAYER, to: router.address, valueWei: 0n, data };
  }
}

function requestData(random: Random): string {
  const prompt = `0x${Buffer.from(`What is ${random.below(1_000_000)}?`).toString('hex')}`;
  const tail = paddedBytes(prompt);
  const selector = oracleFunctions['requestCallback(uint256,bytes,address,uint64,bytes)'].selector;
  const head = [word(MODEL_ID), word(160), word(0), word(0), word(160 + tail.length / 2)];
  return callData(selector, ...head) + tail + paddedBytes('0x');
}

function paymentWei(random: Random): bigint {
  return (LARGEST_PAYMENT_WEI * BigInt(1 + random.below(1_000))) / 1_000n;
}
