import {
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { inputError } from './errors.js';

/**
 * Refuses queries whose fields are nested too deep: lists inside lists multiply with every
 * level. Introspection is nested deeper and costs little.
 */
export function depthLimit(most: number): ValidationRule {
  return (context: ValidationContext) => ({
    OperationDefinition(operation) {
      const depth = depthOf(operation.selectionSet, context, []);
      if (depth <= most) return;
      context.reportError(
        inputError(
          'QUERY_TOO_DEEP',
          `the fields of the query are nested ${depth} deep, at most ${most} are allowed`,
          'Ask for the inner lists in requests of their own.',
        ),
      );
    },
  });
}

/** @param within fragments that are being looked into: one may (wrongly) contain itself. */
function depthOf(
  selectionSet: SelectionSetNode | undefined,
  context: ValidationContext,
  within: readonly FragmentDefinitionNode[],
): number {
  const depths = (selectionSet?.selections ?? []).map((selection): number => {
    if (selection.kind === Kind.FIELD) {
      const isIntrospection = selection.name.value.startsWith('__');
      return isIntrospection ? 0 : 1 + depthOf(selection.selectionSet, context, within);
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return depthOf(selection.selectionSet, context, within);
    }
    const fragment = context.getFragment(selection.name.value);
    if (fragment == null || within.includes(fragment)) return 0;
    return depthOf(fragment.selectionSet, context, [...within, fragment]);
  });
  return Math.max(0, ...depths);
}
