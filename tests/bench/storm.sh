# SPDX-License-Identifier: Apache-2.0
# deploy/bench callbacks: every payment's callback comes 1 to 15 times, shuffled, over many connections, from three gateways
# mixed; one order in fifty is paid at two of them. What UnionPay says is asked for by jobs meanwhile, at the sandbox, so that
# notices and answers come at once. Each payment is booked once, the second of an order as surplus. Sourced by deploy/bench.
STORM=${XUQI_STORM:-5000} STORM_SEED=7 STORM_SETTLED_S=300

storm_count() { owner -c "select count(*) from bench.made join xuqi.\"order\" using (renewal_no) join xuqi.payment_attempt as a using (order_no) where part = 'storm' and $1"; }

storm_payments() {
    STORM_BOTH=$((STORM / 51))
    unpaid storm $((STORM - STORM_BOTH))
    owner -c "select count(bench.open(renewal_no, (array['alipay', 'wechat', 'unionpay'])[1 + (substr(attempt_no, 17, 10)::bigint + 1) % 3]))
                from bench.made where part = 'storm' and n <= $STORM_BOTH" >/dev/null
    owner -F ' ' -c "select a.gateway, a.attempt_no, to_char(xuqi.beijing(a.created_at), 'YYYYMMDDHH24MISS'), $TRANSACTION
                       from bench.made join xuqi.\"order\" using (renewal_no) join xuqi.payment_attempt as a using (order_no)
                      where part = 'storm' order by a.attempt_no" >"$FOLDER/storm"
    expect_count "支付尝试 attempts" "$STORM" "$(wc -l <"$FOLDER/storm")"
}

# UnionPay knows its payments as paid; it starts with what is in its folder.
storm_gateway() {
    node "$ROOT/tests/support/callback.mjs" "$VAR" --orders <"$FOLDER/storm" >"$FOLDER/orders.json"
    install -m 644 "$FOLDER/orders.json" "$VAR/unionpay/orders.json"
    [ "$(id -u)" != 0 ] || chown "$XUQI_USER:" "$VAR/unionpay/orders.json"
    local AS_USER
    set_as_user
    "${AS_USER[@]}" node "$VAR/bin/unionpay_sandbox.mjs" --port "$(unionpay_sandbox_port)" --keys "$VAR/unionpay" --merchant "$UNIONPAY_MERCHANT" >"$FOLDER/unionpay.log" 2>&1 &
    STORM_PID=$!
}

storm_settled() {
    local end=$((SECONDS + STORM_SETTLED_S)) left
    while left=$(storm_count "a.state not in ('paid', 'surplus')") && [ "$left" != 0 ]; do
        [ "$SECONDS" -lt "$end" ] || die "$left 笔在 $STORM_SETTLED_S 秒后仍未入账 (payments are not booked after $STORM_SETTLED_S s)"
        sleep 1
    done
}

measure_callbacks() {
    local deliveries
    step "通知风暴 $STORM payments, each callback 1 to 15 times"
    storm_payments
    storm_gateway
    deliveries=$(node "$ROOT/tests/support/callback.mjs" "$VAR" --copies $STORM_SEED <"$FOLDER/storm" 2>&1 >"$DATA/storm.requests")
    load "$PORT" storm --connections $CONNECTIONS --take "$deliveries" >/dev/null
    storm_settled
    done_step
    expect_count "一笔一记 postings, one of each payment" "$STORM $STORM" "$(owner -c "select count(*) || ' ' || count(distinct q.event_key) from bench.made join xuqi.\"order\" using (renewal_no)
        join xuqi.payment_attempt as a using (order_no) join xuqi.posting as q on q.event_type = 'gateway' and q.event_key = a.gateway || ':' || a.gateway_txn where part = 'storm'")"
    expect_count "订单已付 orders paid" $((STORM - STORM_BOTH)) "$(storm_count "a.state = 'paid'")"
    expect_count "多付 surplus" "$STORM_BOTH $STORM_BOTH" "$(owner -c "select count(*) || ' ' || count(distinct s.renewal_no) from xuqi.surplus as s join bench.made using (renewal_no) where part = 'storm' and reason = 'paid_twice'")"
    expect_count "不符的通知 refused or mismatched" 0 "$(owner -c "select count(*) from xuqi.payment_notice as n join xuqi.payment_attempt using (attempt_no) join xuqi.\"order\" using (order_no) join bench.made using (renewal_no)
        where part = 'storm' and verdict in ('mismatch', 'refused')")"
    kill -TERM "$STORM_PID"
    wait "$STORM_PID" 2>/dev/null || true
    STORM_PID=
    REPORT+=("$(printf '%-22s %d deliveries of %d payments, %d orders paid at two gateways: one posting each, %d surplus; %s' '通知风暴 callbacks' \
        "$deliveries" "$STORM" "$STORM_BOTH" "$STORM_BOTH" "$(sed 's/^replies=[0-9]* //' "$FOLDER/load")")")
}
