import { setTimeout as delay } from 'node:timers/promises';
import { ImoError } from '../../errors.js';
import type { SqlClient } from '../database/sqlClient.js';

/** Pauses between two looks: a commit that is on its way ends in milliseconds. */
const PAUSES_MS = [1, 5, 20, 100, 500, 1000, 2000, 4000];
/** From this look on, nobody is about to end them: the process or the server that began them is gone. */
const RECOVERED_FROM = 3;

/** The transactions of this database that a node has prepared and not ended. */
const PREPARED = `SELECT coalesce(string_agg(gid, ','), '') FROM pg_prepared_xacts
  WHERE database = current_database() AND gid LIKE 'citus\\_%'`;

/**
 * Waits until every node has ended the transactions that were committed before this call. The coordinator of a cluster
 * commits first and the nodes follow: until then, they do not show the rows. Normally they have followed when COMMIT
 * returns. If a connection broke in between, the coordinator ends them here.
 *
 * Outside of a transaction, or in one that reads what is committed at each statement.
 *
 * @throws ImoError `CITUS_NODE_BEHIND`
 */
export async function untilNodesFollow(db: SqlClient): Promise<void> {
  let waitedFor: ReadonlySet<string> | null = null;
  for (const [look, pause] of PAUSES_MS.entries()) {
    const prepared = await readPrepared(db);
    const left: ReadonlySet<string> =
      waitedFor === null
        ? prepared
        : new Set([...waitedFor].filter((transaction) => prepared.has(transaction)));
    if (left.size === 0) return;
    waitedFor = left;
    if (look >= RECOVERED_FROM) await db.query('SELECT recover_prepared_transactions()');
    await delay(pause);
  }
  throw behind(`transactions ${[...(waitedFor ?? [])].join(', ')} are prepared and do not end`);
}

async function readPrepared(db: SqlClient): Promise<Set<string>> {
  const { rows } = await db.query<{ node: string; success: boolean; result: string }>(
    `SELECT nodename || ':' || nodeport AS node, success, result FROM run_command_on_workers($1)`,
    [PREPARED],
  );
  const silent = rows.find(({ success }) => !success);
  if (silent !== undefined) throw behind(`node ${silent.node} does not answer: ${silent.result}`);
  return new Set(
    rows.flatMap(({ node, result }) =>
      result === '' ? [] : result.split(',').map((gid) => `${gid} of ${node}`),
    ),
  );
}

function behind(what: string): ImoError {
  return new ImoError(
    'CITUS_NODE_BEHIND',
    `the cluster has not ended what the coordinator has committed: ${what}`,
    'Check that every node of the cluster runs. Nothing is lost: indexing continues from the last commit.',
  );
}
