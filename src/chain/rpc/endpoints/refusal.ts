/** The error of a JSON-RPC answer. */
export interface RefusalError {
  readonly code: number;
  readonly message: string;
}

const METHOD =
  /method.*(not|n't|un).*(found|available|support|exist|allowed|enabled)|unknown method|not whitelisted/i;
/** Requests per time: waiting helps, a smaller range does not. */
const RATE =
  /\brate\b|too many requests|requests? (per|exceeded)|per (second|minute|hour|day)|throttl|quota|credits|compute units/i;
const ACCESS =
  /unauthori[sz]ed|forbidden|authenticat|access denied|api.?key|(invalid|missing|unknown) (token|project|credential)|payment required|suspended/i;
/** The node does not have these blocks yet, or no longer has them. */
const ABSENT =
  /(header|block|state|trie node|data|history|filter).*(not found|not available|unavailable|missing|unknown|pruned)|(unknown|missing|pruned) (block|header|trie|state|history)|beyond.*head|current head|after last accepted|unfinali[sz]ed|future block|in the future/i;
const REVERTED = /revert|invalid opcode|out of gas|stack (over|under)flow/i;
/** What a range has, and what can be too much of it. */
const MEASURE =
  /\b(block|blocks|range|ranges|span|window|interval|results?|logs|events|entries|items|records|rows|response|payload|size|bytes?|time|timeout|duration|deadline|toBlock|fromBlock)\b|timed? ?out/i;
const EXCESS =
  /limit|exceed|max(imum)?\b|more than|greater than|larger than|at most|up to|too (large|big|wide|many|long|much|broad)|timed? ?out|deadline|took too long|narrow|smaller|reduce|restrict|within/i;

/** The node does not have the method at all. */
export function isUnknownMethod({ code, message }: RefusalError): boolean {
  return code === -32601 || METHOD.test(message);
}

/** The node wants fewer requests, and says so inside a good HTTP answer. */
export function isRateLimit({ code, message }: RefusalError): boolean {
  if (RATE.test(message) || code === 429) return true;
  // Some providers use this code for requests, others for results.
  return code === -32005 && !speaksOfSize(message);
}

/** The text of an error names something that a range has, and says that it is too much. */
export function speaksOfSize(message: string): boolean {
  return MEASURE.test(message) && EXCESS.test(message) && !ABSENT.test(message);
}

/**
 * Whether a smaller part of a question may be answered. No list of texts can tell: providers
 * word their limits as they like. So every refusal counts that does not say something else: no
 * such method, no access, too many requests, no such block, a revert.
 */
export function mayBeTooMuch(error: RefusalError): boolean {
  const { message } = error;
  if (isUnknownMethod(error) || isRateLimit(error)) return false;
  if (ABSENT.test(message)) return false;
  if (speaksOfSize(message)) return true;
  return !ACCESS.test(message) && !REVERTED.test(message);
}

/** The node gave up on a long computation: its time was over, not ours. */
export function isTimeLimit({ message }: RefusalError): boolean {
  return /timed? ?out|deadline|took too long|time limit|too slow|cancel(l)?ed|aborted/i.test(
    message,
  );
}
