/* SPDX-License-Identifier: Apache-2.0 */
/* UnionPay's refunds (backTransReq, txnType 04): what we send, and what the answer to it says: that it was taken, no
 * more. */
#include "unionpay_workshop.h"

#include "base/clock.h"

#include <string.h>

#define PAYMENT "202611211305091234567"

static struct unionpay_transaction transaction_of(const struct union_workshop *workshop)
{
    return (struct unionpay_transaction){OUR_ORDER, workshop->now_us, UNIONPAY_B2C};
}

static struct unionpay_refund refund_of(const struct union_workshop *workshop)
{
    return (struct unionpay_refund){.transaction = transaction_of(workshop),
                                    .paid_query_id = PAYMENT,
                                    .amount_fen = 20000,
                                    .back_url = "https://ca.example/notify/unionpay"};
}

/* -- what we send -------------------------------------------------------------------------------------------------- */

static void sends_our_number_the_payments_and_the_amount(void **state)
{
    struct union_workshop *workshop = *state;
    struct unionpay_refund refund = refund_of(workshop);
    struct bytes body;
    struct form_fields fields;
    assert_int_equal(unionpay_send_back(workshop->unionpay, &refund, workshop->arena, &body), OK);
    assert_int_equal(form_parse(body, workshop->arena, &fields), OK);
    static const struct form_field expected[] = {
        {"txnType", "04"},         {"txnSubType", "00"},   {"bizType", "000201"}, {"orderId", OUR_ORDER},
        {"txnTime", OUR_TXN_TIME}, {"origQryId", PAYMENT}, {"txnAmt", "20000"},   {"merId", OUR_MERCHANT},
    };
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_string_equal(form_value(&fields, expected[i].name), expected[i].value);
    assert_true(merchant_signed(workshop, &fields));
}

static void refuses_what_unionpay_cannot_take(void **state)
{
    struct union_workshop *workshop = *state;
    struct bytes body = {(const uint8_t *)"untouched", 9};
    struct unionpay_refund wrong[5];
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        wrong[i] = refund_of(workshop);
    wrong[0].amount_fen = 0;
    wrong[1].amount_fen = -1;
    wrong[2].transaction.order_id = "short";
    wrong[3].paid_query_id = "";
    wrong[4].back_url = "https://ca.example/notify?x=1";
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(unionpay_send_back(workshop->unionpay, &wrong[i], workshop->arena, &body), ERR_INTERNAL);
    assert_memory_equal(body.data, "untouched", 9);
}

/* -- what it answers ----------------------------------------------------------------------------------------------- */

static struct form_fields taken_fields(struct union_workshop *workshop)
{
    struct form_fields fields = union_answer(workshop);
    field_set(&fields, "txnType", "04");
    field_set(&fields, "origQryId", PAYMENT);
    field_set(&fields, "queryId", "202611211306001234568");
    field_set(&fields, "origRespCode", NULL);
    field_set(&fields, "origRespMsg", NULL);
    return fields;
}

static enum err read_raw(struct union_workshop *workshop, struct bytes raw, struct unionpay_answer *answer)
{
    struct unionpay_transaction transaction = transaction_of(workshop);
    return unionpay_read_taken(workshop->unionpay, &transaction, raw, workshop->now_us, workshop->arena,
                               &workshop->fault, answer);
}

static enum err read_taken(struct union_workshop *workshop, const struct form_fields *fields, enum signer signer,
                           struct unionpay_answer *answer)
{
    struct form_fields all = signed_by(workshop, fields, signer);
    return read_raw(workshop, plain_text(workshop, &all), answer);
}

static void says_what_became_of_the_request(void **state)
{
    struct union_workshop *workshop = *state;
    static const struct {
        const char *code;
        enum unionpay_outcome outcome;
    } rows[] = {
        {"00", UNIONPAY_SUCCESS},   {"03", UNIONPAY_UNKNOWN}, {"04", UNIONPAY_UNKNOWN},
        {"05", UNIONPAY_UNKNOWN},   {"12", UNIONPAY_UNKNOWN}, /* the same number again: it may have gone through */
        {"34", UNIONPAY_REFUSED},   {"35", UNIONPAY_REFUSED}, {"36", UNIONPAY_REFUSED},
        {"43", UNIONPAY_REFUSED},   {"46", UNIONPAY_REFUSED}, {"10", UNIONPAY_OUR_FAULT},
        {"32", UNIONPAY_OUR_FAULT}, {"64", UNIONPAY_REFUSED}, {"ZZ", UNIONPAY_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct form_fields fields = taken_fields(workshop);
        struct unionpay_answer answer;
        field_set(&fields, "respCode", rows[i].code);
        assert_int_equal(read_taken(workshop, &fields, SIGNER_UNIONPAY, &answer), OK);
        assert_int_equal(answer.outcome, rows[i].outcome);
        assert_string_equal(answer.code, rows[i].code);
        assert_string_equal(answer.query_id, ""); /* taken is not paid back */
    }
}

static void an_answer_about_something_else_is_refused(void **state)
{
    struct union_workshop *workshop = *state;
    static const struct form_field changes[] = {{"orderId", "2026112113040501000000000102"},
                                                {"txnTime", "20261121130510"},
                                                {"merId", "777290058110098"},
                                                {"encoding", "GBK"},
                                                {"txnType", "01"},
                                                {"txnType", "00"},
                                                {"txnType", "31"}};
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        struct form_fields fields = taken_fields(workshop);
        struct unionpay_answer answer = {.amount_fen = 4711};
        field_set(&fields, changes[i].name, changes[i].value);
        assert_int_equal(read_taken(workshop, &fields, SIGNER_UNIONPAY, &answer), ERR_NOTICE_MISMATCH);
        assert_int_equal(answer.amount_fen, 4711);
    }
}

static void refuses_who_is_not_unionpay(void **state)
{
    struct union_workshop *workshop = *state;
    static const enum signer others[] = {SIGNER_MERCHANT, SIGNER_FOREIGN,   SIGNER_EXPIRED,         SIGNER_FUTURE,
                                         SIGNER_CA,       SIGNER_ROOT_LEAF, SIGNER_UNIONPAY_SANDBOX};
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        struct form_fields fields = taken_fields(workshop);
        struct unionpay_answer answer = {.amount_fen = 4711};
        assert_int_equal(read_taken(workshop, &fields, others[i], &answer), ERR_NOTICE_SIGNATURE);
        assert_int_equal(answer.amount_fen, 4711);
    }
}

static void refuses_codes_that_cannot_be_read(void **state)
{
    struct union_workshop *workshop = *state;
    static const char *const codes[] = {NULL, "0 0", "中", "00000000000000000000"};
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
        struct form_fields fields = taken_fields(workshop);
        struct unionpay_answer answer = {.amount_fen = 4711};
        field_set(&fields, "respCode", codes[i]);
        assert_int_equal(read_taken(workshop, &fields, SIGNER_UNIONPAY, &answer), ERR_FORM_MALFORMED);
        assert_int_equal(answer.amount_fen, 4711);
    }
}

static void refuses_every_answer_cut_short_or_bent(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = taken_fields(workshop), all = signed_by(workshop, &fields, SIGNER_UNIONPAY);
    field_set(&all, "reqReserved", NULL); /* empty, so not signed */
    struct bytes good = plain_text(workshop, &all);
    struct unionpay_answer answer;
    assert_int_equal(read_raw(workshop, good, &answer), OK);
    for (size_t size = 0; size < good.size; size++)
        assert_int_not_equal(read_raw(workshop, (struct bytes){good.data, size}, &answer), OK);
    uint8_t *bent = arena_copy(workshop->arena, good.data, good.size);
    for (size_t i = 0; i < good.size; i++) {
        bent[i] ^= (uint8_t)(1U << (i % 8));
        assert_int_not_equal(read_raw(workshop, (struct bytes){bent, good.size}, &answer), OK);
        bent[i] = good.data[i];
    }
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, union_open, union_close)
    const struct CMUnitTest tests[] = {
        STORY(sends_our_number_the_payments_and_the_amount),
        STORY(refuses_what_unionpay_cannot_take),
        STORY(says_what_became_of_the_request),
        STORY(an_answer_about_something_else_is_refused),
        STORY(refuses_who_is_not_unionpay),
        STORY(refuses_codes_that_cannot_be_read),
        STORY(refuses_every_answer_cut_short_or_bent),
    };
    return cmocka_run_group_tests(tests, union_make_keys, union_drop_keys);
}
