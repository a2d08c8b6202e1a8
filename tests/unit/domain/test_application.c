/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/application.h"
#include "unit/domain/unit.h"

#include <stdio.h>

#define NOW at("2026-11-21 12:00:00")

static struct platform_fee_item items[] = {{"证书服务费用", 20000, 1}};
static struct platform_term terms[] = {{12, items, 1, 20000}};
static struct platform_fees fees[] = {{"2019-01-01", "", terms, 1}};
static const char *invoice_kinds[] = {"electronic"};
static const struct platform platform = {
    .id = "sz-consumables",
    .agreement = {.id = "netca-eca", .version = "2026-11-01", .sha256 = "00ff"},
    .privacy_notice = {.id = "privacy", .version = "2026-11-21", .sha256 = "11ff"},
    .sensitive_consent = {.id = "sensitive", .version = "2026-11-21", .sha256 = "22ff"},
    .fees = fees,
    .fees_count = 1,
    .invoice_kinds = invoice_kinds,
    .invoice_kinds_count = 1,
    .recipient_required = true,
    .form = {.agent_address = PLATFORM_OPTIONAL},
};

static const char good[] =
    "{\"platform\":\"sz-consumables\",\"nonce\":\"bm9uY2U\",\"client_version\":\"4.2.0\",\"term_months\":12,"
    "\"agreement\":{\"id\":\"netca-eca\",\"version\":\"2026-11-01\",\"sha256\":\"00ff\"},"
    "\"privacy_notice\":{\"id\":\"privacy\",\"version\":\"2026-11-21\",\"sha256\":\"11ff\"},"
    "\"sensitive_consent\":{\"id\":\"sensitive\",\"version\":\"2026-11-21\",\"sha256\":\"22ff\"},"
    "\"agent\":{\"id_type\":\"resident_id\",\"id_number\":\"11010519491231002X\",\"name\":\"胡军\","
    "\"mobile\":\"13800138000\",\"email\":\"hu@example.com\",\"address\":\"佛山市南海区桂城街道1号\"},"
    "\"recipient\":{\"name\":\"胡军\",\"mobile\":\"13800138000\",\"address\":\"佛山市南海区桂城街道1号\"},"
    "\"invoice\":{\"kind\":\"electronic\",\"tax_id\":\"91440300708461136T\",\"title\":\"示例有限公司\"}}";

static struct fault fault;
static struct application_warnings warnings;
static const char *certificate_organisation = "", *certificate_subject = "";
static bool certificate_expired;
static struct json *document;

static int close_document(void **state)
{
    certificate_organisation = certificate_subject = "";
    certificate_expired = false;
    json_free(document);
    document = NULL;
    return close_arena(state);
}

/* good with the first `from` replaced by `to`. */
static const char *changed(const char *from, const char *to)
{
    const char *found = strstr(good, from);
    assert_non_null(found);
    return arena_format(arena, "%.*s%s%s", (int)(found - good), good, to, found + strlen(from));
}

static enum err read_text(const char *text, struct application *out)
{
    fault_init(&fault, arena);
    json_free(document);
    document = NULL;
    assert_int_equal(json_parse(text, strlen(text), &fault, &document), OK);
    return application_read(document, arena, &fault, out);
}

static enum err outcome_at(const char *text, const struct platform *rules, int64_t now_us)
{
    struct application application;
    const struct application_basis basis = {rules, certificate_organisation, certificate_subject, certificate_expired,
                                            now_us};
    TRY(read_text(text, &application));
    application_complete(&application, &basis);
    return application_check(&application, &basis, &fault, &warnings);
}

static enum err outcome(const char *text)
{
    return outcome_at(text, &platform, NOW);
}

static bool names(const char *path, const char *code)
{
    for (size_t i = 0; i < fault.field_count; i++)
        if (strcmp(fault.fields[i].path, path) == 0 && strcmp(fault.fields[i].code, code) == 0)
            return fault.fields[i].zh[0] != '\0' && fault.fields[i].en[0] != '\0';
    return false;
}

/* The one field that is wrong after a change, and nothing else. */
static void refused(const char *from, const char *to, const char *path, const char *code)
{
    assert_int_equal(outcome(changed(from, to)), ERR_FIELDS_INVALID);
    assert_int_equal(fault.field_count, 1);
    if (!names(path, code))
        fail_msg("expected %s %s, got %s %s", path, code, fault.fields[0].path, fault.fields[0].code);
}

static void accepts_a_complete_application(void **state)
{
    (void)state;
    struct application application;
    assert_int_equal(outcome(good), OK);
    assert_int_equal(read_text(good, &application), OK);
    assert_int_equal(application.term_months, 12);
    assert_string_equal(application.agent.name, "胡军");
    assert_string_equal(application.recipient.id_number, "");
    assert_string_equal(application.invoice_title, "示例有限公司");
}

static void makes_numbers_canonical_before_checking(void **state)
{
    (void)state;
    struct application application;
    assert_int_equal(outcome(changed("11010519491231002X", " 110105 19491231 002x")), OK);
    assert_int_equal(outcome(changed("\"mobile\":\"13800138000\"", "\"mobile\":\"+86 138-0013-8000\"")),
                     ERR_FIELDS_INVALID);
    assert_int_equal(read_text(changed("\"mobile\":\"13800138000\"", "\"mobile\":\"+86 138 0013 8000\""), &application),
                     OK);
    assert_string_equal(application.agent.mobile, "13800138000");
}

static void refuses_wrong_identity_numbers(void **state)
{
    (void)state;
    refused("11010519491231002X", "110105194912310021", "agent.id_number", "check_digit");
    refused("11010519491231002X", "110105491231002", "agent.id_number", "length");
    refused("11010519491231002X", "", "agent.id_number", "required");
    refused("resident_id", "driving_licence", "agent.id_type", "unknown");
}

static void refuses_agents_under_eighteen_in_beijing(void **state)
{
    (void)state;
    const char *born_2000 = changed("11010519491231002X", "110105200001019993");
    assert_int_equal(outcome_at(born_2000, &platform, at("2019-01-01 00:00:00")), OK);
    struct platform_fees early[] = {{"2000-01-01", "", terms, 1}};
    struct platform rules = platform;
    rules.fees = early;
    assert_int_equal(outcome_at(born_2000, &rules, at("2017-12-31 23:59:59")), ERR_FIELDS_INVALID);
    assert_true(names("agent.id_number", "under_age"));
    assert_int_equal(outcome_at(born_2000, &rules, at("2018-01-01 00:00:00")), OK);
}

static void takes_other_documents_by_their_length(void **state)
{
    (void)state;
    static const struct {
        const char *type, *number;
        enum err expected;
    } cases[] = {
        {"passport", "E12345678", OK},
        {"passport", "E1", ERR_FIELDS_INVALID},
        {"passport", "E1234-5678", ERR_FIELDS_INVALID},
        {"military", "军字第1234567号", OK},
        {"hk_macau", "H12345678", OK},
        {"hk_macau", "H1234567890123", ERR_FIELDS_INVALID},
        {"taiwan", "12345678", OK},
        {"taiwan", "", ERR_FIELDS_INVALID},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *text = changed(
            "\"id_type\":\"resident_id\",\"id_number\":\"11010519491231002X\"",
            arena_format(arena, "\"id_type\":\"%s\",\"id_number\":\"%s\"", cases[i].type, cases[i].number));
        assert_int_equal(outcome(text), cases[i].expected);
    }
}

static void refuses_contacts_that_no_notice_would_reach(void **state)
{
    (void)state;
    refused("\"mobile\":\"13800138000\"", "\"mobile\":\"12800138000\"", "agent.mobile", "mobile");
    assert_non_null(strstr(fault.fields[0].zh, "手机号码必须无误，否则接收不到通知"));
    refused("hu@example.com", "hu@example", "agent.email", "email");
    assert_non_null(strstr(fault.fields[0].zh, "邮箱必须无误，否则接收不到通知"));
    refused("hu@example.com", "hu@example.com>,<x@y.cn", "agent.email", "email");
    refused("\"address\":\"佛山市南海区桂城街道1号\"", "\"address\":\"佛山\"", "agent.address", "length");
    refused("\"name\":\"胡军\"", "\"name\":\" 胡 \"", "agent.name", "length");
}

static void asks_for_the_recipient_where_the_platform_does(void **state)
{
    (void)state;
    static const char recipient[] =
        "\"recipient\":{\"name\":\"胡军\",\"mobile\":\"13800138000\",\"address\":\"佛山市南海区桂城街道1号\"},";
    refused(recipient, "", "recipient", "required");
    struct platform rules = platform;
    rules.recipient_required = false;
    assert_int_equal(outcome_at(changed(recipient, ""), &rules, NOW), OK);
    assert_int_equal(
        outcome_at(changed(recipient, "\"recipient\":{\"name\":\"胡军\",\"mobile\":\"1\",\"address\":\"佛\"},"), &rules,
                   NOW),
        ERR_FIELDS_INVALID);
    assert_true(names("recipient.mobile", "mobile"));
    assert_true(names("recipient.address", "length"));
}

static void copies_the_recipient_from_the_agent(void **state)
{
    (void)state;
    static const char recipient[] =
        "\"recipient\":{\"name\":\"胡军\",\"mobile\":\"13800138000\",\"address\":\"佛山市南海区桂城街道1号\"}";
    struct application application;
    const char *copied = changed(recipient, "\"recipient\":{\"copy_from_agent\":true}");
    assert_int_equal(outcome(copied), OK);
    assert_int_equal(read_text(copied, &application), OK);
    assert_string_equal(application.recipient.name, "胡军");
    assert_string_equal(application.recipient.mobile, "13800138000");
    assert_string_equal(application.recipient.address, application.agent.address);
    assert_string_equal(application.recipient.id_number, "");
    const char *own_address = changed(recipient,
                                      "\"recipient\":{\"copy_from_agent\":true,\"address\":\"深圳市南山区科技路1号\"}");
    assert_int_equal(read_text(own_address, &application), OK);
    assert_string_equal(application.recipient.address, "深圳市南山区科技路1号");
    refused(recipient, "\"recipient\":{\"copy_from_agent\":false}", "recipient", "required");
    refused(recipient, "\"recipient\":{\"copy_from_agent\":\"yes\"}", "recipient.copy_from_agent", "type");
}

static void asks_for_the_address_that_the_agent_did_not_give_either(void **state)
{
    (void)state;
    static const char both[] =
        ",\"address\":\"佛山市南海区桂城街道1号\"},\"recipient\":{\"name\":\"胡军\",\"mobile\":\"13800138000\","
        "\"address\":\"佛山市南海区桂城街道1号\"}";
    refused(both, "},\"recipient\":{\"copy_from_agent\":true}", "recipient.address", "required");
}

static void takes_no_more_of_the_recipient_than_is_needed(void **state)
{
    (void)state;
    refused("\"recipient\":{", "\"recipient\":{\"id_number\":\"11010519491231002X\",", "recipient.id_number",
            "unknown_field");
}

static void checks_what_an_electronic_invoice_needs(void **state)
{
    (void)state;
    refused("91440300708461136T", "91440300708461136U", "invoice.tax_id", "check_digit");
    refused("91440300708461136T", "", "invoice.tax_id", "required");
    refused("示例有限公司", "", "invoice.title", "required");
    refused("\"kind\":\"electronic\"", "\"kind\":\"paper_fixed\"", "invoice.kind", "not_offered");
    refused(",\"invoice\":{\"kind\":\"electronic\",\"tax_id\":\"91440300708461136T\",\"title\":\"示例有限公司\"}", "",
            "invoice.kind", "required");
}

static void needs_no_invoice_where_the_platform_offers_none(void **state)
{
    (void)state;
    static const char *none_or_electronic[] = {"none", "electronic"};
    struct platform rules = platform;
    rules.invoice_kinds = none_or_electronic;
    rules.invoice_kinds_count = 2;
    static const char invoice[] =
        ",\"invoice\":{\"kind\":\"electronic\",\"tax_id\":\"91440300708461136T\",\"title\":\"示例有限公司\"}";
    assert_int_equal(outcome_at(changed(invoice, ""), &rules, NOW), OK);
    assert_int_equal(outcome_at(changed(invoice, ",\"invoice\":{\"kind\":\"none\"}"), &rules, NOW), OK);
}

static void refuses_terms_that_nobody_sells(void **state)
{
    (void)state;
    refused("\"term_months\":12", "\"term_months\":0", "term_months", "not_offered");
    refused("\"term_months\":12", "\"term_months\":121", "term_months", "not_offered");
    refused("\"term_months\":12", "\"term_months\":-12", "term_months", "not_offered");
    refused("\"term_months\":12", "\"term_months\":9223372036854775807", "term_months", "not_offered");
}

static void refuses_quotes_that_cannot_be(void **state)
{
    (void)state;
    refused("\"term_months\":12", "\"term_months\":12,\"quote_version\":-1", "quote_version", "range");
    refused("\"term_months\":12", "\"term_months\":12,\"amount_fen\":-1", "amount_fen", "range");
    refused("\"term_months\":12", "\"term_months\":12,\"amount_fen\":100000000001", "amount_fen", "range");
    assert_int_equal(outcome(changed("\"term_months\":12", "\"term_months\":12,\"amount_fen\":20000")), OK);
}

static void wants_the_agreement_as_it_is_now(void **state)
{
    (void)state;
    assert_int_equal(outcome(changed("2026-11-01", "2025-01-01")), ERR_AGREEMENT_CHANGED);
    assert_int_equal(outcome(changed("00ff", "00fe")), ERR_AGREEMENT_CHANGED);
    assert_int_equal(outcome(changed("netca-eca", "szca-eca")), ERR_AGREEMENT_CHANGED);
}

static void wants_the_privacy_notice_as_it_is_now(void **state)
{
    (void)state;
    static const char notice[] =
        "\"privacy_notice\":{\"id\":\"privacy\",\"version\":\"2026-11-21\",\"sha256\":\"11ff\"},";
    assert_int_equal(outcome(changed(notice, "")), ERR_PRIVACY_NOTICE_MISSING);
    assert_int_equal(outcome(changed("11ff", "11fe")), ERR_PRIVACY_NOTICE_CHANGED);
    assert_int_equal(outcome(changed("\"privacy\",\"version\":\"2026-11-21\"", "\"privacy\",\"version\":\"1\"")),
                     ERR_PRIVACY_NOTICE_CHANGED);
}

static void wants_a_separate_consent_to_sensitive_personal_information(void **state)
{
    (void)state;
    static const char consent[] =
        "\"sensitive_consent\":{\"id\":\"sensitive\",\"version\":\"2026-11-21\",\"sha256\":\"22ff\"},";
    assert_int_equal(outcome(changed(consent, "")), ERR_SENSITIVE_CONSENT_MISSING);
    assert_int_equal(outcome(changed("22ff", "11ff")), ERR_SENSITIVE_CONSENT_CHANGED);
    assert_int_equal(outcome(changed("\"sensitive\"", "\"privacy\"")), ERR_SENSITIVE_CONSENT_CHANGED);
}

static void says_what_is_wrong_with_a_field_before_what_is_not_accepted(void **state)
{
    (void)state;
    refused("\"privacy_notice\":{\"id\":\"privacy\",", "\"privacy_notice\":{", "privacy_notice.id", "required");
    assert_int_equal(outcome(changed("\"sensitive_consent\":{\"id\":\"sensitive\",\"version\":\"2026-11-21\"",
                                     "\"sensitive_consent\":{\"id\":7,\"version\":\"2026-11-21\"")),
                     ERR_FIELDS_INVALID);
    assert_true(names("sensitive_consent.id", "type"));
}

static void names_every_fault_at_once(void **state)
{
    (void)state;
    assert_int_equal(
        outcome("{\"platform\":1,\"agent\":{\"name\":\"胡军\",\"age\":7},\"agreement\":[],\"extra\":null}"),
        ERR_FIELDS_INVALID);
    assert_true(names("platform", "type"));
    assert_true(names("nonce", "required"));
    assert_true(names("term_months", "required"));
    assert_true(names("agreement", "type"));
    assert_true(names("extra", "unknown_field"));
    assert_true(names("agent.mobile", "required"));
    assert_true(names("agent.age", "unknown_field"));
}

static void survives_hostile_documents(void **state)
{
    (void)state;
    static const char *const hostile[] = {"{}",
                                          "[]",
                                          "\"text\"",
                                          "null",
                                          "1",
                                          "{\"agent\":null}",
                                          "{\"agent\":{\"agent\":{}}}",
                                          "{\"term_months\":1.5}",
                                          "{\"term_months\":\"12\"}",
                                          "{\"platform\":\"a\\u0000b\"}",
                                          "{\"agent\":{\"name\":\"\\n\"}}"};
    for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
        struct application application = {.term_months = 99};
        fault_init(&fault, arena);
        json_free(document);
        document = NULL;
        if (json_parse(hostile[i], strlen(hostile[i]), &fault, &document) != OK)
            continue;
        assert_int_equal(application_read(document, arena, &fault, &application), ERR_FIELDS_INVALID);
        assert_int_equal(application.term_months, 99); /* untouched on failure */
    }
}

static void survives_more_faults_than_it_can_name(void **state)
{
    (void)state;
    char text[4000] = "{";
    for (int i = 0; i < 100; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "\"unknown%d\":1,", i);
    strcat(text, "\"agent\":{},\"recipient\":{},\"invoice\":{},\"agreement\":{}}");
    assert_int_equal(outcome(text), ERR_FIELDS_INVALID);
    assert_int_equal(fault.field_count, FAULT_FIELDS_MAX);
}

static void never_repeats_personal_data_in_a_fault(void **state)
{
    (void)state;
    assert_int_equal(outcome(changed("11010519491231002X", "110105194912310021")), ERR_FIELDS_INVALID);
    assert_null(strstr(fault.fields[0].zh, "110105194912310021"));
    assert_null(strstr(fault.fields[0].en, "110105194912310021"));
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_document)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepts_a_complete_application),
        TEST(makes_numbers_canonical_before_checking),
        TEST(refuses_wrong_identity_numbers),
        TEST(refuses_agents_under_eighteen_in_beijing),
        TEST(takes_other_documents_by_their_length),
        TEST(refuses_contacts_that_no_notice_would_reach),
        TEST(asks_for_the_recipient_where_the_platform_does),
        TEST(copies_the_recipient_from_the_agent),
        TEST(asks_for_the_address_that_the_agent_did_not_give_either),
        TEST(takes_no_more_of_the_recipient_than_is_needed),
        TEST(checks_what_an_electronic_invoice_needs),
        TEST(needs_no_invoice_where_the_platform_offers_none),
        TEST(refuses_terms_that_nobody_sells),
        TEST(refuses_quotes_that_cannot_be),
        TEST(wants_the_agreement_as_it_is_now),
        TEST(wants_the_privacy_notice_as_it_is_now),
        TEST(wants_a_separate_consent_to_sensitive_personal_information),
        TEST(says_what_is_wrong_with_a_field_before_what_is_not_accepted),
        TEST(names_every_fault_at_once),
        TEST(survives_hostile_documents),
        TEST(survives_more_faults_than_it_can_name),
        TEST(never_repeats_personal_data_in_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
