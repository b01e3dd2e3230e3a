#!/usr/bin/env bash
# Copies the primary at the first start, then follows it. PGPASSWORD is that of the role `replica`.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "$PGDATA"
  pg_basebackup --host=postgres --username=replica --pgdata="$PGDATA" --wal-method=stream --slot=replica --write-recovery-conf
  chmod 700 "$PGDATA"
fi
exec postgres -c hot_standby=on -c hot_standby_feedback=on
