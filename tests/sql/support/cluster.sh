# SPDX-License-Identifier: Apache-2.0
# A throw-away PostgreSQL 15 in a folder of its own, which dies with the script. Sourced by tests/sql/run, model and
# mutation, after `set -euo pipefail`. XUQI_PG_BIN: where PostgreSQL's programs are. Uses no network.

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=${XUQI_PG_BIN:-/usr/lib/postgresql/15/bin}
work=$(mktemp -d /tmp/xuqi-sql.XXXXXX)

# PostgreSQL refuses to run as root.
as_user() {
    if [ "$(id -u)" = 0 ]; then
        (cd "$work" && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@")
    else
        (cd "$work" && exec "$@")
    fi
}

finish() {
    as_user "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT

start_cluster() {
    if [ "$(id -u)" = 0 ]; then
        chown postgres: "$work"
    fi
    as_user "$bin/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >"$work/initdb.log" 2>&1
    # The folder dies with the run: waiting for the disk would prove nothing here.
    as_user "$bin/pg_ctl" -D "$work/data" -w -l "$work/server.log" start -o "-k $work -c listen_addresses='' \
        -c max_connections=120 -c fsync=off -c full_page_writes=off -c restart_after_crash=on -c jit=off -c timezone=UTC ${cluster_options:-}" >/dev/null
    export PGHOST=$work PGUSER=postgres PGPORT=5432 PGDATABASE=xuqi
    unset PGOPTIONS PGSERVICE PGPASSWORD
    "$bin/createdb" xuqi
}

# As files: ten times as fast as through the log, which a cluster that dies with the run does not need.
copy_database() { # <from> <to>
    "$bin/createdb" -T "$1" --strategy file_copy "$2"
}

# The template that stories and walks are copied from, for who does not test deploy/migrate itself.
make_template() {
    "$root/deploy/migrate" "dbname=xuqi" >/dev/null
    psql -Xq -v ON_ERROR_STOP=1 -f "$here/support/story.sql" >/dev/null
}
