/** Blocks that have become final show that money without a frame was booked wrongly. */
export class RereadError extends Error {
  override readonly name = 'RereadError';

  constructor(
    /** The first block to read again. */
    readonly block: number,
    message: string,
  ) {
    super(message);
  }
}
