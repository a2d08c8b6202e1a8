# SPDX-License-Identifier: Apache-2.0
# The demonstration under var/: cluster, token, keys, CA, staff and subscribers. Everything secret is made here, at run
# time. Sourced by deploy/run after common.sh.

# The unprivileged user must reach var/; under a closed home directory it cannot, and var/ becomes a link to a place it can.
choose_var() {
    local wanted=$1
    mkdir -p "$(dirname "$wanted")"
    VAR=$(realpath -m "$wanted")
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$VAR"
        if ! setpriv --reuid="$XUQI_USER" --regid="$XUQI_USER" --clear-groups test -x "$VAR"; then
            local other
            other=/var/lib/xuqi-$(printf %s "$VAR" | sha256sum | cut -c1-12)
            rmdir "$VAR" 2>/dev/null || die "$VAR 对用户$XUQI_USER不可达 (user $XUQI_USER cannot reach $VAR; set XUQI_VAR)"
            mkdir -p "$other"
            ln -s "$other" "$wanted"
            VAR=$other
        fi
        chown "$XUQI_USER:$XUQI_USER" "$VAR"
    fi
    mkdir -p "$VAR"
    # A Unix socket's path holds 107 characters.
    SOCKETS=$VAR/run
    [ ${#SOCKETS} -le 80 ] || SOCKETS=/tmp/xuqi-$(printf %s "$VAR" | sha256sum | cut -c1-12)
    export SOFTHSM2_CONF=$VAR/token/softhsm2.conf
}

http_status() { # port path: the status of a GET, by bash alone
    (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3 && head -n 1 <&3 | cut -d' ' -f2) 2>/dev/null
}
server_answers() { [ -n "$(http_status "$1" /healthz)" ]; }
server_ready() { [ "$(http_status "$1" /readyz)" = 200 ]; }

random_hex() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# write_private <file>: standard input into a file only the server's user reads, complete or not at all.
write_private() {
    as_user sh -c 'umask 077; cat > "$1.new" && mv "$1.new" "$1"' sh "$1"
}

# Shall the desks be filled, or have they been? A build given by XUQI_BUILD is a test's, whose desks are empty unless XUQI_DEMO=1.
wants_desks() {
    [ -e "$VAR/demo/desks.jsonl" ] || [ "${XUQI_DEMO:-$([ -z "${XUQI_BUILD:-}" ] && echo 1 || echo 0)}" = 1 ]
}

install_program() {
    local build=$1
    as_user mkdir -p "$VAR/bin" "$VAR/config" "$VAR/spool" "$VAR/keys" "$VAR/demo" "$VAR/ca" "$VAR/token/tokens"
    # The server's user may not be able to read the checkout, and a running server must not change under a build.
    local name
    for name in server/xuqid server/xuqictl deploy/demo/xuqi-demo-ca; do
        install -m 755 "$build/$name" "$VAR/bin/.new" && mv "$VAR/bin/.new" "$VAR/bin/$(basename "$name")"
    done
    cp -rT "$ROOT/config" "$VAR/config"
    rm -rf "$VAR/web"
    [ ! -e "$build/web/portal.html" ] || cp -rT "$build/web" "$VAR/web"
    for name in sms faceid unionpay wechat alipay citic tsa; do install -m 644 "$ROOT/tests/support/${name}_sandbox.mjs" "$VAR/bin/"; done
    install -m 644 "$ROOT/tests/support/bills.mjs" "$VAR/bin/"
    ! wants_desks || cp "$ROOT"/deploy/demo/platforms/*.yaml "$VAR/config/platforms/"
    # More platforms than the demonstration's, for tests.
    [ -z "${XUQI_PLATFORMS:-}" ] || cp "$XUQI_PLATFORMS"/*.yaml "$VAR/config/platforms/"
}

make_token() {
    [ -e "$SOFTHSM2_CONF" ] || printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$VAR/token/tokens" | write_private "$SOFTHSM2_CONF"
    [ -e "$VAR/keys/pin" ] || printf '%s\n' "$(random_hex | cut -c1-16)" | write_private "$VAR/keys/pin"
}

# The key with which the portal of pingan signs its tokens, and the set that it publishes.
make_portal_keys() {
    as_user node -e '
        const { generateKeyPairSync } = require("node:crypto"), { writeFileSync } = require("node:fs");
        const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        writeFileSync(`${process.argv[1]}.pem`, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
        const key = { ...publicKey.export({ format: "jwk" }), kid: "demo-1", alg: "ES256", use: "sig" };
        writeFileSync(`${process.argv[1]}.jwks`, JSON.stringify({ keys: [key] }));' "$VAR/keys/pingan-portal"
}

make_keys() {
    local name
    for name in access seal audit; do
        [ -e "$VAR/keys/$name.key" ] || random_hex | write_private "$VAR/keys/$name.key"
    done
    [ -e "$VAR/keys/sms-secret" ] || random_hex | write_private "$VAR/keys/sms-secret"
    [ -e "$VAR/keys/pingan-portal.jwks" ] || make_portal_keys
    [ -e "$VAR/keys/citic-user" ] || printf 'demo-%s\n' "$(random_hex | cut -c1-8)" | write_private "$VAR/keys/citic-user"
    [ -e "$VAR/keys/faceid.key" ] || random_hex | write_private "$VAR/keys/faceid.key"
    # Both ends of Alipay's protocol: ours, and the sandbox gateway's.
    for name in alipay-app alipay-gateway; do
        [ -e "$VAR/keys/$name.pem" ] || openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null | write_private "$VAR/keys/$name.pem"
        [ -e "$VAR/keys/$name.pub" ] || as_user sh -c 'openssl pkey -in "$1" -pubout' sh "$VAR/keys/$name.pem" 2>/dev/null | write_private "$VAR/keys/$name.pub"
    done
}

# The desks, beyond the administration ports of the web processes.
staff_port() { echo "${XUQI_STAFF_PORT:-$((PORT + 5))}"; }

# Stand-ins for outside companies listen far from the server's ports and those of its neighbours.
sms_sandbox_port() { echo $((PORT > 60000 ? PORT - 1000 : PORT + 1000)); }
unionpay_sandbox_port() { echo $(($(sms_sandbox_port) + 1)); }

# Both ends of UnionPay's protocol under a certificate chain of their own: the sandbox's, and the merchant's PFX.
UNIONPAY_MERCHANT=777290058110097
make_unionpay() {
    [ -e "$VAR/unionpay/made" ] || as_user sh -c 'umask 077; exec node "$1" --make-keys "$2"' sh "$VAR/bin/unionpay_sandbox.mjs" "$VAR/unionpay"
}

FACEID_ID=AKIDsandbox
faceid_port() { echo $(($(sms_sandbox_port) + 2)); }
wechat_sandbox_port() { echo $(($(sms_sandbox_port) + 3)); }
ALIPAY_APP=2021000000000001
ALIPAY_SELLER=2088000000000001
alipay_sandbox_port() { echo $(($(sms_sandbox_port) + 4)); }
CITIC_ACCOUNT=7443900182600096874
citic_sandbox_port() { echo $(($(sms_sandbox_port) + 5)); }
tsa_sandbox_port() { echo $(($(sms_sandbox_port) + 6)); }

# A time-stamping authority's keys, and a stranger's for misbehaviour.
make_tsa() {
    [ -e "$VAR/tsa/made" ] || as_user sh -c 'umask 077; exec node "$1" --make-keys "$2"' sh "$VAR/bin/tsa_sandbox.mjs" "$VAR/tsa"
}

# The merchant's key, WeChat's and the APIv3 key.
make_wechat() {
    [ -e "$VAR/wechat/made" ] && [ -e "$VAR/wechat/platform.pem" ] || as_user sh -c 'umask 077; exec node "$1" --make-keys "$2"' sh "$VAR/bin/wechat_sandbox.mjs" "$VAR/wechat"
}


write_settings() {
    write_private "$VAR/xuqid.yaml" <<YAML
# Written by deploy/run at each start; config/xuqid.yaml documents every setting.
log: { level: ${XUQI_LOG:-info} }
config: { platforms: config/platforms, agreements: config/agreements, profiles: config/profiles, templates: config/templates, banks: config/banks, unpayable: allow }
web:
  public_url: http://127.0.0.1:$PORT
  address: 127.0.0.1
  port: $PORT
  staff_url: http://127.0.0.1:$(staff_port)
  staff_address: 127.0.0.1
  staff_port: $(staff_port)
  admin_port: $((PORT + 1))
  processes: ${XUQI_WEB_PROCESSES:-2}
  pages: $([ ! -e "$VAR/web/portal.html" ] || echo web)
database:
  web: host=$SOCKETS dbname=xuqi user=xuqi_web
  jobs: host=$SOCKETS dbname=xuqi user=xuqi_jobs
  issuer: host=$SOCKETS dbname=xuqi user=xuqi_issuer
  admin: host=$SOCKETS dbname=xuqi user=xuqi_admin
issuer:
  socket: $SOCKETS/issuer.sock
  token: xuqi-demo
  pin_file: keys/pin
  certificate: ca/issuing.pem
jobs: { socket: $SOCKETS/jobs.sock }
trust: { certificates: ca/trust.pem }
keys: { access_file: keys/access.key, seal_file: keys/seal.key, audit_file: keys/audit.key }
audit:
  public_key_file: ca/audit.pem
  timestamp_url: http://127.0.0.1:$(tsa_sandbox_port)/
  timestamp_ca_file: tsa/tsa-ca.pem
  timestamp_policy: 1.3.6.1.4.1.99999.1.1
  timestamp_s: 3
alipay:
  app_id: "$ALIPAY_APP"
  seller_id: "$ALIPAY_SELLER"
  private_key_file: keys/alipay-app.pem
  public_key_file: keys/alipay-gateway.pub
  gateway_url: http://127.0.0.1:$(alipay_sandbox_port)/gateway.do
remote: { call_ms: 4000 } # everybody outside is on this machine
breaker: { failures: 30, open_s: 3 } # tests make them fail on purpose
unionpay:
  merchant_id: "$UNIONPAY_MERCHANT"
  pfx_file: unionpay/merchant.pfx
  password_file: unionpay/merchant.password
  root_file: unionpay/root.pem
  middle_file: unionpay/middle.pem
  front_url: http://127.0.0.1:$(unionpay_sandbox_port)/gateway/api/frontTransReq.do
  query_url: http://127.0.0.1:$(unionpay_sandbox_port)/gateway/api/queryTrans.do
  file_url: http://127.0.0.1:$(unionpay_sandbox_port)/files
  back_url: http://127.0.0.1:$(unionpay_sandbox_port)/gateway/api/backTransReq.do
  sandbox: 1
wechat:
  merchant_id: "1900000109"
  app_id: wxd678efh567hg6787
  merchant_serial: "$(as_user cat "$VAR/wechat/serial")"
  private_key_file: wechat/merchant.key
  api_key_file: wechat/api.key
  public_key_id: $(as_user cat "$VAR/wechat/public_key_id")
  public_key_file: wechat/wechat.pub
  certificate_files: wechat/platform.pem
  merchant_certificate_file: wechat/merchant.pem
  api_url: http://127.0.0.1:$(wechat_sandbox_port)
message: { spool: spool }
sms:
  access_key_id: LTAI-demo-sandbox
  access_key_secret_file: keys/sms-secret
  endpoint: http://127.0.0.1:$(sms_sandbox_port)
  sign_name: 续期演示
  template_register: SMS_100000001
  template_login: SMS_100000002
  template_password: SMS_100000003
  address_per_hour: 100000
faceid:
  secret_id: $FACEID_ID
  secret_key_file: keys/faceid.key
  rule_id: "1"
  url: http://127.0.0.1:$(faceid_port)
bank: { link: citic, remark: 金融认证, looks_s: "1 1 2 5 30 300", queries_per_hour: 1000000, movements_per_hour: 1000000, daily_budget_fen: 1000000, statement_interval_s: 30, call_ms: 3000 }
citic: { url: "http://127.0.0.1:$(citic_sandbox_port)/", user_file: keys/citic-user, account_no: "$CITIC_ACCOUNT" }
account: { payouts_of_account: 1000 }
YAML
}

demo_ca() { as_user "$VAR/bin/xuqi-demo-ca" "$1" --module /usr/lib/softhsm/libsofthsm2.so --token xuqi-demo --pin-file "$VAR/keys/pin" "${@:2}"; }
ctl() { as_user env XUQI_CONFIG="$VAR/xuqid.yaml" "$VAR/bin/xuqictl" "$@"; }

beijing() { TZ=Asia/Shanghai date -d "$1" '+%Y-%m-%d %H:%M:%S'; }

# make_subscriber <platform> <name> <organisation> <not-before> <not-after> <note>: a key and a certificate of the demonstration CA.
make_subscriber() {
    local platform=$1 folder=$VAR/demo/subscribers line
    shift
    as_user mkdir -p "$folder"
    if [ ! -e "$folder/$1.json" ]; then
        line=$(demo_ca subscriber --dir "$folder" --ca "$VAR/ca" --name "$1" --organisation "$2" --not-before "$(beijing "$3")" --not-after "$(beijing "$4")")
        ctl certificate import "$folder/$1.pem" >/dev/null
        printf '%s\n' "$line" | write_private "$folder/$1.json"
    fi
    SUBSCRIBERS+=("{\"platform\":\"$platform\",\"name\":\"$1\",\"organisation\":\"$2\",\"note\":\"$5\",\"key\":\"$folder/$1.key\",\"certificate\":\"$folder/$1.pem\",\"new_key\":\"$folder/$1.new.key\",\"csr\":\"$folder/$1.csr\",\"serial\":\"$(sed -n 's/.*"serial": *"\([0-9a-f]*\)".*/\1/p' "$folder/$1.json")\"}")
}

make_subscribers() {
    SUBSCRIBERS=()
    make_subscriber sz-consumables inside '深圳市安康医用耗材有限公司' '-335 days' '+30 days' '可以续期 inside the window'
    make_subscriber sz-consumables inside-2 '深圳市百诚医疗器械有限公司' '-345 days' '+20 days' '可以续期 inside the window'
    make_subscriber sz-consumables inside-3 '深圳市德仁生物科技有限公司' '-355 days' '+10 days' '可以续期 inside the window'
    make_subscriber sz-consumables not-yet '深圳市恒健医疗科技有限公司' '-65 days' '+300 days' '未到续期时间 the window is not open yet'
    make_subscriber sz-consumables expired '深圳市宏达医疗设备有限公司' '-400 days' '-35 days' '已过期 expired'
    make_subscriber gd-drug gd-drug-inside '广州市康正药业有限公司' '-335 days' '+30 days' '未过期，可以续期 not expired'
    make_subscriber gd-drug gd-drug-expired '佛山市南方药业有限公司' '-400 days' '-35 days' '已过期，可凭盖章申请表续期 expired: with the sealed form'
    make_subscriber gpo gpo-inside '广州市同济医药有限公司' '-305 days' '+60 days' '可以续期 inside the window'
    make_subscriber gpo gpo-not-yet '广州市益民医药有限公司' '-265 days' '+100 days' '未到续期时间 the window is not open yet'
    make_subscriber szca-bidding szca-expired '深圳市诚信（招标）工程有限公司' '-400 days' '-35 days' '已过期，登录网厅凭序列号续期 expired: by serial number in the web hall'
    make_subscriber pingan pingan-inside '深圳市平顺采购有限公司' '-335 days' '+30 days' '可以续期，须有门户凭证 with a token of the portal'
    make_subscriber gpo gpo-expired '广州市惠众医药有限公司' '-400 days' '-35 days' '已过期，只能查询和安装 expired: only what was submitted in time'
}

# The excerpt, once: a list that somebody imported meanwhile stays.
load_banks() {
    [ ! -e "$VAR/demo/banks.done" ] || return 0
    ctl bank import "$VAR/config/banks/head_offices.csv" >/dev/null 2>&1
    as_user touch "$VAR/demo/banks.done"
}

# The State Council's notices; they change with each autumn.
load_calendars() {
    local file
    for file in "$VAR"/config/calendar/*.csv; do ctl calendar import "$file" >/dev/null; done
}

# staff <name> <display name> <role>: password and TOTP secret are made here and kept in var/demo for whoever tries it.
make_staff() {
    local folder=$VAR/demo/staff
    as_user mkdir -p "$folder"
    if [ ! -e "$folder/$1.done" ]; then
        printf 'demo-%s-%s\n' "$1" "$(random_hex | cut -c1-12)" | write_private "$folder/$1.password"
        ctl staff add --name "$1" --display "$2" --role "$3" --password-file "$folder/$1.password" --totp-file "$folder/$1.totp" >/dev/null
        as_user touch "$folder/$1.done"
    fi
    STAFF+=("{\"name\":\"$1\",\"display_name\":\"$2\",\"roles\":[\"$3\"],\"password\":\"$(as_user cat "$folder/$1.password")\",\"totp_secret\":\"$(as_user cat "$folder/$1.totp")\"}")
}

make_all_staff() {
    STAFF=()
    make_staff reviewer '审核员 王敏' reviewer
    make_staff reviewer-2 '审核员 李强' reviewer
    make_staff senior '高级审核员 赵敏' senior_reviewer
    make_staff finance '财务 陈静' finance
    make_staff finance-2 '财务 何敏' finance
    make_staff auditor '审计 郑洁' auditor
    make_staff administrator '管理员 周涛' administrator
    make_staff administrator-2 '管理员 吴静' administrator
}

join_json() { local first=1 item; for item in "$@"; do [ "$first" = 1 ] || printf ','; first=0; printf '\n    %s' "$item"; done; }

write_demo_json() {
    write_private "$VAR/demo/demo.json" <<JSON
{
  "base_url": "http://127.0.0.1:$PORT",
  "staff_url": "http://127.0.0.1:$(staff_port)",
  "admin_url": "http://127.0.0.1:$((PORT + 1))",
  "ca": { "trust": "$VAR/ca/trust.pem", "root": "$VAR/ca/root.pem", "issuing": "$VAR/ca/issuing.pem" },
  "staff": [$(join_json "${STAFF[@]}")
  ],
  "subscribers": [$(join_json "${SUBSCRIBERS[@]}")
  ],
  "sms": { "sandbox": "http://127.0.0.1:$(sms_sandbox_port)" },
  "portal": { "platform": "pingan", "issuer": "https://caizhiyun.example.com", "audience": "xuqi", "kid": "demo-1", "private_key": "$VAR/keys/pingan-portal.pem" },
  "faceid": { "sandbox": "http://127.0.0.1:$(faceid_port)", "secret_id": "$FACEID_ID", "secret_key": "$VAR/keys/faceid.key" },
  "alipay": {
    "note": "SANDBOX: a stand-in on this machine with keys made at run time; no money moves",
    "url": "http://127.0.0.1:$(alipay_sandbox_port)",
    "app_id": "$ALIPAY_APP",
    "seller_id": "$ALIPAY_SELLER",
    "gateway_private_key": "$VAR/keys/alipay-gateway.pem",
    "gateway_public_key": "$VAR/keys/alipay-gateway.pub",
    "app_public_key": "$VAR/keys/alipay-app.pub",
    "app_private_key": "$VAR/keys/alipay-app.pem"
  },
  "unionpay": {
    "note": "SANDBOX: a stand-in on this machine with keys made at run time; no money moves",
    "url": "http://127.0.0.1:$(unionpay_sandbox_port)",
    "merchant_id": "$UNIONPAY_MERCHANT",
    "folder": "$VAR/unionpay"
  },
  "tsa": { "note": "SANDBOX: its time stamps are worth nothing to anybody", "url": "http://127.0.0.1:$(tsa_sandbox_port)", "ca": "$VAR/tsa/tsa-ca.pem" },
  "citic": {
    "note": "SANDBOX: a stand-in on this machine; no money moves. Its page shows the 0.01 yuan with their remarks",
    "url": "http://127.0.0.1:$(citic_sandbox_port)",
    "account": "$CITIC_ACCOUNT"
  },
  "wechat": {
    "note": "SANDBOX: a stand-in on this machine with keys made at run time; no money moves",
    "url": "http://127.0.0.1:$(wechat_sandbox_port)",
    "folder": "$VAR/wechat"
  }
}
JSON
}

# Everything but the server: leaves the cluster running and CLUSTER_STARTED set.
prepare_var() {
    local build=$1
    PORT=$2
    install_program "$build"
    step "启动数据库 starting the private PostgreSQL"
    cluster_init "$VAR/postgres" "$SOCKETS"
    # A power cut leaves a stale pid file behind; pg_ctl knows.
    as_user "$PG_BIN/pg_ctl" -D "$VAR/postgres" status >/dev/null 2>&1 || cluster_start "$VAR/postgres"
    CLUSTER_STARTED=1
    done_step
    step "数据库结构 migrations and procedures"
    cp -rT "$ROOT/sql" "$VAR/sql"
    install -m 755 "$ROOT/deploy/migrate" "$VAR/bin/migrate"
    as_user psql -Xqtc "select 1 from pg_database where datname = 'xuqi'" "host=$SOCKETS dbname=postgres user=postgres" | grep -q 1 ||
        as_user psql -Xqc "create database xuqi" "host=$SOCKETS dbname=postgres user=postgres"
    as_user "$VAR/bin/migrate" "host=$SOCKETS dbname=xuqi user=postgres" >&2
    done_step
    step "演示CA、人员与用户 the demonstration's CA, staff and subscribers"
    make_token
    make_keys
    make_unionpay
    make_wechat
    make_tsa
    write_settings
    demo_ca init --out "$VAR/ca" >/dev/null
    ctl platform load --changed --yes >"$VAR/prices.log" 2>&1 || { cat "$VAR/prices.log" >&2; die "收费标准导入失败 (the prices were not loaded)"; }
    make_subscribers
    make_all_staff
    load_banks
    load_calendars
    ctl statement accounts >/dev/null
    write_demo_json
    done_step
}

print_welcome() {
    local SZCA_SERIAL
    SZCA_SERIAL=$(sed -n 's/.*"serial": *"\([0-9a-f]*\)".*/\1/p' "$VAR/demo/subscribers/szca-expired.json")
    cat >&2 <<TEXT

  Xuqi 续期 已启动 is serving$([ -e "$VAR/web/portal.html" ] || echo "  没有页面，只有接口 without pages: see the build's note")

  四个地址 four addresses:
    用户 subscribers   http://127.0.0.1:$1          查证书、申请、缴费、看进度、安装 check, apply, pay, follow, install
    工作人员 desks      http://127.0.0.1:$(staff_port)          审核、财务、管理 review, finance, administration
    付款 to pay on     各支付页会自动打开，列在下面 the sandboxes below; they open by themselves
    运行 operations    http://127.0.0.1:$(($1 + 1))/metrics  指标，只在本机 figures, on this machine only

  游览 a tour:
    1 网厅，全程在浏览器中 wholly in a browser: 用户地址选“深圳CA网上营业厅”，任意手机号码，验证码见短信沙箱 any mobile, the code
      is at the SMS sandbox；序列号 serial ${SZCA_SERIAL}，企业名称 organisation 深圳市诚信（招标）工程有限公司
      以后登录“我的业务单”接着办 later: log in under “我的业务单”
    2 其他平台由客户端签名提交 the client signs for the others; 这里代为提交 this plays it:
        ./deploy/run --apply gd-drug-inside      银行转账、支付宝 transfer, Alipay      --apply gd-drug-expired   盖章申请表 sealed form
        ./deploy/run --apply gpo-inside          银联 UnionPay                           --apply inside            深圳耗材
        ./deploy/run --apply pingan-inside       平安，由门户送来 sent on by the portal
      被拒绝并说明原因 refused, and why: --apply not-yet、expired、gpo-not-yet、gpo-expired
    3 工作人员 staff: ./deploy/run --login NAME   显示密码和当前动态码 shows the password and the code of now
        reviewer、reviewer-2      审核 review: 领取、退回、挂起；“演示平台”要两人审核，一人不能审两次 two decide, nobody twice
        senior                    高级审核 senior review: 转派、抽检 reassigns, samples
        finance、finance-2        财务 finance: 匹配流水、退款、对账差异、账簿；申请与批准不能是同一人 who asks does not approve
        auditor                   审计 audit          administrator、administrator-2  管理 administration: 双人改价 prices by two
    4 ./deploy/run --walkthrough  走完一次完整续期 one whole renewal, step by step

  说明 everything for programs: $VAR/demo/demo.json    用户密钥 subscribers' keys: $VAR/demo/subscribers

  短信沙箱 SMS sandbox (没有短信真正发出 nothing is sent): http://127.0.0.1:$(sms_sandbox_port)
  支付宝沙箱 Alipay SANDBOX (不动用资金 no money moves): http://127.0.0.1:$(alipay_sandbox_port)
  银联沙箱 UnionPay SANDBOX (不动用资金 no money moves): http://127.0.0.1:$(unionpay_sandbox_port)
  微信支付沙箱 WeChat Pay SANDBOX (不动用资金 no money moves): http://127.0.0.1:$(wechat_sandbox_port)
  银行沙箱 bank's SANDBOX (0.01元打款及附言 the 0.01 yuan and its remark): http://127.0.0.1:$(citic_sandbox_port)
  时间戳沙箱 time-stamping SANDBOX (时间戳没有效力 worth nothing): http://127.0.0.1:$(tsa_sandbox_port)
  人脸核身沙箱 identity provider's SANDBOX (没有人被核验 nobody is checked): http://127.0.0.1:$(faceid_port)

  停止 stop: Ctrl-C

TEXT
}
