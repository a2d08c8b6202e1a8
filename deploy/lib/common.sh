# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts in deploy/. Sourced, after `set -euo pipefail`.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PG_BIN=/usr/lib/postgresql/15/bin

say() { printf '%s\n' "$*" >&2; }
die() { printf 'xuqi: %s\n' "$*" >&2; exit 1; }
step() { STEP_NAME=$1; STEP_START=$(date +%s%N); printf '· %s … ' "$1" >&2; }
done_step() { printf '%s (%d.%d s)\n' "${1:-好 ok}" $((($(date +%s%N) - STEP_START) / 1000000000)) $((($(date +%s%N) - STEP_START) / 100000000 % 10)) >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else
        command -v sudo >/dev/null || die "需要root权限或sudo来安装软件包 (root or sudo is needed to install packages)"
        sudo "$@"
    fi
}

# The packages of the kinds named that are not installed. Node.js and npm may come from elsewhere than Debian.
missing_packages() {
    local kind name
    for kind in "$@"; do
        for name in $(sed -n "s/^$kind: //p" "$ROOT/deploy/lib/packages"); do
            case $name in nodejs) command -v node >/dev/null && continue ;; npm) command -v npm >/dev/null && continue ;; esac
            echo "$name"
        done
    done | sort -u | while read -r name; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"
    done
}

install_packages() {
    local missing
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    step "安装软件包 installing $(wc -w <<<"$missing") packages"
    # Our cluster is private: the package must not make and start one of its own.
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/xuqi.conf >/dev/null
    local log
    log=$(mktemp)
    as_root apt-get update -qq >"$log" 2>&1 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >>"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        die "软件包安装失败，记录在 $log (installing packages failed; the log is $log)"
    }
    rm -f "$log"
    done_step
}

# Node packages of tests/ (the gateways' SDKs), as its lock file says.
install_node_packages() {
    [ -e "$ROOT/tests/node_modules/.package-lock.json" ] &&
        [ "$ROOT/tests/node_modules/.package-lock.json" -nt "$ROOT/tests/package-lock.json" ] && return 0
    step "安装Node软件包 installing the gateways' SDKs"
    (cd "$ROOT/tests" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2) ||
        die "npm ci 失败 (npm ci failed)"
    done_step
}

# build <folder> <cmake options…>; quiet unless it fails.
build() {
    local folder=$1 log
    shift
    log=$(mktemp)
    { [ -e "$folder/build.ninja" ] || cmake -S "$ROOT" -B "$folder" -G Ninja "$@"; } >"$log" 2>&1 &&
        ninja -C "$folder" >>"$log" 2>&1 || {
        grep -E 'error|warning|FAILED' "$log" | head -n 40 >&2
        die "编译失败，记录在 $log (the build failed; the log is $log)"
    }
    rm -f "$log"
}

# PostgreSQL refuses to run as root, and so does xuqid: as root everything runs as the system user xuqi.
if [ "$(id -u)" = 0 ]; then XUQI_USER=xuqi; else XUQI_USER=$(id -un); fi

ensure_user() {
    [ "$(id -u)" = 0 ] || return 0
    id "$XUQI_USER" >/dev/null 2>&1 || useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin "$XUQI_USER"
}

# Sets AS_USER to the words that run a command as the unprivileged user, in the same process: its id is the command's.
set_as_user() {
    AS_USER=(env)
    [ "$(id -u)" != 0 ] || AS_USER=(setpriv --reuid="$XUQI_USER" --regid="$XUQI_USER" --init-groups --reset-env env PATH="$PATH" LANG=C.UTF-8)
    [ -z "${SOFTHSM2_CONF:-}" ] || AS_USER+=(SOFTHSM2_CONF="$SOFTHSM2_CONF")
    local name
    for name in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do [ -z "${!name:-}" ] || AS_USER+=("$name=${!name}"); done
}

as_user() {
    local AS_USER
    set_as_user
    "${AS_USER[@]}" "$@"
}

# -- the private PostgreSQL cluster ---------------------------------------------------------------------------------

# cluster_init <folder> <socket folder>
cluster_init() {
    local folder=$1 sockets=$2
    as_user mkdir -p "$sockets"
    [ -e "$folder/PG_VERSION" ] && return 0
    as_user "$PG_BIN/initdb" -D "$folder" -U postgres --encoding=UTF8 --locale=C.UTF-8 --auth=peer --data-checksums --no-instructions >/dev/null
    # Nobody reaches it over TCP; the operating system says who is calling.
    as_user tee -a "$folder/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$sockets'
unix_socket_permissions = 0700
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
max_connections = 200
shared_buffers = 256MB
idle_in_transaction_session_timeout = 10s
wal_compression = lz4
min_wal_size = 512MB   # segments are used again: making one holds every commit up
max_wal_size = 2GB
log_min_error_statement = panic   # statements may hold personal data
log_parameter_max_length_on_error = 0
${XUQI_PG_EXTRA:-}
CONF
    echo "local all all peer map=xuqi" | as_user tee "$folder/pg_hba.conf" >/dev/null
    for role in postgres xuqi_web xuqi_jobs xuqi_issuer xuqi_admin; do echo "xuqi $XUQI_USER $role"; done |
        as_user tee "$folder/pg_ident.conf" >/dev/null
}

cluster_start() {
    as_user "$PG_BIN/pg_ctl" -D "$1" -s -w -t 60 -l "$1/server.log" start >/dev/null ||
        die "PostgreSQL 启动失败，见 $1/server.log (PostgreSQL did not start)"
}

cluster_stop() {
    as_user "$PG_BIN/pg_ctl" -D "$1" -s -w -m fast stop >/dev/null 2>&1 || true
}
