import { ImoError } from '../../errors.js';

export function unreadable(path: string, cause: unknown): ImoError {
  return new ImoError(
    'BACKUP_UNREADABLE',
    `${path} cannot be read: ${reasonOf(cause)}`,
    'Name a backup that exists and that you may read.',
    { cause },
  );
}

export function notWritten(path: string, cause: unknown): ImoError {
  return new ImoError(
    'BACKUP_NOT_WRITTEN',
    `${path} cannot be written: ${reasonOf(cause)}`,
    'Name a file in a folder that exists, that you may write to and that has room.',
    { cause },
  );
}

/** Whether the operating system refused something about a file. */
export function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && !('address' in error);
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
