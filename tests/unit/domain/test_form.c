/* SPDX-License-Identifier: Apache-2.0 */
/* Organisation, legal person, basic account and invoice: each rule with what breaks it and what it answers. */
#include "domain/application_field.h"
#include "unit/domain/unit.h"

#define NOW at("2026-11-21 12:00:00")

static struct platform_fee_item items[] = {{"证书服务费用", 20000, 1}};
static struct platform_term terms[] = {{12, items, 1, 20000}};
static struct platform_fees fees[] = {{.effective_from = "2019-01-01", .terms = terms, .terms_count = 1}};
static const char *invoice_kinds[] = {"none", "electronic", "paper_fixed"};
static const char *steps[] = {"telecom"};

static struct platform rules;
static struct application_basis basis;
static struct application form;
static struct fault fault;
static struct application_warnings warnings;

static void fill_in(void)
{
    rules = (struct platform){
        .agreement = {.id = "eca", .version = "1", .sha256 = "00"},
        .privacy_notice = {.id = "privacy", .version = "1", .sha256 = "11"},
        .sensitive_consent = {.id = "sensitive", .version = "1", .sha256 = "22"},
        .fees = fees,
        .fees_count = 1,
        .invoice_kinds = invoice_kinds,
        .invoice_kinds_count = 3,
        .identity_steps = steps,
        .identity_steps_count = 1,
        .account_verification = ACCOUNT_ALWAYS,
        .form = {PLATFORM_OPTIONAL, PLATFORM_REQUIRED, PLATFORM_REQUIRED, PLATFORM_REQUIRED, true},
        .invoice_title_from_organisation = true,
    };
    basis = (struct application_basis){&rules, "示例（深圳）有限公司", "C=CN,O=示例（深圳）有限公司,CN=胡军", false,
                                       NOW};
    form = application_empty;
    form.term_months = 12;
    form.accepted[AGREEMENT_SERVICE] = (struct agreement_accepted){"eca", "1", "00"};
    form.accepted[AGREEMENT_PRIVACY_NOTICE] = (struct agreement_accepted){"privacy", "1", "11"};
    form.accepted[AGREEMENT_SENSITIVE_CONSENT] = (struct agreement_accepted){"sensitive", "1", "22"};
    form.agent = (struct application_person){"resident_id", "11010519491231002X", "胡军",
                                             "13800138000", "hu@example.com",     "佛山市南海区桂城街道1号"};
    form.organisation = (struct application_organisation){"示例(深圳)有限公司", "uscc", "9144030071526726XG", ""};
    form.legal_person = (struct application_person){"resident_id", "440106198501010023", "胡法", "13700137000", "", ""};
    form.basic_account = (struct application_account){"示例（深圳）有限公司", "7443900182600096874",
                                                      "中信银行广州花园支行", "302100011000"};
    form.invoice_kind = "electronic";
    form.invoice_tax_id = "9144030071526726XG";
    form.invoice_title = "示例有限公司";
}

static int set_up(void **state)
{
    fill_in();
    return open_arena(state);
}

static enum err outcome(void)
{
    fault_init(&fault, arena);
    application_complete(&form, &basis);
    return application_check(&form, &basis, &fault, &warnings);
}

static void refuses(const char *path, const char *code)
{
    assert_int_equal(outcome(), ERR_FIELDS_INVALID);
    assert_int_equal(fault.field_count, 1);
    assert_string_equal(fault.fields[0].path, path);
    assert_string_equal(fault.fields[0].code, code);
    assert_true(fault.fields[0].zh[0] != '\0' && fault.fields[0].en[0] != '\0');
    fill_in();
}

static void warns(const char *field, const char *code)
{
    assert_int_equal(outcome(), OK);
    assert_int_equal(warnings.count, 1);
    assert_string_equal(warnings.items[0]->field, field);
    assert_string_equal(warnings.items[0]->code, code);
    fill_in();
}

static void takes(void)
{
    if (outcome() != OK)
        fail_msg("%s %s", fault.fields[0].path, fault.fields[0].code);
    assert_int_equal(warnings.count, 0);
    fill_in();
}

static void takes_the_whole_form(void **state)
{
    (void)state;
    takes();
}

static void refuses_blocks_that_are_asked_for_and_missing(void **state)
{
    (void)state;
    form.organisation = application_empty.organisation;
    refuses("organisation", "required");
    form.legal_person = application_empty.legal_person;
    refuses("legal_person", "required");
    form.basic_account = application_empty.basic_account;
    refuses("basic_account", "required");
    rules.recipient_required = true;
    refuses("recipient", "required");
}

static void refuses_blocks_that_nobody_asked_for(void **state)
{
    (void)state;
    rules.form.organisation = PLATFORM_ABSENT;
    refuses("organisation", "not_asked");
    rules.form.legal_person = PLATFORM_ABSENT;
    refuses("legal_person", "not_asked");
    rules.form.basic_account = PLATFORM_ABSENT;
    refuses("basic_account", "not_asked");
    rules.form.agent_address = PLATFORM_ABSENT;
    refuses("agent.address", "not_asked");
}

static void takes_or_leaves_what_is_optional(void **state)
{
    (void)state;
    rules.form = (struct platform_form){PLATFORM_OPTIONAL, PLATFORM_OPTIONAL, PLATFORM_OPTIONAL, PLATFORM_OPTIONAL,
                                        false};
    takes();
    rules.form = (struct platform_form){PLATFORM_OPTIONAL, PLATFORM_OPTIONAL, PLATFORM_OPTIONAL, PLATFORM_OPTIONAL,
                                        false};
    form.organisation = application_empty.organisation;
    form.legal_person = application_empty.legal_person;
    form.basic_account = application_empty.basic_account;
    form.agent.address = "";
    takes();
}

static void refuses_each_field_that_is_missing(void **state)
{
    (void)state;
    static const char *const required[] = {"agent.id_type",
                                           "agent.id_number",
                                           "agent.name",
                                           "agent.mobile",
                                           "agent.email",
                                           "organisation.name",
                                           "organisation.id_number",
                                           "organisation.id_type",
                                           "legal_person.name",
                                           "legal_person.id_number",
                                           "legal_person.mobile",
                                           "basic_account.name",
                                           "basic_account.number",
                                           "basic_account.bank_name",
                                           "basic_account.bank_code",
                                           "invoice.tax_id",
                                           "invoice.kind"};
    for (size_t i = 0; i < ARRAY_SIZE(required); i++) {
        rules.invoice_kinds = &invoice_kinds[1];
        rules.invoice_kinds_count = 2;
        application_field_set(application_field_find(required[i]), &form, "");
        if (strcmp(required[i], "invoice.kind") == 0)
            form.invoice_tax_id = form.invoice_title = "";
        refuses(required[i], "required");
    }
}

static void asks_for_the_agents_address_of_expired_certificates(void **state)
{
    (void)state;
    rules.form.agent_address = PLATFORM_WHEN_EXPIRED;
    form.agent.address = "";
    takes();
    rules.form.agent_address = PLATFORM_WHEN_EXPIRED;
    form.agent.address = "";
    basis.expired = true;
    refuses("agent.address", "required");
    rules.form.agent_address = PLATFORM_REQUIRED;
    form.agent.address = "";
    refuses("agent.address", "required");
    form.agent.address = "佛山";
    refuses("agent.address", "length");
}

static void checks_the_organisations_number_by_its_kind(void **state)
{
    (void)state;
    form.organisation.id_type = "licence";
    refuses("organisation.id_type", "unknown");
    form.organisation.id_number = "9144030071526726X";
    refuses("organisation.id_number", "length");
    form.organisation.id_number = "9144030071526726XH";
    refuses("organisation.id_number", "check_digit");
    form.organisation = (struct application_organisation){"示例（深圳）有限公司", "organisation_code", "71526726X", ""};
    takes();
    form.organisation = (struct application_organisation){"示例（深圳）有限公司", "organisation_code", "715267260", ""};
    refuses("organisation.id_number", "check_digit");
    form.organisation = (struct application_organisation){"示例（深圳）有限公司", "organisation_code", "7152672", ""};
    refuses("organisation.id_number", "length");
    form.organisation = (struct application_organisation){"示例（深圳）有限公司", "other", "440301103456789", ""};
    takes();
    form.organisation = (struct application_organisation){"示例（深圳）有限公司", "other", "1234", ""};
    refuses("organisation.id_number", "length");
    form.organisation = (struct application_organisation){"示例（深圳）有限公司", "other", "12_456", ""};
    refuses("organisation.id_number", "characters");
    form.organisation.address = "深圳";
    refuses("organisation.address", "length");
}

static void holds_the_organisation_against_the_certificate(void **state)
{
    (void)state;
    form.organisation.name = "别的有限公司";
    refuses("organisation.name", "differs_from_certificate");
    form.organisation.name = "别的有限公司";
    rules.form.organisation_as_certificate = false;
    warns("organisation.name", "differs_from_certificate");
    basis.subject = "C=CN,organizationIdentifier=NTRCN-91440300708461136T,O=示例（深圳）有限公司";
    refuses("organisation.id_number", "differs_from_certificate");
    basis.subject = "C=CN,serialNumber=91440300708461136T,O=示例（深圳）有限公司";
    rules.form.organisation_as_certificate = false;
    warns("organisation.id_number", "differs_from_certificate");
    basis.subject = "C=CN,OU=9144030071526726XG,O=示例（深圳）有限公司";
    takes();
    basis.subject = "C=CN,OU=9144030071526726XG,O=示例（深圳）有限公司";
    form.organisation.id_type = "organisation_code";
    form.organisation.id_number = "708461136";
    refuses("organisation.id_number", "differs_from_certificate");
    basis.subject = "C=CN,OU=9144030071526726XG,O=示例（深圳）有限公司";
    form.organisation.id_type = "organisation_code";
    form.organisation.id_number = "71526726X";
    takes();
    basis.organisation = ""; /* a person's certificate names none */
    takes();
}

static void checks_the_legal_person_as_a_person(void **state)
{
    (void)state;
    form.legal_person.id_type = ""; /* a resident ID unless said otherwise */
    takes();
    form.legal_person.id_number = "440106198501010024";
    refuses("legal_person.id_number", "check_digit");
    form.legal_person.id_number = "440106850101002";
    refuses("legal_person.id_number", "length");
    form.legal_person.id_type = "driving_licence";
    refuses("legal_person.id_type", "unknown");
    form.legal_person.id_type = "passport";
    form.legal_person.id_number = "E12345678";
    takes();
    form.legal_person.mobile = "12700137000";
    refuses("legal_person.mobile", "mobile");
    form.legal_person.name = "胡";
    refuses("legal_person.name", "length");
}

static void checks_the_account_without_luhn(void **state)
{
    (void)state;
    static const char *const wrong[] = {"1234567", "123456789012345678901234567890123", "7443A00182600096874",
                                        "7443.0018"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        form.basic_account.number = wrong[i];
        refuses("basic_account.number", "account_number");
    }
    static const char *const right[] = {"12345678", "12345678901234567890123456789012", "7443900182600096874"};
    for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
        form.basic_account.number = right[i];
        takes();
    }
    form.basic_account.bank_name = "工商";
    refuses("basic_account.bank_name", "length");
}

static void a_bank_codes_check_digit_is_a_warning_only(void **state)
{
    (void)state;
    form.basic_account.bank_code = "302100011001";
    warns("basic_account.bank_code", "check_digit");
    form.basic_account.bank_code = "30210001100";
    refuses("basic_account.bank_code", "length");
    form.basic_account.bank_code = "30210001100X";
    refuses("basic_account.bank_code", "length");
}

static void the_account_is_the_organisations_where_it_is_verified(void **state)
{
    (void)state;
    form.basic_account.name = "示例（深圳）有限公司第二分公司";
    refuses("basic_account.name", "differs_from_organisation");
    form.basic_account.name = "示例（深圳）有限公司第二分公司";
    rules.account_verification = ACCOUNT_NEVER;
    warns("basic_account.name", "differs_from_organisation");
    form.basic_account.name = " 示例(深圳)　有限公司";
    takes();
}

static void an_electronic_invoice_is_made_out_to_the_organisation(void **state)
{
    (void)state;
    form.invoice_title = "";
    assert_int_equal(outcome(), OK);
    assert_string_equal(form.invoice_title, "示例(深圳)有限公司");
    form.invoice_title = "";
    rules.invoice_title_from_organisation = false;
    refuses("invoice.title", "required");
    form.invoice_title = "";
    form.organisation = application_empty.organisation;
    rules.form.organisation = PLATFORM_OPTIONAL;
    assert_int_equal(outcome(), OK);
    assert_string_equal(form.invoice_title, "示例（深圳）有限公司");
}

static void checks_what_the_invoice_says(void **state)
{
    (void)state;
    form.invoice_kind = "paper";
    refuses("invoice.kind", "not_offered");
    form.invoice_title = "某";
    refuses("invoice.title", "length");
    form.invoice_tax_id = "9144030071526726XH";
    refuses("invoice.tax_id", "check_digit");
    form.invoice_tax_id = "44030071526726X";
    warns("invoice.tax_id", "differs_from_organisation");
    form.organisation.id_type = "organisation_code";
    form.organisation.id_number = "71526726X";
    form.invoice_tax_id = "440300715267269";
    takes(); /* all digits: an old ID, it may be */
    form.organisation.id_type = "organisation_code";
    form.organisation.id_number = "71526726X";
    form.invoice_tax_id = "44030071526725X";
    warns("invoice.tax_id", "check_digit");
    form.invoice_tax_id = "91440300708461136T";
    warns("invoice.tax_id", "differs_from_organisation");
}

static void no_invoice_needs_no_words(void **state)
{
    (void)state;
    form.invoice_kind = "none";
    form.invoice_tax_id = form.invoice_title = "";
    takes();
    form.invoice_kind = "none";
    form.invoice_title = "";
    refuses("invoice.tax_id", "not_allowed");
    form.invoice_kind = "none";
    form.invoice_tax_id = "";
    refuses("invoice.title", "not_allowed");
    form.invoice_kind = form.invoice_tax_id = form.invoice_title = "";
    takes();
    form.invoice_kind = "paper_fixed";
    form.invoice_tax_id = form.invoice_title = "";
    takes();
}

static void warns_of_mobiles_that_the_telecom_check_refuses(void **state)
{
    (void)state;
    form.agent.mobile = "17000138000";
    warns("agent.mobile", "virtual_operator");
    form.agent.mobile = "17000138000";
    rules.identity_steps_count = 0;
    takes();
}

static void gives_all_warnings_at_once(void **state)
{
    (void)state;
    rules.form.organisation_as_certificate = false;
    rules.account_verification = ACCOUNT_NEVER;
    basis.subject = "serialNumber=91440300708461136T";
    form.agent.mobile = "17000138000";
    form.organisation.name = form.basic_account.name = "别的公司";
    form.basic_account.bank_code = "302100011001";
    form.invoice_tax_id = "44030071526725X";
    assert_int_equal(outcome(), OK);
    assert_int_equal(warnings.count, 7);
    for (size_t i = 0; i < warnings.count; i++)
        assert_ptr_equal(application_warning_find(warnings.items[i]->field, warnings.items[i]->code),
                         warnings.items[i]);
}

static void the_table_names_every_field_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        assert_ptr_equal(application_field_find(field->name), field);
        assert_true(field->label_zh[0] != '\0' && field->label_en[0] != '\0');
        assert_non_null(form_kind_word(field->kind));
        assert_true(field->kind == FORM_TERM || field->length_max > 0);
    }
    assert_null(application_field_find("agent.age"));
    assert_false(application_field_find("term_months")->correctable);
    assert_true(application_field_find("basic_account.number")->correctable);
}

static void masks_personal_data_only(void **state)
{
    (void)state;
    static const struct {
        const char *field, *value, *shown;
    } cases[] = {
        {"organisation.name", "示例有限公司", "示例有限公司"},
        {"organisation.id_number", "9144030071526726XG", "9144030071526726XG"},
        {"organisation.address", "佛山市南海区桂城街道1号", "佛山市南海区***"},
        {"legal_person.name", "胡法人", "胡**"},
        {"legal_person.id_number", "440106198501010023", "440***********0023"},
        {"legal_person.mobile", "13700137000", "137****7000"},
        {"basic_account.number", "7443900182600096874", "****6874"},
        {"basic_account.number", "1234", "****"},
        {"basic_account.bank_code", "302100011000", "302100011000"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_string_equal(application_field_shown(application_field_find(cases[i].field), arena, cases[i].value),
                            cases[i].shown);
}

static void what_is_sealed_reads_back(void **state)
{
    (void)state;
    struct application back;
    size_t size;
    const char *text = json_finish(application_personal(&form), arena, &size);
    assert_int_equal(application_personal_read(text, size, arena, &back), OK);
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (field->kind != FORM_TERM && !application_field_in(field, "invoice"))
            assert_string_equal(application_field_value(field, &back), application_field_value(field, &form));
    }
}

static void what_was_sealed_before_reads_as_well(void **state)
{
    (void)state;
    static const char old[] = "{\"agent\":{\"id_type\":\"passport\",\"id_number\":\"E1\",\"name\":\"胡\",\"mobile\":"
                              "\"1\",\"email\":\"e\",\"address\":\"\"},\"recipient\":{\"id_type\":\"\",\"id_number\":"
                              "\"\",\"name\":\"收\",\"mobile\":\"2\",\"email\":\"\",\"address\":\"地\"}}";
    struct application back = {.term_months = 9};
    assert_int_equal(application_personal_read(old, sizeof(old) - 1, arena, &back), OK);
    assert_string_equal(back.agent.id_number, "E1");
    assert_string_equal(back.recipient.address, "地");
    assert_string_equal(back.organisation.name, "");
    static const char *const broken[] = {"", "[]", "{}", "{\"agent\":{}}", "{\"agent\":1}"};
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++)
        assert_int_equal(application_personal_read(broken[i], strlen(broken[i]), arena, &back), ERR_SEAL_BROKEN);
    assert_string_equal(back.agent.id_number, "E1"); /* untouched on failure */
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_the_whole_form),
        TEST(refuses_blocks_that_are_asked_for_and_missing),
        TEST(refuses_blocks_that_nobody_asked_for),
        TEST(takes_or_leaves_what_is_optional),
        TEST(refuses_each_field_that_is_missing),
        TEST(asks_for_the_agents_address_of_expired_certificates),
        TEST(checks_the_organisations_number_by_its_kind),
        TEST(holds_the_organisation_against_the_certificate),
        TEST(checks_the_legal_person_as_a_person),
        TEST(checks_the_account_without_luhn),
        TEST(a_bank_codes_check_digit_is_a_warning_only),
        TEST(the_account_is_the_organisations_where_it_is_verified),
        TEST(an_electronic_invoice_is_made_out_to_the_organisation),
        TEST(checks_what_the_invoice_says),
        TEST(no_invoice_needs_no_words),
        TEST(warns_of_mobiles_that_the_telecom_check_refuses),
        TEST(gives_all_warnings_at_once),
        TEST(the_table_names_every_field_once),
        TEST(masks_personal_data_only),
        TEST(what_is_sealed_reads_back),
        TEST(what_was_sealed_before_reads_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
