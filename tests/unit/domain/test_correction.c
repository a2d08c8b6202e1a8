/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "domain/application_field.h"
#include "domain/correction.h"
#include "domain/returnable.h"
#include "unit/domain/unit.h"

#define NOW at("2026-11-21 12:00:00")

static const char *invoice_kinds[] = {"electronic"};
static const struct platform platform = {.id = "sz-consumables",
                                         .invoice_kinds = invoice_kinds,
                                         .invoice_kinds_count = 1,
                                         .recipient_required = true,
                                         .form = {.agent_address = PLATFORM_OPTIONAL}};

static const struct application_basis basis = {.platform = &platform, .organisation = "", .subject = ""};

static const struct application accepted = {
    .platform = "",
    .nonce = "",
    .client_version = "",
    .certificate_serial = "",
    .portal_token = "",
    .accepted = {{"", "", ""}, {"", "", ""}, {"", "", ""}},
    .legal_person = {"", "", "", "", "", ""},
    .organisation = {"", "", "", ""},
    .basic_account = {"", "", "", ""},
    .agent = {"resident_id", "11010519491231002X", "胡军", "13800138000", "hu@example.com", "佛山市南海区桂城街道1号"},
    .recipient = {"", "", "胡军", "13800138000", "", "佛山市南海区桂城街道1号"},
    .invoice_kind = "electronic",
    .invoice_tax_id = "91440300708461136T",
    .invoice_title = "示例有限公司",
};

static struct fault fault;

static enum err read_text(const char *members, struct correction *out)
{
    AUTO_JSON *document = NULL;
    const char *text = arena_format(arena, "{\"nonce\":\"n\",\"renewal_no\":\"012019022000004608\"%s}", members);
    fault_init(&fault, arena);
    assert_int_equal(json_parse(text, strlen(text), &fault, &document), OK);
    return correction_read(document, arena, &fault, out);
}

/* Read, held against what was named, written into the accepted application, and checked. */
static enum err outcome(const char *members, const char *named, struct application *after)
{
    struct correction correction;
    TRY(read_text(members, &correction));
    TRY(correction_check_named(&correction, named, &fault));
    *after = accepted;
    correction_apply(&correction, arena, after);
    struct application_basis now = basis;
    now.now_us = NOW;
    struct application_warnings warnings;
    return correction_check(&correction, after, &now, &fault, &warnings);
}

static void refused(const char *members, const char *named, enum err err, const char *path, const char *code)
{
    struct application after;
    assert_int_equal(outcome(members, named, &after), err);
    assert_int_equal(fault.field_count, 1);
    assert_string_equal(fault.fields[0].path, path);
    assert_string_equal(fault.fields[0].code, code);
}

static void takes_what_was_named_and_nothing_else_changes(void **state)
{
    (void)state;
    struct application after;
    assert_int_equal(
        outcome(",\"agent\":{\"mobile\":\"+86 139 0013 9000\"},\"invoice\":{\"title\":\" 新名称有限公司 \"}",
                "agent.mobile invoice.title", &after),
        OK);
    assert_string_equal(after.agent.mobile, "13900139000");
    assert_string_equal(after.invoice_title, "新名称有限公司");
    assert_string_equal(after.agent.name, accepted.agent.name);
    assert_string_equal(after.recipient.mobile, accepted.recipient.mobile);
    assert_string_equal(after.invoice_tax_id, accepted.invoice_tax_id);
}

static void takes_a_correction_without_fields(void **state)
{
    (void)state;
    struct application after;
    assert_int_equal(outcome("", "", &after), OK);
    assert_string_equal(after.agent.mobile, accepted.agent.mobile);
}

static void refuses_by_name_what_was_not_returned(void **state)
{
    (void)state;
    refused(",\"agent\":{\"mobile\":\"13900139000\",\"name\":\"李四\"}", "agent.mobile", ERR_CORRECTION_UNEXPECTED,
            "agent.name", "not_returned");
    refused(",\"agent\":{\"name\":\"李四\"}", "agent.names xagent.name agent.nam", ERR_CORRECTION_UNEXPECTED,
            "agent.name", "not_returned");
    struct application after;
    assert_int_equal(
        outcome(",\"agent\":{\"name\":\"李四\"},\"invoice\":{\"title\":\"甲公司\"}", "agent.mobile", &after),
        ERR_CORRECTION_UNEXPECTED);
    assert_int_equal(fault.field_count, 2);
}

static void refuses_what_decides_the_price_or_the_certificate(void **state)
{
    (void)state;
    static const char *const members[] = {"term_months", "platform", "subject", "certificate", "agreement"};
    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        refused(arena_format(arena, ",\"%s\":24", members[i]), "agent.mobile", ERR_FIELDS_INVALID, members[i],
                "unknown_field");
    refused(",\"invoice\":{\"kind\":\"none\"}", "invoice.title", ERR_FIELDS_INVALID, "invoice.kind", "unknown_field");
    refused(",\"recipient\":{\"email\":\"x@example.com\"}", "agent.email", ERR_FIELDS_INVALID, "recipient.email",
            "unknown_field");
}

static void checks_each_field_as_at_the_submission(void **state)
{
    (void)state;
    static const struct {
        const char *group, *member, *value, *code;
    } cases[] = {
        {"agent", "id_number", "110105194912310021", "check_digit"},
        {"agent", "id_type", "driving_licence", "unknown"},
        {"agent", "name", "张", "length"},
        {"agent", "mobile", "12345678901", "mobile"},
        {"agent", "email", "nobody", "email"},
        {"agent", "address", "街", "length"},
        {"recipient", "name", "张", "length"},
        {"recipient", "mobile", "1380013800", "mobile"},
        {"recipient", "address", "街", "length"},
        {"invoice", "tax_id", "91440300708461136X", "check_digit"},
        {"invoice", "title", "", "required"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *path = arena_format(arena, "%s.%s", cases[i].group, cases[i].member);
        refused(arena_format(arena, ",\"%s\":{\"%s\":\"%s\"}", cases[i].group, cases[i].member, cases[i].value), path,
                ERR_FIELDS_INVALID, path, cases[i].code);
    }
}

static void refuses_texts_that_are_too_long_or_of_another_kind(void **state)
{
    (void)state;
    refused(",\"agent\":{\"mobile\":\"123456789012345678901\"}", "agent.mobile", ERR_FIELDS_INVALID, "agent.mobile",
            "too_long");
    refused(",\"agent\":{\"mobile\":13800138000}", "agent.mobile", ERR_FIELDS_INVALID, "agent.mobile", "type");
    refused(",\"agent\":[]", "agent.mobile", ERR_FIELDS_INVALID, "agent", "type");
}

/* The platform asks for more by now: the applicant cannot be stuck with what nobody asked him to change. */
static void judges_only_what_is_corrected(void **state)
{
    (void)state;
    struct correction correction;
    struct application older = accepted;
    older.recipient = (struct application_person){"", "", "", "", "", ""};
    older.agent.id_number = "no longer valid";
    assert_int_equal(read_text(",\"agent\":{\"mobile\":\"13900139000\"}", &correction), OK);
    struct application_basis now = basis;
    now.now_us = NOW;
    struct application_warnings warnings;
    assert_int_equal(correction_check(&correction, &older, &now, &fault, &warnings), OK);
    assert_int_equal(read_text(",\"recipient\":{\"name\":\"\"}", &correction), OK);
    assert_int_equal(correction_check(&correction, &older, &now, &fault, &warnings), ERR_FIELDS_INVALID);
    assert_string_equal(fault.fields[0].path, "recipient");
}

/* The words between quotes of one check in the migration. */
static const char *sql_words(const char *check)
{
    struct bytes sql;
    const char *source = getenv("XUQI_SOURCE");
    assert_non_null(source);
    assert_int_equal(file_read(arena, arena_format(arena, "%s/sql/migrations/0019_return.sql", source), 1 << 20, &sql),
                     OK);
    const char *at = strstr((const char *)sql.data, check);
    assert_non_null(at);
    const char *end = strchr(at + strlen(check), ')'), *words = "";
    while ((at = strchr(at, '\'')) != NULL && at < end) {
        const char *close = strchr(at + 1, '\'');
        words = arena_format(arena, "%s%.*s ", words, (int)(close - at - 1), at + 1);
        at = close + 1;
    }
    return words;
}

static void the_lists_are_those_of_sql(void **state)
{
    (void)state;
    const char *names = "", *reasons = "";
    struct returnable it;
    for (size_t i = 0; returnable_at(i, &it); i++) {
        names = arena_format(arena, "%s%s ", names, it.name);
        struct returnable found;
        assert_true(returnable_find(it.name, &found));
        assert_string_equal(found.zh, it.zh);
        assert_int_equal(returnable_is_material(it.name), application_field_find(it.name) == NULL);
    }
    for (size_t i = 0; return_reason_at(i) != NULL; i++) {
        reasons = arena_format(arena, "%s%s ", reasons, return_reason_at(i)->code);
        assert_ptr_equal(return_reason_find(return_reason_at(i)->code), return_reason_at(i));
    }
    assert_string_equal(names, sql_words("check (name in ("));
    assert_string_equal(reasons, sql_words("check (reason_code in ("));
    assert_false(returnable_find("term_months", &it));
    assert_false(returnable_find("invoice.kind", &it));
    assert_null(return_reason_find("mood"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_what_was_named_and_nothing_else_changes),
        TEST(takes_a_correction_without_fields),
        TEST(refuses_by_name_what_was_not_returned),
        TEST(refuses_what_decides_the_price_or_the_certificate),
        TEST(checks_each_field_as_at_the_submission),
        TEST(refuses_texts_that_are_too_long_or_of_another_kind),
        TEST(judges_only_what_is_corrected),
        TEST(the_lists_are_those_of_sql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
