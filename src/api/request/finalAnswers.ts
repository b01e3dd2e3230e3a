import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { RequestBooks } from '../../books/requestBooks.js';

/**
 * Fields that are not history: what an operator configures, what is read, proved or audited later, and
 * what depends on feeds of prices.
 */
const CHANGING =
  /([lL]abel|[vV]alue|[pP]rice|[cC]ost|[bB]asis|Unavailable|Verdict)$|^(code|codeBlock|isContract|isConfirmed|isProvisional|isUnaudited|isFinal|commitment|proof|ledgerHash|audit|auditedAt|held|heldAt|archived|contractBalance|explorer|joining|nodes?On|warnings|gas.*|values)$/;

/** The end of a chain's newest block, which moves. */
const NEWEST = /^\d+ {2}$/;

/**
 * Knows which answers never change: those that say which block they are as of, if no reorg can take it
 * back, and if all of their fields are history.
 */
export class FinalAnswers {
  private readonly historic = new WeakMap<DocumentNode, boolean>();

  constructor(private readonly schema: GraphQLSchema) {}

  async isFinal(
    document: DocumentNode,
    result: ExecutionResult,
    books: RequestBooks,
  ): Promise<boolean> {
    if (result.errors !== undefined || books.moments.size === 0) return false;
    // A mark says what is wrong or unfinished: it will go.
    const marks = Object.keys(result.extensions ?? {}).filter((name) => name !== 'cost');
    if (marks.length > 0 || !this.isHistoric(document)) return false;
    const heads = await books.heads();
    return [...books.moments].every(([asked, { chainId, block, askedTime }]) => {
      const isNamed = !NEWEST.test(asked) && askedTime === undefined && !asked.includes('T');
      return isNamed && block <= (heads.get(chainId)?.finalizedBlock ?? -1);
    });
  }

  /** Every root field is as of a moment, and no field below changes by itself. */
  private isHistoric(document: DocumentNode): boolean {
    let isHistoric = this.historic.get(document);
    if (isHistoric === undefined) {
      isHistoric = this.read(document);
      this.historic.set(document, isHistoric);
    }
    return isHistoric;
  }

  private read(document: DocumentNode): boolean {
    const types = new TypeInfo(this.schema);
    let isHistoric = true;
    visit(
      document,
      visitWithTypeInfo(types, {
        Field: ({ name: { value } }) => {
          const isRoot = types.getParentType() === this.schema.getQueryType();
          const hasMoment = types.getFieldDef()?.args.some(({ name }) => name === 'at') ?? false;
          if (CHANGING.test(value) || (isRoot && !hasMoment && !value.startsWith('__'))) {
            isHistoric = false;
          }
        },
      }),
    );
    return isHistoric;
  }
}
