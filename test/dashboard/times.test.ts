import { expect, test } from 'vitest';
import { dateLocale } from '../../dashboard/src/format/times.js';

test.each([
  [['en-GB', 'en'], 'en', 'en-GB'],
  [['de-CH', 'en-GB'], 'en', 'en-GB'],
  [['fr'], 'en', 'en'],
  // Chrome on a Linux without a locale.
  [['en-US@posix'], 'en', 'en'],
])(
  'for a browser with the languages %j, dates in %s are written as in %s',
  (tags, language, locale) => {
    expect(dateLocale(tags, language)).toBe(locale);
    expect(new Intl.DateTimeFormat(locale).format(0)).toContain('1970');
  },
);
