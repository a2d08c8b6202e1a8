# SPDX-License-Identifier: Apache-2.0
# The steps of deploy/bench. Sourced by it after deploy/lib.

LOAD=
build_tools() {
    step "编译（无检查器）building without sanitizers"
    local log=$FOLDER/build.log
    { [ -e "$BUILD/build.ninja" ] || cmake -S "$ROOT" -B "$BUILD" -G Ninja; } >"$log" 2>&1 &&
        ninja -C "$BUILD" xuqid xuqictl xuqi-demo-ca bench_load bench_prepare bench_sign >>"$log" 2>&1 || {
        grep -E 'error|warning|FAILED' "$log" | head -n 40 >&2
        die "编译失败 (the build failed)"
    }
    LOAD=$BUILD/tests/bench/bench_load
    # The unprivileged user must be able to run it.
    install -m 755 "$BUILD/tests/bench/bench_prepare" "$BUILD/tests/bench/bench_sign" "$FOLDER"
    done_step
}

owner() { as_user psql -XqAt -v ON_ERROR_STOP=1 "$@" "host=$SOCKETS dbname=xuqi user=postgres"; }
web_conninfo() { echo "host=$SOCKETS dbname=xuqi user=xuqi_web"; }

# -- data -------------------------------------------------------------------------------------------------------------

prepare() { as_user "$FOLDER/bench_prepare" "$1" --var "$VAR" --out "$DATA" "${@:2}"; }
unpaid() { owner -c "call bench.make_unpaid('$1', $2, ${3:-200})"; } # <part> <count> [how many in a transaction]
copy_in() { owner -c "\\copy bench.$1 from '$DATA/$2.copy'"; }
made() { owner -c "select $2 from bench.made where $1 order by renewal_no"; }

expect_count() { # <what> <wanted> <found>
    [ "$2" = "$3" ] || die "$1: $3，应为 $2 (expected $2)"
}

make_approved() {
    local version certificates=$(((ROUNDS + 1) * CERTIFICATES))
    version=$(sed -n 's/^version: "\(.*\)"$/\1/p' "$VAR/config/profiles/netca-organisation.yaml")
    owner -v profile_version="$version" <"$ROOT/tests/bench/approved.sql" >"$FOLDER/approved"
    expect_count "批准的业务 approved renewals" "$certificates opened $certificates $certificates $certificates" "$(xargs <"$FOLDER/approved")"
}

# Subscribers first, because every certificate in the data is one of theirs.
prepare_data() {
    DATA=$FOLDER/data
    mkdir "$DATA"
    [ "$(id -u)" != 0 ] || chown "$XUQI_USER:" "$DATA"
    step "数据 $(((ROUNDS + 1) * CERTIFICATES)) subscribers, $((2 * (ROUNDS + 1) * PAYMENTS)) renewals to be paid"
    owner <"$ROOT/tests/bench/tables.sql"
    prepare subscribers --count $(((ROUNDS + 1) * CERTIFICATES))
    copy_in person person
    copy_in subscriber subscribers
    make_renewals
    made "part = 'approved'" renewal_no | prepare fetches
    made true renewal_no | prepare reads
    owner -c 'truncate xuqi.outbox' -c 'vacuum analyze' # their messages are not what is measured
    read_numbers
    done_step
}

# pgbench's part in one transaction, since it computes attempt numbers and they begin with a time; the others beside it, on
# another core. One round more than are compared: the answers at half the load. A session's order numbers stay in one row because it
# draws all that it needs at once.
make_renewals() {
    local pgbench=$(((ROUNDS + 2) * PAYMENTS)) rest=$((RENEWALS_MIN - 2 * (ROUNDS + 2) * PAYMENTS)) beside
    unpaid first 200
    owner -c analyze -c "alter sequence xuqi.order_sequence cache $pgbench" # as autovacuum does within a minute
    unpaid pgbench "$pgbench" "$pgbench" &
    beside=$!
    make_approved
    unpaid http "$pgbench"
    if [ "$rest" -gt 0 ]; then unpaid rest "$rest"; fi
    wait "$beside"
    owner -c 'alter sequence xuqi.order_sequence cache 1'
}

# pgbench computes numbers; it finds them only when they are in one row.
read_numbers() {
    local row
    row=$(owner -F ' ' -c "select min(renewal_no), max(renewal_no), count(*), max(renewal_no)::bigint - min(renewal_no)::bigint + 1 from bench.made")
    read -r FIRST_RENEWAL LAST_RENEWAL found span <<<"$row"
    [ "$found" = "$span" ] || die "业务单号不连续（跨过了午夜？）再运行一次 (renewal numbers have a gap: midnight? run it again)"
    read -r ATTEMPT_PREFIX FIRST_ATTEMPT <<<"$(owner -F ' ' -c "select left(min(attempt_no), 16), substr(min(attempt_no), 17, 10)::bigint from bench.made where part = 'pgbench'")"
    expect_count "支付尝试 attempts in a row" $(((ROUNDS + 2) * PAYMENTS)) "$(owner -c "select count(*) from bench.made where part = 'pgbench' and left(attempt_no, 16) = '$ATTEMPT_PREFIX' and attempt_no like '%01' and substr(attempt_no, 17, 10)::bigint between $FIRST_ATTEMPT and $FIRST_ATTEMPT + $(((ROUNDS + 2) * PAYMENTS - 1))")"
    sed "s/@PREFIX@/$ATTEMPT_PREFIX/; s/@OPENED@/$(owner -c "select distinct date_trunc('second', created_at) from xuqi.payment_attempt join bench.made using (attempt_no) where part = 'pgbench'")/" "$ROOT/tests/bench/settle.pgbench" >"$DATA/settle.pgbench"
    cp "$ROOT/tests/bench/read.pgbench" "$DATA/read.pgbench"
}

start_server() {
    step "启动服务 starting the server"
    local i AS_USER
    set_as_user
    "${AS_USER[@]}" "$VAR/bin/xuqid" --config "$VAR/xuqid.yaml" 2>"$VAR/server.log" &
    SERVER_PID=$!
    for i in $(seq 400); do
        server_ready "$PORT" && break
        kill -0 "$SERVER_PID" 2>/dev/null || { tail -n 20 "$VAR/server.log" >&2; die "服务启动失败 (the server did not start)"; }
        sleep 0.05
    done
    server_ready "$PORT" || die "服务没有就绪 (the server did not get ready)"
    done_step
}

# -- one round each; each prints the rate --------------------------------------------------------------------------------

# Work left over from the round before would be charged to this one.
settle_down() { owner -c 'truncate xuqi.outbox'; }

# CPU milliseconds so far of these processes and their children, of ended children as well.
cpu_ms() { # <pid>…
    # Others' processes come and go: those that ended between listing and reading are left out.
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v wanted=" $* " -v ms=$((1000 / $(getconf CLK_TCK))) '
        { pid = $1; sub(/^[0-9]+ \(.*\) /, "", $0); split($0, f, " ") }
        index(wanted, " " pid " ") || index(wanted, " " f[2] " ") { ticks += f[12] + f[13] + f[14] + f[15] }
        END { printf "%d", ticks * ms }'
}
postmaster() { head -n 1 "$VAR/postgres/postmaster.pid"; }

load() { # <port> <requests> <options…>: the rate; the whole line is kept for the report
    "$LOAD" --port "$1" --requests "$DATA/$2.requests" "${@:3}" >"$FOLDER/load" || { cat "$FOLDER/load" >&2; die "有请求没有得到2xx (not every reply was 2xx)"; }
    sed 's/^replies=\([0-9]*\) .*/\1/' "$FOLDER/load" >"$FOLDER/done"
    sed 's/.* per_second=\([0-9.]*\) .*/\1/' "$FOLDER/load"
}

tps() { # <clients> <script> <options…>
    as_user "$PG_BIN/pgbench" -n -M prepared -c "$1" -j 2 -f "$DATA/$2.pgbench" "${@:3}" "$(web_conninfo)" >"$FOLDER/pgbench" 2>&1 || { cat "$FOLDER/pgbench" >&2; die "pgbench"; }
    sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$FOLDER/pgbench" >"$FOLDER/done"
    sed -n 's/^tps = \([0-9.]*\) .*/\1/p' "$FOLDER/pgbench"
}

read_ours() { load "$PORT" read --connections $CONNECTIONS --seconds $SECONDS_EACH; }
read_theirs() { tps $READ_CONNECTIONS read -T $SECONDS_EACH -D first=$((10#$FIRST_RENEWAL)) -D last=$((10#$LAST_RENEWAL)); }
# What each gateway calls its transaction, in SQL over payment_attempt.
TRANSACTION="case gateway when 'unionpay' then to_char(xuqi.beijing(a.created_at), 'YYYYMMDDHH24MISS') || substr(a.attempt_no, 22) when 'wechat' then '4200' || a.attempt_no else '2026112122001' || a.attempt_no end"
# WeChat's callbacks are good for five minutes, so that those of a round are signed just before it: not part of the figure.
sign_callbacks() { # <round>
    owner -F ' ' -c "select gateway, a.attempt_no, to_char(xuqi.beijing(a.created_at), 'YYYYMMDDHH24MISS'), $TRANSACTION
                       from bench.made join xuqi.payment_attempt as a using (attempt_no) where part = 'http'
                      order by made.n offset $(($1 * PAYMENTS)) limit $PAYMENTS" >"$FOLDER/attempts"
    node "$ROOT/tests/support/callback.mjs" "$VAR" <"$FOLDER/attempts" >"$DATA/notice.requests" || die "通知签名失败 (callbacks could not be signed)"
}
pay_ours() { load "$PORT" notice --connections $CONNECTIONS --take $PAYMENTS; }
# Clearing the outbox has made each session plan anew: the first eighth is for that, and not in the figure.
pay_at_half() { # <rate>
    local first=$((PAYMENTS / 8))
    load "$PORT" notice --connections $CONNECTIONS --take $first >/dev/null
    load "$PORT" notice --connections $CONNECTIONS --skip $first --take $((PAYMENTS - first)) --rate "$1"
}
# What the same calls take there without us when they are due at the same rate: milliseconds, 99 in 100.
pgbench_p99_at() { # <rate>
    local first=$((FIRST_ATTEMPT + (ROUNDS + 1) * PAYMENTS))
    rm -f "$DATA"/latency.*
    tps $WRITE_CONNECTIONS settle -t $((PAYMENTS / WRITE_CONNECTIONS)) -D at=-1 -D clients=$WRITE_CONNECTIONS -D first=$first -R "$1" -l --log-prefix="$DATA/latency" >/dev/null
    cat "$DATA"/latency.* | awk -v first=$((PAYMENTS / 8 / WRITE_CONNECTIONS)) '$2 > first { print $3 }' | sort -n | awk '{ all[NR] = $1 } END { printf "%.1f", all[int(NR * 0.99)] / 1000 }'
}
pay_theirs() {
    tps $WRITE_CONNECTIONS settle -t $((PAYMENTS / WRITE_CONNECTIONS)) -D at=-1 -D clients=$WRITE_CONNECTIONS -D first=$((FIRST_ATTEMPT + $1 * PAYMENTS))
}
certify_ours() { load "$PORT" fetch --connections $CERTIFICATE_CONNECTIONS --skip $(($1 * CERTIFICATES)) --take $CERTIFICATES; }
certify_theirs() { load $((PORT + 9)) cfssl --connections $CERTIFICATE_CONNECTIONS --skip $(($1 * CERTIFICATES)) --take $CERTIFICATES; }

median() { printf '%s\n' "$@" | sort -g | sed -n "$((($# + 1) / 2))p"; }
REPORT=()
MISSED=0

# <command> <round> <pid>…: the rate and the CPU milliseconds of each operation, the load generator's left out.
one_round() {
    local before rate
    before=$(cpu_ms "${@:3}")
    rate=$("$1" "$2") || exit 1
    echo "$rate $(awk "BEGIN { printf \"%.3f\", ($(cpu_ms "${@:3}") - $before) / $(cat "$FOLDER/done") }")"
}

# <what> <peer> <goal> <ours> <theirs> <pid of theirs>: round 0 is not counted; then ours, theirs, ours, theirs …
# Tables that were empty before round 0 have statistics after it, as autovacuum would give them within a minute: without,
# the plans made for empty tables would be measured.
take_turns() {
    local what=$1 peer=$2 goal=$3 ours=() theirs=() our_cpu=() their_cpu=() latency=() round rate cpu ratio verdict
    step "$what"
    for round in $(seq 0 "$ROUNDS"); do
        settle_down
        [ "$4" != pay_ours ] || sign_callbacks "$round"
        rate=$(one_round "$4" "$round" "$SERVER_PID" "$(postmaster)")
        read -r rate cpu <<<"$rate"
        [ "$round" = 0 ] || { ours+=("$rate"); our_cpu+=("$cpu"); latency+=("$(sed 's/.*p50_ms=\([0-9.]*\) p99_ms=\([0-9.]*\)/\1\/\2/' "$FOLDER/load")"); }
        settle_down
        rate=$(one_round "$5" "$round" "$6")
        read -r rate cpu <<<"$rate"
        if [ "$round" = 0 ]; then owner -c analyze -c checkpoint; else theirs+=("$rate"); their_cpu+=("$cpu"); fi
    done
    done_step
    OURS_PER_SECOND=$(median "${ours[@]}")
    ratio=$(awk "BEGIN { printf \"%.2f\", $(median "${ours[@]}") / $(median "${theirs[@]}") }")
    verdict=$(awk "BEGIN { print ($ratio >= $goal) ? \"达到 met\" : \"未达到 MISSED\" }")
    case $verdict in *MISSED) MISSED=$((MISSED + 1)) ;; esac
    REPORT+=("$(printf '%-22s %9.0f/s  %-18s %9.0f/s  %5s  ≥ %s  %s' "$what" "$(median "${ours[@]}")" "$peer" "$(median "${theirs[@]}")" "$ratio" "$goal" "$verdict")")
    REPORT+=("    CPU each: $(median "${our_cpu[@]}") ms ours | $(median "${their_cpu[@]}") ms theirs")
    REPORT+=("    rounds: $(printf '%.0f ' "${ours[@]}")| $(printf '%.0f ' "${theirs[@]}")| p50/p99 ms: $(median "${latency[@]}")")
}

measure_reads() { take_turns '进度查询 reads' "pgbench -c $READ_CONNECTIONS" 0.6 read_ours read_theirs "$(postmaster)"; }
P99_MAX_MS=20
measure_payments() {
    local half p99 theirs verdict
    take_turns '支付通知 payments' "pgbench -c $WRITE_CONNECTIONS" 0.8 pay_ours pay_theirs "$(postmaster)"
    half=$(awk "BEGIN { printf \"%.0f\", $OURS_PER_SECOND / 2 }")
    step "支付通知 at half that load"
    settle_down
    sign_callbacks $((ROUNDS + 1))
    pay_at_half "$half" >/dev/null
    settle_down
    theirs=$(pgbench_p99_at "$half")
    done_step
    p99=$(sed 's/.*p99_ms=\([0-9.]*\).*/\1/' "$FOLDER/load")
    verdict=$(awk "BEGIN { print ($p99 < $P99_MAX_MS) ? \"达到 met\" : \"未达到 MISSED\" }")
    case $verdict in *MISSED) MISSED=$((MISSED + 1)) ;; esac
    REPORT+=("$(printf '%-22s %9.0f/s  p50/p99 %s ms  %-26s < %3d ms %s' '半负载 at half load' "$half" "$(sed 's/.*p50_ms=\([0-9.]*\) p99_ms=\([0-9.]*\).*/\1\/\2/' "$FOLDER/load")" "pgbench's p99 $theirs ms" "$P99_MAX_MS" "$verdict")")
}

# RSA-2048 in software, nothing stored.
start_cfssl() {
    local folder=$FOLDER/cfssl i
    mkdir "$folder"
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/C=CN/O=bench/CN=bench' -keyout "$folder/key.pem" -out "$folder/ca.pem" 2>/dev/null
    cat >"$folder/config.json" <<'JSON'
{ "signing": { "default": { "expiry": "8760h", "usages": ["digital signature", "content commitment", "client auth", "email protection"],
  "crl_url": "http://127.0.0.1/crl/issuing.crl", "issuer_urls": ["http://127.0.0.1/ca/issuing.cer"] } } }
JSON
    (cd "$folder" && exec cfssl serve -address 127.0.0.1 -port $((PORT + 9)) -ca ca.pem -ca-key key.pem -config config.json) >"$folder/log" 2>&1 &
    CFSSL_PID=$!
    for i in $(seq 100); do
        [ -n "$(http_status $((PORT + 9)) /)" ] && return 0
        sleep 0.1
    done
    tail -n 20 "$folder/log" >&2
    die "cfssl 没有启动 (cfssl did not start)"
}

# What the token itself needs, on as many threads as the issuer has: the floor under our certificates.
measure_signatures() {
    as_user "$FOLDER/bench_sign" /usr/lib/softhsm/libsofthsm2.so xuqi-demo "$VAR/keys/pin" issuing 2 "$SECONDS_EACH" >"$FOLDER/signatures" || die "C_Sign"
    REPORT+=("    C_Sign alone, 2 threads: $(sed 's/.* per_second=\([0-9]*\).* cpu_ms=\(.*\)/\1\/s, \2 ms each/' "$FOLDER/signatures")")
}

measure_certificates() {
    start_cfssl
    take_turns '证书 certificates' 'cfssl serve' 1.0 certify_ours certify_theirs "$CFSSL_PID"
    # They are written behind those who wait; what is left of a round is dropped before the next, and is in no figure.
    REPORT+=("    messages written meanwhile: $(owner -c "select count(*) from xuqi.outbox_done where event = 'issued'") of $(((ROUNDS + 1) * CERTIFICATES))")
    kill -TERM "$CFSSL_PID"
    wait "$CFSSL_PID" 2>/dev/null || true
    CFSSL_PID=
    measure_signatures
}

# -- memory -----------------------------------------------------------------------------------------------------------

# Each of the connections reads one of the renewals and stays open.
measure_memory() {
    local pid role kb limit verdict holder
    step "内存 $IDLE idle connections"
    mkfifo "$FOLDER/held"
    "$LOAD" --port "$PORT" --requests "$DATA/read.requests" --connections $IDLE --hold >"$FOLDER/holding" <"$FOLDER/held" &
    holder=$!
    exec 9>"$FOLDER/held"
    until grep -q holding "$FOLDER/holding"; do
        kill -0 "$holder" 2>/dev/null || { cat "$FOLDER/holding" >&2; die "连接没有保持 (connections were not kept)"; }
        sleep 0.05
    done
    for pid in "$SERVER_PID" $(pgrep -P "$SERVER_PID"); do
        role=$(tr '\0' ' ' <"/proc/$pid/cmdline" | sed -n 's/.*--role \([a-z]*\) --index \([0-9]*\).*/\1.\2/p')
        kb=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
        case $role in web.*) limit=100 ;; *) limit=40 ;; esac
        verdict='达到 met'
        [ "$kb" -lt $((limit * 1024)) ] || { verdict='未达到 MISSED' MISSED=$((MISSED + 1)); }
        REPORT+=("$(printf '%-22s %7d.%d MB %47s < %3d MB %s' "内存 ${role:-supervisor}" $((kb / 1024)) $((kb % 1024 * 10 / 1024)) '' "$limit" "$verdict")")
    done
    exec 9>&-
    wait "$holder" || die "不是每个请求都得到2xx (not every reply was 2xx)"
    done_step
}

# -- the end ------------------------------------------------------------------------------------------------------------

# A rate counts only when the work was done: every payment booked, every certificate recorded, the ledger in balance.
check_books() {
    local wanted
    case $PARTS in *payments*)
        # UnionPay's are kept and asked for: its word alone books nothing.
        wanted=$((2 * (ROUNDS + 2) * PAYMENTS))
        expect_count "已记账或待查询 booked or asked" $wanted "$(owner -c "select count(*) from bench.made join xuqi.payment_attempt as a using (attempt_no)
            where part in ('http', 'pgbench') and case gateway when 'unionpay' then exists (select from xuqi.payment_notice as n where n.attempt_no = a.attempt_no and verdict = 'asked') else state = 'paid' end")" ;;
    esac
    case $PARTS in *certificates*)
        wanted=$(((ROUNDS + 1) * CERTIFICATES))
        expect_count "已签发 recorded certificates" $wanted "$(owner -c "select count(*) from xuqi.issuance where state = 'signed'")" ;;
    esac
    ctl ledger verify >"$FOLDER/ledger" || { cat "$FOLDER/ledger" >&2; die "账目不平 (the ledger is not in order)"; }
}

report() {
    echo
    echo "$(date '+%Y-%m-%d %H:%M') $(nproc) cores: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), load before: $LOAD_BEFORE"
    if awk "BEGIN { exit !($LOAD_BEFORE > 0.5) }"; then
        echo "注意 other work was running: the ratios say little (whoever has more processes gets more of the cores)"
    fi
    printf '%s\n' "${REPORT[@]}"
    [ "$MISSED" = 0 ] || echo "$MISSED 项未达到 goals missed"
}
