import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PROJECT_ROOT } from '../../../projectRoot.js';
import type { PartToRead, PreparedBlock } from '../preparedBlocks.js';
import { PartUnpacker } from './packedPart.js';
import type { ThreadAnswer, ThreadQuestion, ThreadTask } from './readingThread.js';

/** A thread begins with a compiled file, whatever runs here. */
const PROGRAM = join(PROJECT_ROOT, 'dist/program/readingThread.js');
/** For the heap of each: several parts of some megabytes of JSON. */
const MEGABYTES_AT_MOST = 128;
const YOUNG_MEGABYTES = 16;

/** How many threads read blocks. */
export interface ThreadSettings {
  readonly count: number;
  /** They start when so many transactions, logs and frames were read without them. */
  readonly itemsBefore: number;
}

export interface ReadingThreadsOptions extends ThreadSettings {
  /** Asked when the first thread starts. */
  readonly task: () => ThreadTask;
  /** The endpoints are asked in a certain order for a while, which the threads do not know. */
  readonly isDoubted: () => boolean;
  /** The frames of blocks came from these endpoints. */
  readonly onSources: (range: PartToRead['range'], endpoints: readonly number[]) => void;
  readonly onWarning: (line: string) => void;
}

/**
 * Reads, parses, checks and decodes blocks in other threads, so that this one only books and writes. Threads take
 * nothing from the checks: what one of them cannot read, for whatever reason, is read here, with the errors,
 * warnings and patience of this thread.
 */
export class ReadingThreads {
  private readonly threads: ReadingThread[] = [];
  private readonly requestIds = new Map<PartToRead['request']['dataRequest'], number>();
  private items = 0;
  private isClosed = false;

  constructor(private readonly options: ReadingThreadsOptions) {}

  /** @param here reads it in this thread */
  async read(
    part: PartToRead,
    here: (part: PartToRead) => Promise<PreparedBlock[]>,
  ): Promise<PreparedBlock[]> {
    const thread = this.idlest();
    if (thread !== null) {
      try {
        return await thread.read(part, this.idOf(part));
      } catch (error) {
        if (this.isClosed || !(error instanceof ThreadFailure)) throw error;
      }
    }
    const blocks = await here(part);
    this.items += blocks.reduce((sum, { items }) => sum + items, 0);
    return blocks;
  }

  /** Ends all threads. What they have not answered is never answered. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  /** `null`: read it here. */
  private idlest(): ReadingThread | null {
    const { count, itemsBefore, isDoubted } = this.options;
    if (this.isClosed || count === 0 || this.items < itemsBefore || isDoubted()) return null;
    while (this.threads.length < count) {
      this.threads.push(new ReadingThread(this.options.task(), this.options));
    }
    const alive = this.threads.filter(({ isOver }) => !isOver);
    return alive.sort((a, b) => a.waiting - b.waiting)[0] ?? null;
  }

  private idOf({ request: { dataRequest } }: PartToRead): number {
    const known = this.requestIds.get(dataRequest);
    if (known !== undefined) return known;
    const id = this.requestIds.size;
    this.requestIds.set(dataRequest, id);
    return id;
  }
}

/** A part was not read by a thread. Reading it here tells why. */
class ThreadFailure extends Error {
  override readonly name = 'ThreadFailure';
}

interface Waiting {
  readonly range: PartToRead['range'];
  readonly resolve: (blocks: PreparedBlock[]) => void;
  readonly reject: (error: Error) => void;
}

type ThreadEvents = Pick<ReadingThreadsOptions, 'onSources' | 'onWarning'>;

class ReadingThread {
  isOver = false;
  private readonly worker: Worker;
  private readonly unpacker = new PartUnpacker();
  private readonly questions = new Map<number, Waiting>();
  private readonly sentRequests = new Set<number>();
  private nextId = 0;
  private isEnding = false;

  constructor(
    task: ThreadTask,
    private readonly events: ThreadEvents,
  ) {
    this.worker = new Worker(PROGRAM, {
      workerData: task,
      resourceLimits: {
        maxOldGenerationSizeMb: MEGABYTES_AT_MOST,
        maxYoungGenerationSizeMb: YOUNG_MEGABYTES,
      },
    });
    this.worker.on('message', (answer: ThreadAnswer) => this.answered(answer));
    this.worker.on('error', (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.over(`a thread that reads blocks has ended (${reason}): this one reads its blocks`);
    });
    this.worker.on('exit', () => this.over('a thread that reads blocks has ended'));
  }

  /** How much it has to do. */
  get waiting(): number {
    return this.questions.size;
  }

  read({ range, request, keeps }: PartToRead, requestId: number): Promise<PreparedBlock[]> {
    const id = this.nextId++;
    const isNew = !this.sentRequests.has(requestId);
    this.sentRequests.add(requestId);
    const question: ThreadQuestion = {
      id,
      range,
      keeps,
      requestId,
      ...(isNew ? { request } : {}),
    };
    return new Promise((resolve, reject) => {
      this.questions.set(id, { range, resolve, reject });
      this.worker.postMessage(question);
    });
  }

  async end(): Promise<void> {
    this.isEnding = true;
    await this.worker.terminate();
  }

  private answered(answer: ThreadAnswer): void {
    if ('warning' in answer) this.events.onWarning(answer.warning);
    else this.settle(answer);
  }

  private settle(answer: Exclude<ThreadAnswer, { readonly warning: string }>): void {
    const question = this.questions.get(answer.id);
    this.questions.delete(answer.id);
    if ('failure' in answer) {
      question?.reject(new ThreadFailure(answer.failure));
      return;
    }
    // Each part has words for those after it.
    const blocks = this.unpacker.unpack(answer.part);
    if (question === undefined) return;
    this.events.onSources(question.range, answer.sources);
    question.resolve(blocks);
  }

  private over(reason: string): void {
    if (!this.isOver && !this.isEnding) this.events.onWarning(reason);
    this.isOver = true;
    for (const { reject } of this.questions.values()) reject(new ThreadFailure(reason));
    this.questions.clear();
  }
}
