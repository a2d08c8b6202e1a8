/* SPDX-License-Identifier: Apache-2.0 */
/* Notices and answers as UnionPay sends them, and as others would. */
#include "unionpay_workshop.h"

#include "base/clock.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

static enum err read_posted(struct union_workshop *workshop, const struct form_fields *posted,
                            struct unionpay_notice *notice)
{
    return unionpay_read_notice(workshop->unionpay, form_post_body(posted, workshop->arena), workshop->now_us,
                                workshop->arena, &workshop->fault, notice);
}

static enum err read_signed(struct union_workshop *workshop, const struct form_fields *fields, enum signer signer,
                            struct unionpay_notice *notice)
{
    struct form_fields posted = signed_by(workshop, fields, signer);
    return read_posted(workshop, &posted, notice);
}

static void refused(struct union_workshop *workshop, const struct form_fields *fields, enum signer signer, enum err err)
{
    struct unionpay_notice notice = {.amount_fen = 4711};
    assert_int_equal(read_signed(workshop, fields, signer, &notice), err);
    assert_int_equal(notice.amount_fen, 4711);
}

static enum err read_answer(struct union_workshop *workshop, struct bytes raw, struct unionpay_answer *answer)
{
    struct unionpay_transaction transaction = {OUR_ORDER, workshop->now_us, UNIONPAY_B2C};
    return unionpay_read_answer(workshop->unionpay, &transaction, raw, workshop->now_us, workshop->arena,
                                &workshop->fault, answer);
}

static enum err answered(struct union_workshop *workshop, const struct form_fields *fields,
                         struct unionpay_answer *answer)
{
    struct form_fields all = signed_by(workshop, fields, SIGNER_UNIONPAY);
    return read_answer(workshop, plain_text(workshop, &all), answer);
}

/* -- notices ------------------------------------------------------------------------------------------------------- */

static void reads_a_payment(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop);
    struct unionpay_notice notice;
    assert_int_equal(read_signed(workshop, &fields, SIGNER_UNIONPAY, &notice), OK);
    assert_int_equal(notice.kind, UNIONPAY_PAID);
    assert_string_equal(notice.order_id, OUR_ORDER);
    assert_string_equal(notice.query_id, "202611211305091234567");
    assert_int_equal(notice.amount_fen, 20000);
    assert_true(notice.txn_time_us == CHAIN_NOT_OVER * CLOCK_SECOND_US);
    assert_string_equal(notice.account_masked, "622609******0048");
    assert_int_equal(strspn(notice.key_id, "0123456789"), strlen(notice.key_id));
    field_set(&fields, "respCode", "A6");
    assert_int_equal(read_signed(workshop, &fields, SIGNER_UNIONPAY, &notice), OK);
    assert_int_equal(notice.kind, UNIONPAY_PAID);
}

static void keeps_no_whole_card_number(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop);
    struct unionpay_notice notice;
    field_set(&fields, "accNo", "6226090000000048");
    assert_int_equal(read_signed(workshop, &fields, SIGNER_UNIONPAY, &notice), OK);
    assert_string_equal(notice.account_masked, "");
}

static void books_nothing_for_other_outcomes(void **state)
{
    struct union_workshop *workshop = *state;
    static const char *const codes[] = {"01", "03", "05", "34", "64", "ZZ"};
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
        struct form_fields fields = union_notice(workshop);
        struct unionpay_notice notice;
        field_set(&fields, "respCode", codes[i]);
        field_set(&fields, "queryId", NULL);
        assert_int_equal(read_signed(workshop, &fields, SIGNER_UNIONPAY, &notice), OK);
        assert_int_equal(notice.kind, UNIONPAY_NOT_PAID);
    }
}

static void a_refund_is_never_a_payment(void **state)
{
    struct union_workshop *workshop = *state;
    static const char *const types[] = {"04", "31"};
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        struct form_fields fields = union_notice(workshop);
        struct unionpay_notice notice;
        field_set(&fields, "txnType", types[i]);
        assert_int_equal(read_signed(workshop, &fields, SIGNER_UNIONPAY, &notice), OK);
        assert_int_equal(notice.kind, UNIONPAY_REFUND);
    }
}

static void empty_fields_are_as_good_as_none(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop), posted = signed_by(workshop, &fields, SIGNER_UNIONPAY);
    struct unionpay_notice notice;
    field_set(&posted, "exchangeRate", "");
    field_set(&posted, "reqReserved", NULL);
    assert_int_equal(read_posted(workshop, &posted, &notice), OK);
}

static void refuses_who_is_not_unionpay(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop);
    static const enum signer others[] = {SIGNER_MERCHANT, SIGNER_FOREIGN,   SIGNER_EXPIRED,         SIGNER_FUTURE,
                                         SIGNER_CA,       SIGNER_ROOT_LEAF, SIGNER_UNIONPAY_SANDBOX};
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        refused(workshop, &fields, others[i], ERR_NOTICE_SIGNATURE);
}

static void the_test_environments_name_counts_in_the_test_environment_only(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop);
    struct unionpay_notice notice;
    workshop->unionpay->sandbox = true;
    assert_int_equal(read_signed(workshop, &fields, SIGNER_UNIONPAY_SANDBOX, &notice), OK);
    refused(workshop, &fields, SIGNER_MERCHANT, ERR_NOTICE_SIGNATURE);
}

static void refuses_a_certificate_that_did_not_sign(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop), posted = signed_by(workshop, &fields, SIGNER_MERCHANT);
    struct unionpay_notice notice;
    field_set(&posted, "signPubKeyCert", signer_pem(workshop, SIGNER_UNIONPAY));
    assert_int_equal(read_posted(workshop, &posted, &notice), ERR_NOTICE_SIGNATURE);
}

static void refuses_every_change_after_signing(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop);
    struct unionpay_notice notice;
    for (size_t i = 0; i < fields.count; i++) {
        struct form_fields posted = signed_by(workshop, &fields, SIGNER_UNIONPAY);
        field_set(&posted, fields.items[i].name, "x");
        assert_int_equal(read_posted(workshop, &posted, &notice), ERR_NOTICE_SIGNATURE);
        if (fields.items[i].value[0] == '\0')
            continue;
        posted = signed_by(workshop, &fields, SIGNER_UNIONPAY);
        field_set(&posted, fields.items[i].name, NULL);
        assert_int_equal(read_posted(workshop, &posted, &notice), ERR_NOTICE_SIGNATURE);
    }
    struct form_fields posted = signed_by(workshop, &fields, SIGNER_UNIONPAY);
    field_set(&posted, "added", "x");
    assert_int_equal(read_posted(workshop, &posted, &notice), ERR_NOTICE_SIGNATURE);
}

static void refuses_older_versions_and_shared_keys(void **state)
{
    struct union_workshop *workshop = *state;
    static const struct form_field changes[] = {{"version", "5.0.0"}, {"version", "5.0.1"}, {"version", ""},
                                                {"signMethod", "11"}, {"signMethod", "12"}, {"signMethod", ""}};
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        struct form_fields fields = union_notice(workshop);
        field_set(&fields, changes[i].name, changes[i].value);
        refused(workshop, &fields, SIGNER_UNIONPAY, ERR_NOTICE_SIGNATURE);
    }
}

static void refuses_what_is_for_somebody_else(void **state)
{
    struct union_workshop *workshop = *state;
    static const struct form_field changes[] = {
        {"merId", "777290058110098"}, {"merId", ""},     {"currencyCode", "840"}, {"currencyCode", ""},
        {"bizType", "000902"},        {"txnType", "79"}, {"txnSubType", "03"},    {"encoding", "GBK"}};
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        struct form_fields fields = union_notice(workshop);
        field_set(&fields, changes[i].name, changes[i].value);
        refused(workshop, &fields, SIGNER_UNIONPAY, ERR_NOTICE_MISMATCH);
    }
}

static void refuses_signed_fields_that_cannot_be_read(void **state)
{
    struct union_workshop *workshop = *state;
    static const struct form_field changes[] = {{"txnAmt", ""},
                                                {"txnAmt", "200.00"},
                                                {"txnAmt", "-1"},
                                                {"txnAmt", "0"},
                                                {"txnAmt", "1234567890123"},
                                                {"orderId", ""},
                                                {"orderId", "1"},
                                                {"orderId", "a b c d e f"},
                                                {"txnTime", "2026-11-21"},
                                                {"txnTime", "20261321130509"},
                                                {"respCode", "0 0"},
                                                {"queryId", ""},
                                                {"queryId", "a'b"},
                                                {"respMsg", "\xb3\xc9\xb9\xa6"}};
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        struct form_fields fields = union_notice(workshop);
        field_set(&fields, changes[i].name, changes[i].value);
        refused(workshop, &fields, SIGNER_UNIONPAY, ERR_FORM_MALFORMED);
    }
}

static void refuses_certificates_that_are_none(void **state)
{
    struct union_workshop *workshop = *state;
    char *large = arena_alloc(workshop->arena, 20001);
    memset(large, 'A', 20000);
    const char *const texts[] = {"", "x", "-----BEGIN CERTIFICATE-----",
                                 "-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----", large};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct form_fields fields = union_notice(workshop), posted = signed_by(workshop, &fields, SIGNER_UNIONPAY);
        struct unionpay_notice notice;
        field_set(&posted, "signPubKeyCert", texts[i]);
        assert_int_equal(read_posted(workshop, &posted, &notice), ERR_NOTICE_SIGNATURE);
    }
}

static void refuses_every_notice_cut_short_or_bent(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop), posted = signed_by(workshop, &fields, SIGNER_UNIONPAY);
    field_set(&posted, "reqReserved", NULL); /* empty: not signed */
    struct bytes good = form_post_body(&posted, workshop->arena);
    struct arena *arena = arena_new();
    struct unionpay_notice notice;
    for (size_t size = 0; size < good.size; size++) {
        enum err err = unionpay_read_notice(workshop->unionpay, (struct bytes){good.data, size}, workshop->now_us,
                                            arena, NULL, &notice);
        assert_true(err == ERR_FORM_MALFORMED || err == ERR_NOTICE_SIGNATURE);
        arena_reset(arena);
    }
    uint8_t *bent = arena_copy(workshop->arena, good.data, good.size);
    for (size_t i = 0; i < good.size; i++) {
        bent[i] ^= (uint8_t)(1U << (i % 7));
        enum err err = unionpay_read_notice(workshop->unionpay, (struct bytes){bent, good.size}, workshop->now_us,
                                            arena, NULL, &notice);
        bent[i] = good.data[i];
        if (err == OK) /* the case of an escape's hexadecimal digit */
            assert_in_range(good.data[i], 'A', 'F');
        else
            assert_true(err == ERR_FORM_MALFORMED || err == ERR_NOTICE_SIGNATURE);
        arena_reset(arena);
    }
    arena_free(arena);
}

static void refuses_a_field_given_twice(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_notice(workshop), posted = signed_by(workshop, &fields, SIGNER_UNIONPAY);
    struct bytes good = form_post_body(&posted, workshop->arena);
    const char *twice = arena_format(workshop->arena, "%.*s&txnAmt=1", (int)good.size, (const char *)good.data);
    struct unionpay_notice notice;
    assert_int_equal(unionpay_read_notice(workshop->unionpay, bytes_of_text(twice), workshop->now_us, workshop->arena,
                                          NULL, &notice),
                     ERR_FORM_MALFORMED);
}

/* -- answers ------------------------------------------------------------------------------------------------------- */

static void reads_a_paid_answer(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_answer(workshop);
    struct unionpay_answer answer;
    assert_int_equal(answered(workshop, &fields, &answer), OK);
    assert_int_equal(answer.outcome, UNIONPAY_SUCCESS);
    assert_string_equal(answer.code, "00");
    assert_string_equal(answer.query_id, "202611211305091234567");
    assert_int_equal(answer.amount_fen, 20000);
    assert_true(answer.paid_us == CHAIN_NOT_OVER * CLOCK_SECOND_US);
}

static void two_codes_decide_and_only_both_mean_paid(void **state)
{
    struct union_workshop *workshop = *state;
    static const struct {
        const char *code, *original;
        enum unionpay_outcome outcome;
    } rows[] = {
        {"00", "00", UNIONPAY_SUCCESS},   {"00", "A6", UNIONPAY_SUCCESS}, {"00", "03", UNIONPAY_UNKNOWN},
        {"00", "05", UNIONPAY_UNKNOWN},   {"00", "64", UNIONPAY_REFUSED}, {"00", "34", UNIONPAY_UNKNOWN},
        {"00", "10", UNIONPAY_UNKNOWN},   {"00", "ZZ", UNIONPAY_UNKNOWN}, {"34", "00", UNIONPAY_NOT_FOUND},
        {"37", "00", UNIONPAY_OUR_FAULT}, {"03", "00", UNIONPAY_UNKNOWN}, {"01", "00", UNIONPAY_UNKNOWN},
        {"11", "", UNIONPAY_OUR_FAULT},   {"34", "", UNIONPAY_NOT_FOUND},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct form_fields fields = union_answer(workshop);
        struct unionpay_answer answer;
        field_set(&fields, "respCode", rows[i].code);
        field_set(&fields, "origRespCode", rows[i].original);
        assert_int_equal(answered(workshop, &fields, &answer), OK);
        assert_int_equal(answer.outcome, rows[i].outcome);
    }
    struct form_fields fields = union_answer(workshop);
    struct unionpay_answer answer;
    field_set(&fields, "origRespCode", NULL);
    assert_int_equal(answered(workshop, &fields, &answer), ERR_FORM_MALFORMED);
}

static void an_answer_about_something_else_is_refused(void **state)
{
    struct union_workshop *workshop = *state;
    static const struct form_field changes[] = {{"orderId", "2026112113040501000000000102"},
                                                {"txnTime", "20261121130510"},
                                                {"merId", "777290058110098"},
                                                {"currencyCode", "840"}};
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        struct form_fields fields = union_answer(workshop);
        struct unionpay_answer answer = {.amount_fen = 4711};
        field_set(&fields, changes[i].name, changes[i].value);
        assert_int_equal(answered(workshop, &fields, &answer), ERR_NOTICE_MISMATCH);
        assert_int_equal(answer.amount_fen, 4711);
    }
}

static void values_with_separators_belong_together_in_braces(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_answer(workshop), split;
    struct unionpay_answer answer;
    field_set(&fields, "customerInfo", "{a=b&origRespCode=34&c=[d}");
    field_set(&fields, "cardTransData", "[x=1&y=2]");
    assert_int_equal(answered(workshop, &fields, &answer), OK);
    assert_int_equal(answer.outcome, UNIONPAY_SUCCESS);
    assert_int_equal(unionpay_split(bytes_of_text("a={x=1&y=2}&b=c=d==&e="), workshop->arena, &split), OK);
    assert_int_equal(split.count, 3);
    assert_string_equal(form_value(&split, "a"), "{x=1&y=2}");
    assert_string_equal(form_value(&split, "b"), "c=d==");
    assert_string_equal(form_value(&split, "e"), "");
}

static void refuses_answers_that_are_none(void **state)
{
    struct union_workshop *workshop = *state;
    static const char *const texts[] = {"", "&", "a", "=b", "a=1&", "a=1&&b=2", "a=1&a=2", "<html>", "a={b&c=d"};
    struct unionpay_answer answer;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        enum err err = read_answer(workshop, bytes_of_text(texts[i]), &answer);
        assert_true(err == ERR_FORM_MALFORMED || err == ERR_NOTICE_SIGNATURE);
    }
    char *large = arena_alloc(workshop->arena, FORM_BYTES_MAX + 2);
    memset(large, 'a', FORM_BYTES_MAX + 1);
    large[1] = '=';
    assert_int_equal(read_answer(workshop, bytes_of_text(large), &answer), ERR_FORM_MALFORMED);
    assert_int_equal(read_answer(workshop, (struct bytes){(const uint8_t *)"a=\0b", 4}, &answer), ERR_FORM_MALFORMED);
}

static void refuses_every_answer_cut_short_or_bent(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_answer(workshop), all = signed_by(workshop, &fields, SIGNER_UNIONPAY);
    field_set(&all, "reqReserved", NULL);
    struct bytes good = plain_text(workshop, &all);
    struct unionpay_answer answer;
    for (size_t size = 0; size < good.size; size++)
        assert_int_not_equal(read_answer(workshop, (struct bytes){good.data, size}, &answer), OK);
    uint8_t *bent = arena_copy(workshop->arena, good.data, good.size);
    for (size_t i = 0; i < good.size; i++) {
        bent[i] ^= (uint8_t)(1U << (i % 8));
        assert_int_not_equal(read_answer(workshop, (struct bytes){bent, good.size}, &answer), OK);
        bent[i] = good.data[i];
    }
}

static void a_payment_after_new_year_is_of_the_next_year(void **state)
{
    struct union_workshop *workshop = *state;
    struct form_fields fields = union_answer(workshop);
    struct unionpay_answer answer;
    int64_t expected;
    field_set(&fields, "traceTime", "0101000001");
    assert_int_equal(answered(workshop, &fields, &answer), OK);
    assert_true(unionpay_parse_time("20270101000001", &expected) && answer.paid_us == expected);
    field_set(&fields, "traceTime", "nonsense!!");
    assert_int_equal(answered(workshop, &fields, &answer), OK);
    assert_true(answer.paid_us == CHAIN_NOT_OVER * CLOCK_SECOND_US);
}

/* -- the real one -------------------------------------------------------------------------------------------------- */

/* A callback of UnionPay's test environment of 2017-10-30, where XUQI_VECTORS names the folder that holds it and the
 * test environment's CAs. */
static void believes_a_callback_of_the_real_test_environment(void **state)
{
    struct union_workshop *workshop = *state;
    const char *folder = getenv("XUQI_VECTORS");
    if (folder == NULL)
        skip();
    struct arena *arena = workshop->arena;
    workshop->settings.unionpay_root_file = arena_format(arena, "%s/unionpay_test_root.pem", folder);
    workshop->settings.unionpay_middle_file = arena_format(arena, "%s/unionpay_test_middle.pem", folder);
    workshop->settings.unionpay_merchant_id = "777290058146592";
    workshop->settings.unionpay_sandbox = 1;
    struct unionpay *real;
    struct bytes raw;
    struct form_fields fields;
    struct unionpay_notice notice;
    const char *key_id;
    int64_t then;
    assert_int_equal(unionpay_load(&workshop->settings, false, arena, &real), OK);
    assert_int_equal(
        file_read(arena, arena_format(arena, "%s/unionpay_sandbox_callback_2017.form", folder), FORM_BYTES_MAX, &raw),
        OK);
    assert_true(unionpay_parse_time("20171030223640", &then));
    while (raw.size > 0 && raw.data[raw.size - 1] <= ' ')
        raw.size--;
    assert_int_equal(form_parse(raw, arena, &fields), OK);
    assert_int_equal(unionpay_verify(real, &fields, then, arena, &workshop->fault, &key_id), OK);
    assert_string_equal(key_id, "68759585097");
    /* Today its certificate is over, and without the test environment's name it is nobody's. */
    assert_int_equal(unionpay_verify(real, &fields, workshop->now_us, arena, NULL, &key_id), ERR_NOTICE_SIGNATURE);
    real->sandbox = false;
    assert_int_equal(unionpay_verify(real, &fields, then, arena, NULL, &key_id), ERR_NOTICE_SIGNATURE);
    real->sandbox = true;
    /* It tells of a token, not of a payment. */
    assert_int_equal(unionpay_read_notice(real, raw, then, arena, NULL, &notice), ERR_NOTICE_MISMATCH);
    field_set(&fields, "orderId", "20171030223624");
    assert_int_equal(unionpay_verify(real, &fields, then, arena, NULL, &key_id), ERR_NOTICE_SIGNATURE);
    unionpay_free(real);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, union_open, union_close)
    const struct CMUnitTest tests[] = {
        TEST(reads_a_payment),
        TEST(keeps_no_whole_card_number),
        TEST(books_nothing_for_other_outcomes),
        TEST(a_refund_is_never_a_payment),
        TEST(empty_fields_are_as_good_as_none),
        TEST(refuses_who_is_not_unionpay),
        TEST(the_test_environments_name_counts_in_the_test_environment_only),
        TEST(refuses_a_certificate_that_did_not_sign),
        TEST(refuses_every_change_after_signing),
        TEST(refuses_older_versions_and_shared_keys),
        TEST(refuses_what_is_for_somebody_else),
        TEST(refuses_signed_fields_that_cannot_be_read),
        TEST(refuses_certificates_that_are_none),
        TEST(refuses_every_notice_cut_short_or_bent),
        TEST(refuses_a_field_given_twice),
        TEST(reads_a_paid_answer),
        TEST(two_codes_decide_and_only_both_mean_paid),
        TEST(an_answer_about_something_else_is_refused),
        TEST(values_with_separators_belong_together_in_braces),
        TEST(refuses_answers_that_are_none),
        TEST(refuses_every_answer_cut_short_or_bent),
        TEST(a_payment_after_new_year_is_of_the_next_year),
        TEST(believes_a_callback_of_the_real_test_environment),
    };
    return cmocka_run_group_tests(tests, union_make_keys, union_drop_keys);
}
