/** So many series have a colour and a pattern of their own. */
export const MOST_SERIES = 8;
/** The series of what has no name of its own. */
export const REST_MARK = 5;
