/* SPDX-License-Identifier: Apache-2.0 */
/* The three bills: what is read, what adds up, and that nothing hostile is taken for a bill. */
#include "unit/documents/bills.h"

#include "base/clock.h"
#include "base/file.h"

#include <stdlib.h>

static struct bill_fault fault;
static struct bill_row last; /* of the rows read */
static struct bill_totals totals;

static enum err read_as(struct arena *arena, const struct bill_options *options, struct bytes file)
{
    struct bill *bill;
    bool more = true;
    fault = (struct bill_fault){0};
    enum err err = bill_open(options, file, arena, &fault, &bill);
    if (err != OK)
        return err;
    while (err == OK && more)
        err = bill_next(bill, arena, &fault, &last, &more);
    totals = bill_totals(bill);
    bill_close(bill);
    return err;
}

static enum err read_bill(struct arena *arena, const char *rail, struct bytes file)
{
    const struct bill_options options = {.rail = rail, .merchant = "", .year = 2026, .month = 11, .day = 20};
    return read_as(arena, &options, file);
}

/* Refused for this reason at this line. */
static void assert_refused(struct arena *arena, const char *rail, struct bytes file, const char *rule, size_t line)
{
    assert_int_equal(read_bill(arena, rail, file), ERR_BILL_MALFORMED);
    assert_string_equal(fault.rule, rule);
    assert_int_equal(fault.line, line);
    assert_non_null(fault.zh);
    assert_non_null(fault.en);
}

/* -- WeChat Pay ---------------------------------------------------------------------------------------------------- */

#define WECHAT_HEAD                                                                                                                                                    \
    "\xef\xbb\xbf交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"              \
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态," \
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n"
#define WECHAT_PAID                                                                                                    \
    "`2026-11-20 12:00:01,`wx01,`1900000001,`0,`,`4200000001,`2026112000000000000000000101,`o123,`NATIVE,`SUCCESS,"    \
    "`OTHERS,`CNY,`200.00,`0.00,`0,`0,`0.00,`0.00,`,`,`证书\\ 续期,`,`1.20000,`0.60%,`200.00,`0.00,`\r\n"
#define WECHAT_REFUND                                                                                                  \
    "`2026-11-20 13:00:01,`wx01,`1900000001,`0,`,`4200000001,`2026112000000000000000000101,`o123,`NATIVE,`REFUND,"     \
    "`OTHERS,`CNY,`0.00,`0.00,`5030000001,`R2026112000000001,`50.00,`0.00,`ORIGINAL,`SUCCESS,`证书,`,`-0.30000,"     \
    "`0.60%,`0.00,`50.00,`\r\n"
#define WECHAT_TOTALS "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
#define WECHAT_SUMS   "`2,`200.00,`50.00,`0.00,`0.90000,`200.00,`50.00\r\n"
#define WECHAT        WECHAT_HEAD WECHAT_PAID WECHAT_REFUND WECHAT_TOTALS WECHAT_SUMS

static void reads_a_bill_of_wechat(void **state)
{
    assert_int_equal(read_bill(*state, "wechat", bytes_of_text(WECHAT)), OK);
    assert_int_equal(totals.rows, 2);
    assert_int_equal(totals.payments_fen, 20000);
    assert_int_equal(totals.refunds_fen, 5000);
    assert_int_equal(totals.fee_millifen, 90000);
    assert_int_equal(last.kind, BILL_REFUND);
    assert_int_equal(last.line, 3);
    assert_string_equal(last.gateway_id, "5030000001");
    assert_string_equal(last.payment_txn, "4200000001");
    assert_string_equal(last.refund_no, "R2026112000000001");
    assert_string_equal(last.attempt_no, "2026112000000000000000000101");
    assert_string_equal(last.status, "SUCCESS");
}

static void reads_it_gzipped(void **state)
{
    assert_int_equal(read_bill(*state, "wechat", bill_pack(*state, bytes_of_text(WECHAT), 31)), OK);
    assert_int_equal(totals.rows, 2);
}

static void reads_a_day_without_trades(void **state)
{
    assert_int_equal(read_bill(*state, "wechat",
                               bytes_of_text(WECHAT_HEAD WECHAT_TOTALS "`0,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00\r\n")),
                     OK);
    assert_int_equal(totals.rows, 0);
}

static void commas_of_user_text_are_text(void **state)
{
    assert_int_equal(
        read_bill(*state, "wechat",
                  bytes_of_text(WECHAT_HEAD "`2026-11-20 12:00:01,`wx01,`1900000001,`0,`,`42,`2026112000,`o,`NATIVE,"
                                            "`SUCCESS,`O,`CNY,`1.00,`0.00,`0,`0,`0.00,`0.00,`,`,`a,b,c,`,`0.01000,`,"
                                            "`1.00,`0.00,`\r\n" WECHAT_TOTALS
                                            "`1,`1.00,`0.00,`0.00,`0.01,`1.00,`0.00")),
        OK);
}

static void add_size(void *context, struct bytes text)
{
    *(size_t *)context += text.size;
}

static void the_hash_is_taken_of_the_unpacked_text(void **state)
{
    size_t seen = 0;
    const struct bill_options options = {.rail = "wechat",
                                         .merchant = "1900000001",
                                         .year = 2026,
                                         .month = 11,
                                         .day = 20,
                                         .seen = add_size,
                                         .context = &seen};
    assert_int_equal(read_as(*state, &options, bill_pack(*state, bytes_of_text(WECHAT), 31)), OK);
    assert_int_equal(seen, strlen(WECHAT));
}

static void refuses_what_does_not_add_up(void **state)
{
#define SUMS(sums) bytes_of_text(WECHAT_HEAD WECHAT_PAID WECHAT_REFUND WECHAT_TOTALS sums)
    assert_refused(*state, "wechat", SUMS("`3,`200.00,`50.00,`0.00,`0.90000,`200.00,`50.00"), "totals", 5);
    assert_refused(*state, "wechat", SUMS("`2,`200.00,`50.00,`0.00,`0.90000,`200.01,`50.00"), "totals", 5);
    assert_refused(*state, "wechat", SUMS("`2,`200.00,`50.00,`0.00,`0.90000,`200.00,`49.99"), "totals", 5);
    assert_refused(*state, "wechat", SUMS("`2,`200.00,`50.00,`0.00,`0.92,`200.00,`50.00"), "totals", 5);
    assert_refused(*state, "wechat", SUMS("`2,`200.00,`50.00,`0.00,`x,`200.00,`50.00"), "value", 5);
}

static void refuses_a_bill_of_wechat_that_is_cut_off(void **state)
{
    assert_refused(*state, "wechat", bytes_of_text(WECHAT_HEAD WECHAT_PAID WECHAT_REFUND), "cut_off", 3);
    assert_refused(*state, "wechat", bytes_of_text(WECHAT_HEAD WECHAT_PAID WECHAT_TOTALS), "cut_off", 3);
    assert_refused(*state, "wechat", bytes_of_text(WECHAT_HEAD WECHAT_PAID "`2026-11-20 12"), "columns", 3);
    struct bytes packed = bill_pack(*state, bytes_of_text(WECHAT), 31);
    assert_refused(*state, "wechat", (struct bytes){packed.data, packed.size - 9}, "unpack", 5);
}

static void refuses_rows_that_are_none(void **state)
{
    struct arena *arena = *state;
    assert_refused(arena, "wechat", bytes_of_text(WECHAT_HEAD "no row\r\n"), "row", 2);
    assert_refused(arena, "wechat", bytes_of_text(WECHAT_HEAD "`1,`2\r\n"), "columns", 2);
    assert_refused(arena, "wechat", bytes_of_text("a,b\r\n"), "heading", 1);
    assert_refused(arena, "wechat", bytes_of_text("\x81\x82\r\n"), "encoding", 1);
    assert_refused(arena, "wechat", bytes_of_text(WECHAT WECHAT_PAID), "after_end", 6);
    const struct bill_options others = {
        .rail = "wechat", .merchant = "1900000002", .year = 2026, .month = 11, .day = 20};
    assert_int_equal(read_as(arena, &others, bytes_of_text(WECHAT)), ERR_BILL_MALFORMED);
    assert_string_equal(fault.rule, "merchant");
}

static void refuses_values_that_cannot_be_read(void **state)
{
    static const char *const from[] = {"2026-11-20 12:00:01", "4200000001", "2026112000000000000000000101",
                                       "`200.00,`0.00,`\r\n", "1.20000",    "CNY"};
    static const char *const to[] = {"2026-11-32 12:00:01", "", "a b", "`200.001,`0.00,`\r\n", "", "USD"};
    struct arena *arena = *state;
    for (size_t i = 0; i < ARRAY_SIZE(from); i++) {
        const char *row = WECHAT_PAID, *at = strstr(row, from[i]);
        assert_non_null(at);
        const char *other = arena_format(arena, "%s%.*s%s%s", WECHAT_HEAD, (int)(at - row), row, to[i],
                                         at + strlen(from[i]));
        assert_refused(arena, "wechat", bytes_of_text(other), "value", 2);
    }
}

static void refuses_a_line_without_an_end(void **state)
{
    struct arena *arena = *state;
    char *endless = arena_alloc(arena, 40000);
    memset(endless, 'x', 39999);
    assert_refused(arena, "wechat", bytes_of_text(endless), "line", 0);
}

static void refuses_a_bomb(void **state)
{
    struct arena *arena = *state;
    size_t size = (size_t)64 << 20;
    uint8_t *zeros = arena_alloc(arena, size);
    for (size_t i = 0; i < size; i += 100)
        zeros[i] = '\n';
    struct bytes text = {zeros, size};
    assert_int_equal(read_bill(arena, "wechat", bill_pack(arena, text, 31)), ERR_BILL_MALFORMED);
    const struct bill_member bomb[] = {{"INN26112088ZM_1", text}, {"RD1", bytes_of_text("x")}};
    assert_int_equal(read_bill(arena, "unionpay", bill_zip_of(arena, bomb, 2)), ERR_BILL_MALFORMED);
    /* One that is made of rows ends as well, before its end. */
    const char *row = WECHAT_PAID, *cell = strstr(row, "证书");
    const char *long_row = arena_format(arena, "%.*s%08000d%s", (int)(cell - row), row, 0, cell);
    size_t row_size = strlen(long_row);
    memcpy(zeros, WECHAT_HEAD, strlen(WECHAT_HEAD));
    for (size_t at = strlen(WECHAT_HEAD); at + row_size < size; at += row_size)
        memcpy(zeros + at, long_row, row_size);
    assert_int_equal(read_bill(arena, "wechat", bill_pack(arena, text, 31)), ERR_BILL_MALFORMED);
    assert_string_equal(fault.rule, "size");
}

/* -- Alipay -------------------------------------------------------------------------------------------------------- */

#define ALIPAY_PAID                                                                                                       \
    "2026112022001,2026112000000000000000000101\t,交易,数字证书续期,2026-11-20 11:59:00,2026-11-20 12:00:00,,,,," \
    "王***(182****),200.00,200.00,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,,-1.20,0.00,\r\n"
#define ALIPAY_REFUND                                                                                                          \
    "2026112022001,2026112000000000000000000101\t,退款,\"数字,证书\"\"续期\",2026-11-20 11:59:00,2026-11-20 13:00:00," \
    ",,,,王***(182****),-50.00,-50.00,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,R2026112000000001,0.30,0.00,\r\n"
#define ALIPAY_NOTES                                                                                                     \
    "#-----业务明细列表结束----\r\n#交易合计：1笔，商家实收共200.00元，商家优惠共0.00元\r\n" \
    "#退款合计：1笔，商家实收退款共-50.00元，商家优惠退款共0.00元\r\n#导出时间：[2026年11月21日 09:00:00]\r\n"
#define ALIPAY_SUMMARY                                                                                                 \
    ",,1,1,150.00,150.00,0.00,0.00,0.00,-0.90,0.00,149.10\r\n合计,,1,1,150.00,150.00,0.00,0.00,0.00,-0.90,0.00,"     \
    "149.10\r\n#汇总结束\r\n"

static void reads_a_bill_of_alipay(void **state)
{
    assert_int_equal(
        read_bill(*state, "alipay", bill_alipay_zip(*state, ALIPAY_PAID ALIPAY_REFUND, ALIPAY_NOTES, ALIPAY_SUMMARY)),
        OK);
    assert_int_equal(totals.rows, 2);
    assert_int_equal(totals.payments_fen, 20000);
    assert_int_equal(totals.refunds_fen, 5000);
    assert_int_equal(totals.fee_millifen, 90000);
    assert_string_equal(last.gateway_id, "2026112022001/R2026112000000001");
    assert_string_equal(last.attempt_no, "2026112000000000000000000101");
    const struct bill_options ours = {
        .rail = "alipay", .merchant = "2088123456789012", .year = 2026, .month = 11, .day = 20};
    assert_int_equal(
        read_as(*state, &ours, bill_alipay_zip(*state, ALIPAY_PAID ALIPAY_REFUND, ALIPAY_NOTES, ALIPAY_SUMMARY)), OK);
}

static void refuses_a_bill_of_alipay_that_is_not_whole(void **state)
{
    struct arena *arena = *state;
#define ALIPAY(rows, notes, summary) bill_alipay_zip(arena, rows, notes, summary)
    assert_refused(arena, "alipay", ALIPAY(ALIPAY_PAID ALIPAY_REFUND, "", ALIPAY_SUMMARY), "cut_off", 7);
    assert_refused(arena, "alipay", ALIPAY(ALIPAY_PAID, ALIPAY_NOTES, ALIPAY_SUMMARY), "totals", 9);
    assert_refused(arena, "alipay", ALIPAY(ALIPAY_PAID ALIPAY_REFUND, "#-业务明细列表结束-\r\n", ALIPAY_SUMMARY),
                   "cut_off", 8);
    assert_refused(
        arena, "alipay",
        ALIPAY(ALIPAY_PAID ALIPAY_REFUND, ALIPAY_NOTES, "合计,,2,1,150.00,150.00,0.00,0.00,0.00,-0.90,0.00,149.10\r\n"),
        "totals", 4);
    assert_refused(arena, "alipay", ALIPAY(ALIPAY_PAID ALIPAY_REFUND, ALIPAY_NOTES ALIPAY_PAID, ALIPAY_SUMMARY),
                   "after_end", 12);
    assert_refused(arena, "alipay", ALIPAY("1,2,3\r\n", ALIPAY_NOTES, ALIPAY_SUMMARY), "columns", 6);
    assert_refused(arena, "alipay", ALIPAY("\"1,2\r\n", ALIPAY_NOTES, ALIPAY_SUMMARY), "quote", 6);
    const struct bill_options next_day = {.rail = "alipay", .merchant = "", .year = 2026, .month = 11, .day = 21};
    assert_int_equal(read_as(arena, &next_day, ALIPAY(ALIPAY_PAID ALIPAY_REFUND, ALIPAY_NOTES, ALIPAY_SUMMARY)),
                     ERR_BILL_MALFORMED);
    assert_string_equal(fault.rule, "day");
    const struct bill_options others = {
        .rail = "alipay", .merchant = "2088999999999999", .year = 2026, .month = 11, .day = 20};
    assert_int_equal(read_as(arena, &others, ALIPAY(ALIPAY_PAID ALIPAY_REFUND, ALIPAY_NOTES, ALIPAY_SUMMARY)),
                     ERR_BILL_MALFORMED);
    assert_string_equal(fault.rule, "merchant");
}

static void refuses_a_zip_that_is_hostile(void **state)
{
    struct arena *arena = *state;
    struct bytes text = bytes_of_text("x");
    static const char *const names[] = {"../业务明细.csv", "/etc/passwd", "a\\b.csv", ".."};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        assert_refused(arena, "alipay", bill_zip_of(arena, &(struct bill_member){names[i], text}, 1), "members", 0);
    const struct bill_member many[] = {{"1", text}, {"2", text}, {"3", text}, {"4", text}, {"5", text},
                                       {"6", text}, {"7", text}, {"8", text}, {"9", text}};
    assert_refused(arena, "alipay", bill_zip_of(arena, many, ARRAY_SIZE(many)), "members", 0);
    assert_refused(arena, "alipay", bill_zip_of(arena, many, 1), "members", 0);
    struct bytes whole = bill_alipay_zip(arena, ALIPAY_PAID ALIPAY_REFUND, ALIPAY_NOTES, ALIPAY_SUMMARY);
    for (size_t size = 1; size < whole.size; size += 7)
        assert_int_equal(read_bill(arena, "alipay", (struct bytes){whole.data, size}), ERR_BILL_MALFORMED);
    for (size_t at = 0; at < whole.size; at += 5) { /* damaged: an error or, in an unused byte, the same bill */
        uint8_t *damaged = arena_copy(arena, whole.data, whole.size);
        damaged[at] ^= 0x55;
        if (read_bill(arena, "alipay", (struct bytes){damaged, whole.size}) == OK)
            assert_int_equal(totals.payments_fen, 20000);
    }
    assert_refused(arena, "alipay", (struct bytes){0}, "size", 0);
    assert_refused(arena, "bank", text, "rail", 0);
}

/* -- UnionPay ------------------------------------------------------------------------------------------------------ */

static void reads_a_file_of_unionpay(void **state)
{
    struct arena *arena = *state;
    const char *paid = bill_zm(arena, "202611201122031906248", "2026112000000000000000000101", "01", 20000, 120, "");
    const char *refund = bill_zm(arena, "202611201322031906249", "R202611200000000000001", "04", 5000, 0,
                                 "202611201122031906248");
    assert_int_equal(strlen(paid), 609);
    struct bytes zip = bill_unionpay_zip(arena, arena_format(arena, "%s%s", paid, refund), NULL,
                                         bill_rd(arena, "20261120", 2, 20000, 5000, 120));
    assert_int_equal(read_bill(arena, "unionpay", zip), OK);
    assert_int_equal(totals.payments_fen, 20000);
    assert_int_equal(totals.refunds_fen, 5000);
    assert_int_equal(totals.fee_millifen, 120000);
    assert_string_equal(last.payment_txn, "202611201122031906248");
    assert_string_equal(last.refund_no, "R202611200000000000001");
    assert_int_equal(read_bill(arena, "unionpay", bill_pack(arena, zip, 15)), OK); /* as fetched */
    assert_int_equal(totals.rows, 2);
}

static void a_dispute_is_kept_as_it_is(void **state)
{
    struct arena *arena = *state;
    char dispute[342];
    memset(dispute, ' ', sizeof(dispute));
    static const char head[] = "E74 88022900    00049993    190624 1120112203 622609******0048    000000020000";
    memcpy(dispute, head, sizeof(head) - 1);
    memcpy(dispute + 339, "\r\n", 3);
    const char *paid = bill_zm(arena, "q1", "2026112000000000000000000101", "01", 20000, 120, "");
    const char *summary = bill_rd(arena, "20261120", 1, 20000, 0, 120);
    assert_int_equal(read_bill(arena, "unionpay", bill_unionpay_zip(arena, paid, dispute, summary)), OK);
    assert_int_equal(totals.disputes, 1);
    assert_int_equal(last.kind, BILL_DISPUTE);
    assert_string_equal(last.gateway_id, "ZME-00049993-190624-1120112203");
    assert_int_equal(last.amount_fen, 20000);
    assert_true(strncmp(last.status, "E74 88022900", 12) == 0);
    assert_refused(arena, "unionpay", bill_unionpay_zip(arena, paid, "short\r\n", summary), "size", 1);
}

static void refuses_a_file_of_unionpay_that_is_not_whole(void **state)
{
    struct arena *arena = *state;
    const char *paid = bill_zm(arena, "q1", "2026112000000000000000000101", "01", 20000, 120, "");
#define UNION(rows, summary) bill_unionpay_zip(arena, rows, NULL, summary)
    assert_refused(arena, "unionpay", UNION(paid, bill_rd(arena, "20261120", 1, 20000, 0, 119)), "totals", 4);
    assert_refused(arena, "unionpay", UNION(paid, bill_rd(arena, "20261120", 2, 20000, 0, 120)), "totals", 4);
    assert_refused(arena, "unionpay", UNION(paid, bill_rd(arena, "20261121", 1, 20000, 0, 120)), "day", 3);
    assert_refused(arena, "unionpay", UNION(paid, "nothing\r\n"), "cut_off", 1);
    assert_refused(arena, "unionpay", UNION("short\r\n", "x"), "size", 1);
    assert_refused(arena, "unionpay", UNION(arena_format(arena, " %s", paid), "x"), "size", 1);
    assert_refused(arena, "unionpay", bytes_of_text("neither zip nor zlib"), "unpack", 0);
    const char *broken = arena_text(arena, paid);
    memcpy((char *)(uintptr_t)broken + 65, "00000000x000", 12); /* the amount */
    assert_int_equal(read_bill(arena, "unionpay", UNION(broken, "x")), ERR_BILL_MALFORMED);
    assert_string_equal(fault.rule, "value");
}

static void new_year_keeps_its_year(void **state)
{
    struct arena *arena = *state;
    char *row = arena_text(arena, bill_zm(arena, "q1", "2026112000000000000000000101", "01", 100, 1, ""));
    memcpy(strstr(row, "1120112203"), "1231230501", 10);
    const struct bill_options options = {.rail = "unionpay", .merchant = "", .year = 2027, .month = 1, .day = 1};
    assert_int_equal(
        read_as(arena, &options, bill_unionpay_zip(arena, row, NULL, bill_rd(arena, "20270101", 1, 100, 0, 1))), OK);
    char at[CLOCK_TEXT_SIZE];
    clock_format_plain(last.at_us, at);
    assert_string_equal(at, "2026-12-31 23:05:01");
}

/* Real files of UnionPay's of 2015, where XUQI_VECTORS names the folder that holds them. */
static void real_files_add_up_to_their_summary(void **state)
{
    const char *folder = getenv("XUQI_VECTORS");
    if (folder == NULL)
        skip();
    struct arena *arena = *state;
    struct bill_member members[] = {{"INN15090588ZM_802310048993424", {0}}, {"RD201015090501_802310048993424", {0}}};
    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        assert_int_equal(file_read(arena, arena_format(arena, "%s/unionpay_sample_%s", folder, members[i].name), 65536,
                                   &members[i].text),
                         OK);
    const struct bill_options options = {
        .rail = "unionpay", .merchant = "802310048993424", .year = 2015, .month = 9, .day = 5};
    struct bytes zip = bill_zip_of(arena, members, 2);
    assert_int_equal(read_as(arena, &options, zip), OK);
    assert_int_equal(totals.rows, 8);
    assert_int_equal(totals.payments_fen, 1322700);
    assert_int_equal(totals.fee_millifen, 7936000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(reads_a_bill_of_wechat),
        UNIT(reads_it_gzipped),
        UNIT(reads_a_day_without_trades),
        UNIT(commas_of_user_text_are_text),
        UNIT(the_hash_is_taken_of_the_unpacked_text),
        UNIT(refuses_what_does_not_add_up),
        UNIT(refuses_a_bill_of_wechat_that_is_cut_off),
        UNIT(refuses_rows_that_are_none),
        UNIT(refuses_values_that_cannot_be_read),
        UNIT(refuses_a_line_without_an_end),
        UNIT(refuses_a_bomb),
        UNIT(reads_a_bill_of_alipay),
        UNIT(refuses_a_bill_of_alipay_that_is_not_whole),
        UNIT(refuses_a_zip_that_is_hostile),
        UNIT(reads_a_file_of_unionpay),
        UNIT(a_dispute_is_kept_as_it_is),
        UNIT(refuses_a_file_of_unionpay_that_is_not_whole),
        UNIT(new_year_keeps_its_year),
        UNIT(real_files_add_up_to_their_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
