import type { OpenDatabase } from '../../store/embedded/embedded.js';
import { openDatabase } from '../../store/openDatabase.js';
import { noteOnce } from './withDatabase.js';

/** The database that `index` writes to, wherever it is: it can be found again when it was lost. */
export class IndexDatabase {
  /** Nobody has been given its place since it was looked up. */
  private isFresh = true;

  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly config: string,
    private current: OpenDatabase,
  ) {}

  /**
   * @param config path of the config file, which the embedded server belongs to
   * @throws ImoError of `openDatabase`
   */
  static async open(env: NodeJS.ProcessEnv, config: string): Promise<IndexDatabase> {
    return new IndexDatabase(env, config, await openToIndex(env, config));
  }

  get url(): string {
    return this.current.url;
  }

  /**
   * Where it is now: the primary among several hosts; an embedded server that has ended is
   * started again. The first who asks gets what was found at the start.
   *
   * @throws ImoError of `openDatabase`
   */
  async find(): Promise<string> {
    if (this.isFresh) {
      this.isFresh = false;
      return this.current.url;
    }
    const before = this.current;
    this.current = await openToIndex(this.env, this.config);
    await before.close();
    return this.current.url;
  }

  close(): Promise<void> {
    return this.current.close();
  }
}

function openToIndex(env: NodeJS.ProcessEnv, config: string): Promise<OpenDatabase> {
  return openDatabase({ env, config, writes: true, creates: true, onNote: noteOnce });
}
