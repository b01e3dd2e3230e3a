import { type GraphQLError, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { DisagreementRecord } from '../store/read/audits.js';
import type { ApiContext } from './context.js';
import { depthLimit } from './depthLimit.js';
import { assertNotReorganised } from './reorgGuard.js';

/** More than any sensible query has; parsing costs time before any other limit is seen. */
const TOKENS_AT_MOST = 4_000;

const FIELDS_DEEP_AT_MOST = 12;

/** Refuses texts of absurd length, and queries that are nested too deep. */
export function limitQueries(): Plugin<ApiContext> {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(depthLimit(FIELDS_DEEP_AT_MOST));
    },
    onParse({ setParseFn }) {
      setParseFn((source, options) => parse(source, { ...options, maxTokens: TOKENS_AT_MOST }));
    },
  };
}

/**
 * Marks an answer that depends on a token whose books are in disagreement with its contract:
 * `extensions.disagreements` lists what differs.
 */
export function markDisagreements(mask: (error: unknown) => GraphQLError): Plugin<ApiContext> {
  return {
    onExecute({ args }) {
      const context: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ result, setResult }) {
          if (!('data' in result)) return;
          try {
            const marks = await disagreementMarks(context);
            if (marks.length === 0) return;
            setResult({ ...result, extensions: { ...result.extensions, disagreements: marks } });
          } catch (error) {
            // Without its mark an answer may be taken for right.
            setResult({ errors: [mask(error)] });
          }
        },
      };
    },
  };
}

/** What differs in the tokens whose books an answer was read from. */
export async function disagreementMarks({ audits, books }: ApiContext) {
  const used = [...books.tokensUsed];
  if (used.length === 0) return [];
  const { disagreements } = await audits.read();
  return used.flatMap((number) => disagreements.get(number) ?? []).map(markOf);
}

/** Replaces an answer by an error if a reorg came while it was being read. */
export function refuseMixedAnswers(mask: (error: unknown) => GraphQLError): Plugin<ApiContext> {
  return {
    onExecute({ args }) {
      const { db, books }: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ setResult }) {
          try {
            await assertNotReorganised(db, books);
          } catch (error) {
            setResult({ errors: [mask(error)] });
          }
        },
      };
    },
  };
}

function markOf({ tokenNumber: _, ours, contract, ...mark }: DisagreementRecord) {
  return { ...mark, ours: String(ours), contract: contract === null ? null : String(contract) };
}
