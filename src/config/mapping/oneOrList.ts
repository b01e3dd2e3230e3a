import { z } from 'zod';

/** One entry or a list of them: each with the messages of its own shape. */
export function oneOrList<Entry>(entry: z.ZodType<Entry>) {
  return z.unknown().transform((value, context): Entry | Entry[] => {
    const { data, error } = (Array.isArray(value) ? z.array(entry) : entry).safeParse(value);
    if (data !== undefined) return data;
    // Issues of a finished check are issues of this one: zod puts the path before them.
    for (const issue of error?.issues ?? []) context.issues.push(issue as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}
