import { type Logger, pino } from 'pino';
import { redactText } from '../../config/redact.js';

/** Values of headers and keys that must not be in a log, in JSON. */
const SECRET_VALUES =
  /("(?:authorization|proxy-authorization|cookie|set-cookie|password|x-api-key|api[_-]?key|secret|token)"\s*:\s*")(?:[^"\\]|\\.)*"/gi;
/** The same in JSON that stands inside a text of the line. */
const ESCAPED_VALUES =
  /(\\"(?:authorization|proxy-authorization|cookie|set-cookie|password|x-api-key|api[_-]?key|secret|token)\\"\s*:\s*\\")(?:[^"\\]|\\\\.)*/gi;
/** The same in connection strings and headers that stand inside other text. */
const SECRET_WORDS = /\b(password|pwd|bearer|basic)([=\s]\s*)[^\s"'&;,\\]+/gi;

/**
 * Logs JSON lines without secrets: URLs lose what may be a key or a password, and the values of
 * headers that carry one are left out. All of it passes through here, errors of libraries too.
 *
 * @param write default: to stderr
 */
export function createApiLogger(
  level = 'info',
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  return pino({ name: 'api', level }, { write: (line: string) => write(withoutSecrets(line)) });
}

function withoutSecrets(line: string): string {
  return redactText(line)
    .replace(SECRET_VALUES, '$1…"')
    .replace(ESCAPED_VALUES, '$1…')
    .replace(SECRET_WORDS, '$1$2…');
}
