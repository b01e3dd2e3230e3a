/** Where a lake is: a folder, or a prefix of a bucket. Paths are from its root, with `/`. */
export interface LakePlace {
  /** As readers name it: an absolute path, or an `s3://` URL. */
  readonly root: string;
  /**
   * Makes sure that only one of two writers can create a file.
   *
   * @throws ImoError `LAKE_NO_CONDITIONS`
   */
  prepare(): Promise<void>;
  /** The paths of all files below a folder. */
  list(folder: string): Promise<string[]>;
  /** A small file; `null`: it is not there. */
  read(path: string): Promise<string | null>;
  /**
   * Creates a small file, whole or not at all.
   *
   * @returns false if there is one: two writers cannot both create it
   */
  create(path: string, text: string): Promise<boolean>;
  /** Creates or replaces a small file, whole. */
  replace(path: string, text: string): Promise<void>;
  /** A local folder for the files of an attempt. It is deleted with the staged files, or by `close`. */
  workFolder(attempt: string): Promise<string>;
  /** Takes a local file into the staging folder of an attempt, under its later path. */
  stage(attempt: string, file: string, path: string): Promise<void>;
  /**
   * Moves a staged file to its path; nothing happens if it is there already.
   *
   * @throws ImoError `LAKE_FILE_MISSING`
   */
  publish(attempt: string, path: string): Promise<void>;
  /** Deletes files; those that are gone do not matter. */
  remove(paths: readonly string[]): Promise<void>;
  /** A local file with the content of a file; in `folder` if it has to be fetched. */
  localCopy(path: string, folder: string): Promise<string>;
  close(): void;
}
