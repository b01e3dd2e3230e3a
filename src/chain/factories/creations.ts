import { EventFragment, Interface } from 'ethers';
import type { Address } from '../../address.js';
import { type FactoryConfig, factoryKey } from '../../config/factories/factories.js';

/** An event of a factory that names a contract. */
export interface Creation {
  /** `factoryKey` of the entry of the config. */
  readonly factory: string;
  /** The named contract, in lower case. */
  readonly address: Address;
  /** The token that a sale sells, where the event names it. */
  readonly soldToken: Address | null;
  readonly block: number;
  readonly blockHash: string;
  readonly logIndex: number;
}

/** A log as its block has it. */
export interface FactoryLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly logIndex: number;
}

interface CreationsOfBlock {
  readonly creations: readonly Creation[];
  /** Logs with the topic of an event and with other fields: nothing is known of them. */
  readonly unreadable: number;
}

/** Reads the events of the factories of a chain. */
export class CreationReader {
  private readonly readers: ReadonlyMap<string, readonly Reader[]>;

  constructor(factories: readonly FactoryConfig[]) {
    const readers = new Map<string, Reader[]>();
    for (const config of factories) {
      const place = `${config.factory} ${config.event.topic}`;
      readers.set(place, [...(readers.get(place) ?? []), new Reader(config)]);
    }
    this.readers = readers;
  }

  /** What the logs of a block name, in their order. */
  read(
    logs: readonly FactoryLog[],
    block: { readonly number: number; readonly hash: string },
  ): CreationsOfBlock {
    const creations: Creation[] = [];
    let unreadable = 0;
    for (const log of logs.toSorted((a, b) => a.logIndex - b.logIndex)) {
      const place = `${log.address.toLowerCase()} ${log.topics[0]?.toLowerCase()}`;
      for (const reader of this.readers.get(place) ?? []) {
        const named = reader.read(log);
        if (named === null) unreadable++;
        else {
          const { logIndex } = log;
          creations.push({ ...named, block: block.number, blockHash: block.hash, logIndex });
        }
      }
    }
    return { creations, unreadable };
  }
}

/** Reads the logs of one entry. */
class Reader {
  private readonly key: string;
  private readonly fragment: EventFragment;
  private readonly codec: Interface;
  private readonly topics: number;

  constructor(private readonly config: FactoryConfig) {
    this.key = factoryKey(config);
    this.fragment = EventFragment.from(config.event.fragment);
    this.codec = new Interface([this.fragment]);
    this.topics = 1 + this.fragment.inputs.filter(({ indexed }) => indexed === true).length;
  }

  /** `null` where the log has other fields than the event. */
  read({ topics, data }: FactoryLog): Pick<Creation, 'factory' | 'address' | 'soldToken'> | null {
    // The same event with other indexed fields has the same first topic.
    if (topics.length !== this.topics) return null;
    const { config } = this;
    try {
      const values = this.codec.decodeEventLog(this.fragment, data, topics);
      const addressIn = (field: string) => String(values.getValue(field)).toLowerCase() as Address;
      const sold =
        config.makes === 'sale' && typeof config.token === 'object' ? config.token : null;
      const soldToken = sold === null ? null : addressIn(sold.field);
      return { factory: this.key, address: addressIn(config.field), soldToken };
    } catch {
      return null;
    }
  }
}
