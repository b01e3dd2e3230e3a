import type { OpenDatabase } from '../../store/embedded/embedded.js';
import { openDatabase } from '../../store/openDatabase.js';

/** The database that `index` writes to, wherever it is: it can be found again when it was lost. */
export class IndexDatabase {
  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private current: OpenDatabase,
  ) {}

  /** @throws ImoError of `openDatabase` */
  static async open(env: NodeJS.ProcessEnv): Promise<IndexDatabase> {
    return new IndexDatabase(env, await openDatabase({ env, writes: true }));
  }

  get url(): string {
    return this.current.url;
  }

  /**
   * Where it is now: the primary among several hosts; an embedded server that has ended is
   * started again.
   *
   * @throws ImoError of `openDatabase`
   */
  async find(): Promise<string> {
    const before = this.current;
    this.current = await openDatabase({ env: this.env, writes: true });
    await before.close();
    return this.current.url;
  }

  close(): Promise<void> {
    return this.current.close();
  }
}
