import type { GraphQLError, Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { DisagreementRecord } from '../store/read/audits.js';
import type { ApiContext } from './context.js';
import { depthLimit } from './depthLimit.js';
import { PreparedQueries } from './limits/preparedQueries.js';
import { assertNotReorganised } from './reorgGuard.js';

/** More than any sensible query has; parsing costs time before any other limit is seen. */
const TOKENS_AT_MOST = 4_000;

const FIELDS_DEEP_AT_MOST = 12;

/** Refuses texts of absurd length, and queries that are nested too deep. */
export function limitQueries(): Plugin<ApiContext> {
  const prepared = new PreparedQueries(TOKENS_AT_MOST);
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source) => prepared.parse(source));
    },
    onValidate({ addValidationRule, setValidationFn, validateFn }) {
      addValidationRule(depthLimit(FIELDS_DEEP_AT_MOST));
      setValidationFn((schema, document, rules, ...rest) =>
        prepared.validate(document, () => validateFn(schema, document, rules, ...rest)),
      );
    },
    onExecute({ args, setExecuteFn }) {
      setExecuteFn(prepared.executorOf(args));
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
      const { audits, books }: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ result, setResult }) {
          if (books.tokensUsed.size === 0 || !('data' in result)) return;
          try {
            const { disagreements } = await audits.read();
            const used = [...books.tokensUsed];
            const marks = used.flatMap((number) => disagreements.get(number) ?? []).map(markOf);
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

/** Replaces an answer by an error if a reorg came while it was being read. */
export function refuseMixedAnswers(mask: (error: unknown) => GraphQLError): Plugin<ApiContext> {
  return {
    onExecute({ args }) {
      const { joined, books }: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ setResult }) {
          try {
            await assertNotReorganised(joined, books);
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
