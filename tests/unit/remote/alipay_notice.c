/* SPDX-License-Identifier: Apache-2.0 */
/* Notices as Alipay sends them, and as others would. */
#include "workshop.h"

#include "alipay_vectors.h"
#include "base/clock.h"

#include <iconv.h>
#include <string.h>

static enum err read_notice(struct workshop *workshop, struct bytes raw, struct alipay_notice *notice)
{
    return alipay_read_notice(workshop->alipay, raw, workshop->arena, &workshop->fault, notice);
}

/* Signed by Alipay. */
static struct alipay_notice taken(struct workshop *workshop, const struct form_fields *fields)
{
    struct alipay_notice notice;
    assert_int_equal(read_notice(workshop, notice_post(workshop, fields, workshop->alipay_key), &notice), OK);
    return notice;
}

static void refused(struct workshop *workshop, struct bytes raw, enum err err)
{
    struct alipay_notice notice = {.amount_fen = 4711};
    assert_int_equal(read_notice(workshop, raw, &notice), err);
    assert_int_equal(notice.amount_fen, 4711);
}

static void refused_signed(struct workshop *workshop, const struct form_fields *fields, enum err err)
{
    refused(workshop, notice_post(workshop, fields, workshop->alipay_key), err);
}

/* Posted as in the vector, signed over the text that the SDK verifies. */
static struct bytes official_notice(struct workshop *workshop)
{
    struct arena *arena = workshop->arena;
    struct bytes signature;
    assert_int_equal(rsa_sign(workshop->alipay_key, bytes_of_text(notice_signed_text), arena, &signature), OK);
    struct form_field sign = {"sign", base64_encode(arena, signature)};
    struct bytes encoded = form_encode(arena, &(struct form_fields){&sign, 1});
    return bytes_of_text(arena_format(arena, "%s&%.*s", notice_posted, (int)encoded.size, (const char *)encoded.data));
}

static void reads_a_payment_that_the_official_sdk_accepts(void **state)
{
    struct workshop *workshop = *state;
    struct alipay_notice notice;
    int64_t paid_us;
    assert_int_equal(read_notice(workshop, official_notice(workshop), &notice), OK);
    assert_int_equal(notice.kind, ALIPAY_PAID);
    assert_string_equal(notice.out_trade_no, "2026112113040501000000000101");
    assert_string_equal(notice.trade_no, "2026112122001446880500000001");
    assert_string_equal(notice.notify_id, "2026112101222130510046881000000001");
    assert_string_equal(notice.trade_status, "TRADE_SUCCESS");
    assert_int_equal(notice.amount_fen, 8880);
    assert_true(clock_parse_plain("2026-11-21 13:05:09", &paid_us) && notice.paid_us == paid_us);
    assert_string_equal(notice.buyer_masked, "2088********6882");
    assert_string_equal(notice.out_biz_no, "");
}

static void takes_the_end_of_a_trade_as_paid(void **state)
{
    struct form_fields fields = notice_fields(*state);
    notice_set(&fields, "trade_status", "TRADE_FINISHED");
    assert_int_equal(taken(*state, &fields).kind, ALIPAY_PAID);
}

static void books_nothing_for_other_states_and_types(void **state)
{
    static const char *const states[] = {"WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_PENDING", "trade_success", ""};
    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        struct form_fields fields = notice_fields(*state);
        notice_set(&fields, "trade_status", states[i]);
        notice_set(&fields, "gmt_payment", NULL);
        assert_int_equal(taken(*state, &fields).kind, ALIPAY_NOT_PAID);
    }
    struct form_fields fields = notice_fields(*state);
    notice_set(&fields, "notify_type", "dut_user_sign");
    assert_int_equal(taken(*state, &fields).kind, ALIPAY_NOT_PAID);
}

static void tells_a_refund_from_a_payment(void **state)
{
    struct form_fields fields = notice_fields(*state);
    notice_set(&fields, "out_biz_no", "2026112113040501000000000109");
    notice_set(&fields, "refund_fee", "8.80");
    notice_set(&fields, "gmt_refund", "2026-11-22 10:00:00.123");
    struct alipay_notice notice = taken(*state, &fields);
    assert_int_equal(notice.kind, ALIPAY_REFUND);
    assert_int_equal(notice.refund_fen, 880);
    assert_string_equal(notice.out_biz_no, "2026112113040501000000000109");
    notice_set(&fields, "trade_status", "TRADE_CLOSED");
    assert_int_equal(taken(*state, &fields).kind, ALIPAY_REFUND);
}

static void takes_empty_refund_fields_as_none(void **state)
{
    struct form_fields fields = notice_fields(*state);
    notice_set(&fields, "out_biz_no", "");
    notice_set(&fields, "refund_fee", "0.00");
    notice_set(&fields, "gmt_refund", "");
    assert_int_equal(taken(*state, &fields).kind, ALIPAY_PAID);
}

static void accepts_fields_it_does_not_know(void **state)
{
    struct form_fields fields = notice_fields(*state);
    notice_set(&fields, "mdiscount_amount", "0.00");
    notice_set(&fields, "zz", "<&>\"'=");
    assert_int_equal(taken(*state, &fields).kind, ALIPAY_PAID);
}

static void refuses_a_notice_with_a_foreign_signature(void **state)
{
    struct workshop *workshop = *state;
    struct form_fields fields = notice_fields(workshop);
    refused(workshop, notice_post(workshop, &fields, workshop->foreign_key), ERR_NOTICE_SIGNATURE);
}

/* Reads what was posted, changes it, and posts it without signing again. */
static struct bytes tampered(struct workshop *workshop, const char *name, const char *value)
{
    struct form_fields fields = notice_fields(workshop), posted;
    struct bytes raw = notice_post(workshop, &fields, workshop->alipay_key);
    assert_int_equal(form_parse(raw, workshop->arena, &posted), OK);
    notice_set(&posted, name, value);
    return form_encode(workshop->arena, &posted);
}

static void refuses_every_change_after_signing(void **state)
{
    struct workshop *workshop = *state;
    struct form_fields fields = notice_fields(workshop);
    for (size_t i = 0; i < fields.count; i++) {
        refused(workshop, tampered(workshop, fields.items[i].name, "x"), ERR_NOTICE_SIGNATURE);
        refused(workshop, tampered(workshop, fields.items[i].name, NULL), ERR_NOTICE_SIGNATURE);
    }
    refused(workshop, tampered(workshop, "added", ""), ERR_NOTICE_SIGNATURE);
}

static void refuses_other_signature_types_and_missing_signatures(void **state)
{
    struct workshop *workshop = *state;
    static const char *const types[] = {"RSA", "rsa2", "", "RSA2 ", NULL};
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        refused(workshop, tampered(workshop, "sign_type", types[i]), ERR_NOTICE_SIGNATURE);
    static const char *const signs[] = {"", "AAAA", "not base64!", NULL};
    for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
        refused(workshop, tampered(workshop, "sign", signs[i]), ERR_NOTICE_SIGNATURE);
}

static void refuses_what_is_not_a_form(void **state)
{
    struct workshop *workshop = *state;
    static const char *const raw[] = {"", "{\"sign\":1}&&", "<xml/> ", "a=%zz", "a=1&a=1"};
    for (size_t i = 0; i < ARRAY_SIZE(raw); i++)
        refused(workshop, bytes_of_text(raw[i]), ERR_FORM_MALFORMED);
}

static void refuses_a_field_given_twice(void **state)
{
    struct workshop *workshop = *state;
    struct bytes good = official_notice(workshop);
    const char *twice = arena_format(workshop->arena, "%.*s&total_amount=0.01", (int)good.size,
                                     (const char *)good.data);
    refused(workshop, bytes_of_text(twice), ERR_FORM_MALFORMED);
}

static void refuses_every_notice_cut_short(void **state)
{
    struct workshop *workshop = *state;
    struct bytes good = official_notice(workshop);
    for (size_t size = 0; size < good.size; size += 7) {
        struct alipay_notice notice;
        enum err err = read_notice(workshop, (struct bytes){good.data, size}, &notice);
        assert_true(err == ERR_FORM_MALFORMED || err == ERR_NOTICE_SIGNATURE);
    }
}

static void refuses_notices_for_another_application_or_seller(void **state)
{
    struct workshop *workshop = *state;
    struct form_fields fields = notice_fields(workshop);
    notice_set(&fields, "app_id", "2021000000000002");
    refused_signed(workshop, &fields, ERR_NOTICE_MISMATCH);
    assert_string_equal(workshop->fault.detail_en, "app_id is not this application's");
    notice_set(&fields, "app_id", OUR_APP_ID);
    notice_set(&fields, "seller_id", "2088000000000002");
    refused_signed(workshop, &fields, ERR_NOTICE_MISMATCH);
    assert_string_equal(workshop->fault.detail_en, "seller_id is not this seller's");
    notice_set(&fields, "seller_id", NULL);
    refused_signed(workshop, &fields, ERR_NOTICE_MISMATCH);
}

static void refuses_amounts_that_are_not_yuan_with_two_decimals(void **state)
{
    static const char *const amounts[] = {
        "", "88.8", "88", "088.80", "-88.80", "88.80 ", "88,80", "1e3", "0.00", "88.800", "99999999999999999999.00"};
    for (size_t i = 0; i < ARRAY_SIZE(amounts); i++) {
        struct form_fields fields = notice_fields(*state);
        notice_set(&fields, "total_amount", amounts[i]);
        refused_signed(*state, &fields, ERR_FORM_MALFORMED);
    }
}

static void refuses_numbers_and_times_that_cannot_be(void **state)
{
    static const struct form_field wrong[] = {
        {"trade_no", ""},
        {"trade_no", "2026'; drop table"},
        {"out_trade_no", ""},
        {"out_trade_no", "12345678901234567890123456789012345678901234567890123456789012345"},
        {"notify_id", "a\nb"},
        {"trade_status", "续"},
        {"gmt_payment", "2026-02-30 00:00:00"},
        {"gmt_payment", "yesterday"},
        {"charset", "utf-16"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct form_fields fields = notice_fields(*state);
        notice_set(&fields, wrong[i].name, wrong[i].value);
        refused_signed(*state, &fields, ERR_FORM_MALFORMED);
    }
}

static void takes_the_time_of_the_notice_where_that_of_payment_is_absent(void **state)
{
    struct form_fields fields = notice_fields(*state);
    int64_t notified_us;
    notice_set(&fields, "gmt_payment", NULL);
    assert_true(clock_parse_plain("2026-11-21 13:05:10", &notified_us));
    assert_true(taken(*state, &fields).paid_us == notified_us);
}

static const char *to_gbk(struct arena *arena, const char *text)
{
    iconv_t converter = iconv_open("GBK", "UTF-8");
    size_t in_left = strlen(text), out_left = in_left * 2;
    char *out = arena_alloc(arena, out_left + 1), *out_at = out, *in_at = arena_text(arena, text);
    assert_int_equal(iconv(converter, &in_at, &in_left, &out_at, &out_left), 0);
    iconv_close(converter);
    return out;
}

static void verifies_gbk_over_its_own_bytes(void **state)
{
    struct workshop *workshop = *state;
    struct form_fields fields = notice_fields(workshop);
    notice_set(&fields, "charset", "GBK");
    notice_set(&fields, "subject", to_gbk(workshop->arena, "数字证书续期"));
    assert_int_equal(taken(workshop, &fields).kind, ALIPAY_PAID);
}

static void refuses_bytes_that_are_not_of_their_charset(void **state)
{
    struct form_fields fields = notice_fields(*state);
    notice_set(&fields, "subject", "\xff\xff");
    refused_signed(*state, &fields, ERR_FORM_MALFORMED);
    notice_set(&fields, "charset", "GBK");
    refused_signed(*state, &fields, ERR_FORM_MALFORMED);
    notice_set(&fields, "charset", NULL);
    refused_signed(*state, &fields, ERR_FORM_MALFORMED);
}

static void masks_buyers_of_any_length(void **state)
{
    static const char *const buyers[][2] = {
        {"2088102177846882", "2088********6882"}, {"short", "*****"}, {"", ""}, {"123456789012", "************"},
        {"1234567890123", "1234*****0123"},       {"a b", ""},
    };
    for (size_t i = 0; i < ARRAY_SIZE(buyers); i++) {
        struct form_fields fields = notice_fields(*state);
        notice_set(&fields, "buyer_id", buyers[i][0]);
        assert_string_equal(taken(*state, &fields).buyer_masked, buyers[i][1]);
    }
    struct form_fields fields = notice_fields(*state);
    notice_set(&fields, "buyer_id", NULL);
    notice_set(&fields, "buyer_open_id", "074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5");
    assert_string_equal(taken(*state, &fields).buyer_masked, "074a***************************************oCo5");
}

static void works_without_a_fault_to_fill(void **state)
{
    struct workshop *workshop = *state;
    struct form_fields fields = notice_fields(workshop);
    struct alipay_notice notice;
    notice_set(&fields, "total_amount", "1");
    assert_int_equal(alipay_read_notice(workshop->alipay, notice_post(workshop, &fields, workshop->alipay_key),
                                        workshop->arena, NULL, &notice),
                     ERR_FORM_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, workshop_open, workshop_close)
        T(reads_a_payment_that_the_official_sdk_accepts),
        T(takes_the_end_of_a_trade_as_paid),
        T(books_nothing_for_other_states_and_types),
        T(tells_a_refund_from_a_payment),
        T(takes_empty_refund_fields_as_none),
        T(accepts_fields_it_does_not_know),
        T(refuses_a_notice_with_a_foreign_signature),
        T(refuses_every_change_after_signing),
        T(refuses_other_signature_types_and_missing_signatures),
        T(refuses_what_is_not_a_form),
        T(refuses_a_field_given_twice),
        T(refuses_every_notice_cut_short),
        T(refuses_notices_for_another_application_or_seller),
        T(refuses_amounts_that_are_not_yuan_with_two_decimals),
        T(refuses_numbers_and_times_that_cannot_be),
        T(takes_the_time_of_the_notice_where_that_of_payment_is_absent),
        T(verifies_gbk_over_its_own_bytes),
        T(refuses_bytes_that_are_not_of_their_charset),
        T(masks_buyers_of_any_length),
        T(works_without_a_fault_to_fill),
    };
    return cmocka_run_group_tests(tests, workshop_make_keys, NULL);
}
