#!/usr/bin/env bash
# Rehearses a base backup with archived WAL: a new server archives its log, is copied, gets the rows of a logical
# backup afterwards, and is restored from the copy and the log alone. Both servers must have the same rows.
# Usage: rehearse-restore.sh [FILE.imobackup]. It needs initdb, pg_ctl, pg_basebackup, psql and pg_dump of one
# version on the PATH, and imo-ledger (or IMO_LEDGER="node …/bin/imo-ledger.js"). Not as root.
set -euo pipefail
file=${1:-}
ledger=${IMO_LEDGER:-imo-ledger}
place=$(mktemp -d)
port=${PORT:-54329}
export PGHOST=$place PGPORT=$port PGUSER=ledger PGDATABASE=ledger
stop() {
  for server in first second; do pg_ctl -D "$place/$server" -m immediate stop >/dev/null 2>&1 || true; done
  rm -rf "$place"
}
trap stop EXIT
url="postgresql://ledger@127.0.0.1:$port/ledger"
start() { pg_ctl -D "$place/$1" -l "$place/$1.log" -o "-k $place -p $port -c listen_addresses=127.0.0.1" -w start >/dev/null; }
# pg_dump of newer versions writes a random key around its text.
rows() { pg_dump --data-only --column-inserts | grep -v '^\\\(un\)\?restrict ' | sort | sha256sum; }

mkdir "$place/wal"
initdb -D "$place/first" -U ledger --auth=trust >/dev/null
cat >>"$place/first/postgresql.conf" <<CONF
archive_mode = on
archive_command = 'test ! -f $place/wal/%f && cp %p $place/wal/%f'
CONF
start first
createdb ledger
DATABASE_URL=$url $ledger migrate >/dev/null

pg_basebackup --pgdata="$place/second" --wal-method=none --checkpoint=fast --no-password
echo 'copied the empty database; everything that follows is in the log alone'
if [ -n "$file" ]; then
  psql -qAtc 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' 2>/dev/null
  DATABASE_URL=$url $ledger restore "$file" >/dev/null
fi
psql -qAtc "CREATE TABLE rehearsal AS SELECT n, md5(n::text) FROM generate_series(1, 100000) n"
before=$(rows)
psql -qAtc 'SELECT pg_switch_wal()' >/dev/null
pg_ctl -D "$place/first" -m fast -w stop >/dev/null

echo "restore_command = 'cp $place/wal/%f %p'" >>"$place/second/postgresql.conf"
echo 'archive_mode = off' >>"$place/second/postgresql.conf"
touch "$place/second/recovery.signal"
start second
until [ "$(psql -qAtc 'SELECT pg_is_in_recovery()')" = f ]; do sleep 0.2; done
after=$(rows)
[ "$before" = "$after" ] || { echo 'the restored rows differ' >&2; exit 1; }
echo "restored: $(psql -qAtc 'SELECT count(*) FROM rehearsal') rows of the rehearsal and every table are equal"
