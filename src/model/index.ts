/**
 * Entities for Subsquid's own tools, which find them here: `squid-typeorm-migration` drafts a
 * migration from them, and a processor with `@subsquid/typeorm-store` can read our tables with them.
 * imo-ledger itself loads none: it writes by COPY and reads with SQL, through src/model/tables.
 */
export * from './generated/index.js';
