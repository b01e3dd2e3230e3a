/** Whether the books of a contract continue: the config did not drop it. */
export function continues({ archivedBlock }: { readonly archivedBlock: number | null }): boolean {
  return archivedBlock === null;
}
