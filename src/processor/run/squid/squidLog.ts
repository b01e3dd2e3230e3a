import { LogLevel, type LogRecord, setRootSink } from '@subsquid/logger';
import { redactText } from '../../../config/redact.js';

/**
 * Sends the Subsquid libraries' warnings to `write`. Their own records carry the RPC URL
 * with its key, so only messages pass, and those without URLs.
 */
export function redirectSquidLog(write: (line: string) => void): void {
  setRootSink((record: LogRecord) => {
    if (record.level < LogLevel.WARN) return;
    const parts = [record.msg, record.err?.message].filter((part) => part !== undefined);
    write(redactText(`${record.ns}: ${parts.join(': ')}`));
  });
}
