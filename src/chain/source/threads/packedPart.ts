import type { SourceLog, SourceTrace } from '../../reading/source.js';
import { addressIn } from '../../rpc/connection/words.js';
import type { MappedBlock } from '../mappedBlock.js';
import type { PreparedBlock } from '../preparedBlocks.js';

/** Addresses and topics that both sides remember. */
const WORDS_AT_MOST = 50_000;

type WithoutLinks<T> = T extends SourceTrace ? Omit<T, 'getTransaction' | 'parent'> : never;

/** A call frame: methods do not cross to another thread, and a link to a parent is a place in the block. */
type PackedTrace = WithoutLinks<SourceTrace> & {
  readonly transactionHash: string;
  readonly parentPlace: number | null;
};

interface PackedBlock {
  readonly header: MappedBlock['header'];
  readonly logs: number;
  readonly traces: readonly PackedTrace[];
  readonly items: number;
  readonly kept: Uint8Array | null;
}

/**
 * Blocks as they cross from one thread to another. A million logs name the same addresses, topics and
 * transactions: a thread sends each once, and then its number. So the other side makes no strings of them.
 */
export interface PackedPart {
  readonly blocks: readonly PackedBlock[];
  /** Places among the words that are known already start here; 0: all are forgotten. */
  readonly firstWord: number;
  readonly words: readonly string[];
  /** Of the transactions of logs. */
  readonly hashes: readonly string[];
  /** Of each log. */
  readonly data: readonly string[];
  /** Of each log: its place, that of its transaction, those of hash and address, number and places of topics. */
  readonly numbers: Float64Array;
}

/** A block has logs or frames in another form than ours: they cannot cross to another thread. */
class UnpackableError extends Error {
  override readonly name = 'UnpackableError';
}

/** Packs the blocks of one thread, in the order in which `PartUnpacker` gets them. */
export class PartPacker {
  private places = new Map<string, number>();

  /** @throws UnpackableError */
  pack(blocks: readonly PreparedBlock[]): PackedPart {
    for (const { mapped } of blocks) assertPackable(mapped);
    if (this.places.size > WORDS_AT_MOST) this.places = new Map();
    const firstWord = this.places.size;
    const words: string[] = [];
    const hashes: string[] = [];
    const data: string[] = [];
    const numbers: number[] = [];
    const placeOf = (word: string) => {
      const known = this.places.get(word);
      if (known !== undefined) return known;
      const place = this.places.size;
      this.places.set(word, place);
      words.push(word);
      return place;
    };
    for (const { mapped } of blocks) {
      for (const log of mapped.logs) {
        const { logIndex, transactionIndex, transactionHash, address, topics } = log;
        // Neighbours are mostly of one transaction.
        if (transactionHash !== hashes.at(-1)) hashes.push(transactionHash);
        numbers.push(logIndex, transactionIndex, hashes.length - 1, placeOf(address));
        numbers.push(topics.length);
        for (const topic of topics) numbers.push(placeOf(topic));
        data.push(log.data);
      }
    }
    return {
      blocks: blocks.map(packedBlock),
      firstWord,
      words,
      hashes,
      data,
      numbers: Float64Array.from(numbers),
    };
  }
}

function packedBlock({ mapped, items, kept }: PreparedBlock): PackedBlock {
  const { header, logs, traces } = mapped;
  const places = new Map(traces.map((trace, place) => [trace, place]));
  return {
    header: { ...header },
    logs: logs.length,
    traces: traces.map(({ getTransaction, parent, ...trace }) => ({
      ...trace,
      transactionHash: getTransaction().hash,
      parentPlace: parent === undefined ? null : (places.get(parent) ?? null),
    })),
    items,
    kept,
  };
}

/** What the library makes of a block has links everywhere. */
function assertPackable({ header, logs, traces }: MappedBlock): void {
  const isOurs = (item: object) => Object.getPrototypeOf(item) === Object.prototype;
  if (logs.every(isOurs) && traces.every(isOurs)) return;
  throw new UnpackableError(`block ${header.height} has logs or frames in the library's form`);
}

interface KnownWord {
  readonly text: string;
  readonly address: ReturnType<typeof addressIn>;
}

/** Makes blocks of what one `PartPacker` has packed. */
export class PartUnpacker {
  private words: KnownWord[] = [];

  unpack(part: PackedPart): PreparedBlock[] {
    const { blocks, firstWord, words } = part;
    if (firstWord === 0) this.words = [];
    for (const text of words) this.words.push({ text, address: addressIn(text) });
    const logs = new LogReader(part, this.words);
    return blocks.map(({ header, logs: count, traces, items, kept }) => {
      const mapped = {
        header,
        transactions: [],
        logs: logs.next(count),
        traces: unpackedTraces(traces),
        stateDiffs: [],
      };
      return { mapped, items, kept };
    });
  }
}

class LogReader {
  private log = 0;
  private at = 0;

  constructor(
    private readonly part: PackedPart,
    private readonly words: readonly KnownWord[],
  ) {}

  next(count: number): SourceLog[] {
    const logs: SourceLog[] = [];
    while (logs.length < count) logs.push(this.one());
    return logs;
  }

  private one(): SourceLog {
    const { hashes, data } = this.part;
    const logIndex = this.number();
    const transactionIndex = this.number();
    const hash = this.number();
    const address = this.word();
    const count = this.number();
    const topics: string[] = [];
    const topicAddresses: KnownWord['address'][] = [];
    for (let index = 0; index < count; index++) {
      const word = this.word();
      topics.push(word.text);
      topicAddresses.push(word.address);
    }
    return {
      logIndex,
      transactionIndex,
      transactionHash: hashes[hash] ?? '',
      address: address.text,
      topics,
      topicAddresses,
      data: data[this.log++] ?? '',
    };
  }

  private number(): number {
    return this.part.numbers[this.at++] ?? 0;
  }

  private word(): KnownWord {
    const place = this.number();
    const word = this.words[place];
    if (word === undefined) throw new RangeError(`a thread sent no word ${place}`);
    return word;
  }
}

function unpackedTraces(packed: readonly PackedTrace[]): SourceTrace[] {
  const traces: SourceTrace[] = [];
  let transaction = { hash: '' };
  for (const { transactionHash, parentPlace, ...trace } of packed) {
    if (transaction.hash !== transactionHash) transaction = { hash: transactionHash };
    const own = transaction;
    const parent = parentPlace === null ? undefined : traces[parentPlace];
    traces.push({
      ...trace,
      getTransaction: () => own,
      ...(parent === undefined ? {} : { parent }),
    } as SourceTrace);
  }
  return traces;
}
