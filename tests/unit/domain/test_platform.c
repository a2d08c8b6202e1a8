/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/payment_method.h"
#include "domain/platform.h"
#include "unit/domain/config_folder.h"
#include "unit/domain/unit.h"

static struct arena *loaded_in;
static struct platforms *platforms;

static enum err load(void)
{
    config_faults[0] = '\0';
    arena_free(loaded_in);
    loaded_in = arena_new();
    return platforms_load(loaded_in, &config_settings, config_digest, config_report, NULL, &platforms);
}

static int close_all(void **state)
{
    arena_free(loaded_in);
    loaded_in = NULL;
    return config_close(state);
}

static const struct platform *loaded(const char *id)
{
    if (load() != OK)
        fail_msg("%s", config_faults);
    const struct platform *platform = platform_find(platforms, id);
    assert_non_null(platform);
    return platform;
}

/* A fault of this file, naming key and words. */
static void refused(const char *file, const char *from, const char *to, const char *expected)
{
    config_spoil(file, from, to);
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    if (strstr(config_faults, expected) == NULL)
        fail_msg("expected \"%s\" in: %s", expected, config_faults);
    assert_non_null(strstr(config_faults, file));
}

static int64_t price(const struct platform *platform, int64_t months)
{
    const struct platform_term *term = platform_term(platform_fees_at(platform, at("2026-11-21 00:00:00")), months);
    assert_non_null(term);
    return term->total_fen;
}

static void loads_the_five_platforms_of_the_guides(void **state)
{
    (void)state;
    loaded("gpo");
    assert_int_equal(platforms_count(platforms), 5);
    static const char *const ids[] = {"gd-drug", "gpo", "pingan", "sz-consumables", "szca-bidding"};
    for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
        assert_string_equal(platform_at(platforms, i)->id, ids[i]);
    assert_null(platform_at(platforms, 5));
    assert_null(platform_find(platforms, "nowhere"));
    assert_null(platform_find(platforms, NULL));
}

static void knows_the_rules_of_sz_consumables(void **state)
{
    (void)state;
    const struct platform *platform = loaded("sz-consumables");
    assert_string_equal(platform->name_zh, "深圳市医用耗材阳光交易和监管平台");
    assert_string_equal(platform->contact.hotline, "020-89524338");
    assert_string_equal(platform->client.minimum_version, "4.2.0");
    assert_int_equal(platform->window.opens_days_before, 90);
    assert_true(platform->window.unexpired);
    assert_false(platform->window.expired);
    assert_int_equal(platform->proofs_count, 1);
    assert_int_equal(platform->proofs[0], PROOF_CURRENT_KEY);
    assert_int_equal(price(platform, 12), 20000);
    assert_int_equal(price(platform, 24), 40000);
    assert_int_equal(platform->tax_rate_permyriad, 600);
    assert_true(platform_takes(platform->payment_methods, platform->payment_methods_count, "alipay"));
    assert_true(platform_takes(platform->payment_methods, platform->payment_methods_count, "unionpay"));
    assert_false(platform_takes(platform->payment_methods, platform->payment_methods_count, "wechat"));
    assert_int_equal(platform->review, REVIEW_ONE);
    assert_int_equal(platform->account_verification, ACCOUNT_NEVER);
    assert_string_equal(platform->profile, "netca-organisation");
    assert_string_equal(platform->agreement.id, "netca-eca");
    assert_int_equal(strlen(platform->agreement.sha256), 64);
    assert_non_null(strstr(platform->agreement.text, "电子认证服务协议"));
    assert_int_equal(strlen(platform->version), 64);
    assert_true(platform->recipient_required);
    assert_string_equal(platform->courier, "");
}

static void knows_the_rules_of_gd_drug(void **state)
{
    (void)state;
    const struct platform *platform = loaded("gd-drug");
    assert_true(platform->window.expired);
    assert_int_equal(platform->window.closes_days_after, -1);
    assert_string_equal(platform->client.minimum_version, "");
    assert_string_equal(platform->client.minimum_version_expired, "4.7.6");
    assert_int_equal(price(platform, 24), 20000);
    assert_string_equal(platform->materials_expired[0], "application_form");
    assert_int_equal(platform->materials_count, 0);
    assert_string_equal(platform->bank_accounts[0].number, "7443900182600096874");
    assert_string_equal(platform->bank_accounts[0].bank, "中信银行广州花园支行");
    assert_string_equal(platform->invoice_kinds[0], "paper_fixed");
    assert_string_equal(platform->courier, "货到付款");
    assert_int_equal(platform->review_days, 3);
}

static const char *moment;
static bool invoices_then(const struct platform *platform)
{
    return strcmp(platform->invoice_moment, moment) == 0;
}

static void names_those_whose_invoices_are_made_at_a_moment(void **state)
{
    (void)state;
    size_t count, of_all = 0;
    loaded("gpo");
    static const char *const moments[] = {"after_payment", "on_approval", "after_install"};
    for (size_t i = 0; i < ARRAY_SIZE(moments); i++) {
        moment = moments[i];
        const char *const *ids = platforms_that(loaded_in, platforms, invoices_then, &count);
        for (size_t j = 0; j < count; j++)
            assert_string_equal(platform_find(platforms, ids[j])->invoice_moment, moments[i]);
        of_all += count;
    }
    assert_int_equal(of_all, platforms_count(platforms));
}

static void knows_the_rules_of_the_others(void **state)
{
    (void)state;
    const struct platform *gpo = loaded("gpo");
    assert_int_equal(price(gpo, 24), 50000);
    assert_int_equal(gpo->window.opens_days_before, 90);
    assert_string_equal(gpo->contact.hotline, "400-830-1330");
    assert_string_equal(gpo->invoice_moment, "on_approval");
    const struct platform *szca = platform_find(platforms, "szca-bidding");
    assert_false(szca->window.unexpired);
    assert_int_equal(szca->account_verification, ACCOUNT_WHEN_PAID_ONLINE);
    assert_string_equal(szca->account_confirmation, "code_entry");
    assert_int_equal(szca->identity_steps_count, 3);
    assert_int_equal(szca->open_per_organisation, 1);
    assert_int_equal(szca->proofs[1], PROOF_SMS_CODE);
    const struct platform *pingan = platform_find(platforms, "pingan");
    assert_string_equal(pingan->client.minimum_version, "4.6.6");
    assert_int_equal(pingan->proofs[1], PROOF_PORTAL_TOKEN);
}

static void refuses_a_platform_that_nobody_could_pay(void **state)
{
    (void)state;
    config_spoil("platforms/gpo.yaml", "payment_methods: [unionpay]", "payment_methods: [wechat]");
    loaded("gpo"); /* config/xuqid.yaml allows it */
    config_settings.config_unpayable = "refuse";
    config_settings.alipay_app_id = "2021000000000001";
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    assert_non_null(strstr(config_faults, "platforms/gpo.yaml:"));
    assert_non_null(strstr(config_faults, "payment_methods: none of these is set up here"));
    assert_null(strstr(config_faults, "sz-consumables"));
    config_settings.config_unpayable = "perhaps";
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    assert_non_null(strstr(config_faults, "config.unpayable: perhaps is not allowed; refuse or allow"));
}

static void knows_which_methods_are_set_up(void **state)
{
    (void)state;
    const struct platform *platform = loaded("szca-bidding");
    assert_false(platform_payable(&config_settings, platform));
    assert_string_equal(payment_methods_absent(loaded_in, &config_settings, platform), "wechat alipay");
    config_settings.alipay_app_id = "2021000000000001";
    assert_true(platform_payable(&config_settings, platform));
    assert_string_equal(payment_methods_absent(loaded_in, &config_settings, platform), "wechat");
    assert_false(payment_method_configured(&config_settings, "cash"));
}

static void knows_the_line_of_every_key_and_what_is_to_be_noted(void **state)
{
    (void)state;
    const struct platform *platform = loaded("szca-bidding");
    unsigned fees = platform_line(platform, "fees");
    assert_int_equal(platform_line(platform, "fees[1].effective_from"), fees + 1);
    assert_int_equal(platform_line(platform, "fees[1].note"), fees + 2);
    assert_non_null(strstr(platform->fees[0].note, "指引没有列出价格"));
    assert_string_equal(platform_find(platforms, "gpo")->fees[0].note, "");
}

static void chooses_the_fees_in_force_by_beijing_date(void **state)
{
    (void)state;
    config_spoil("platforms/gpo.yaml", "tax_rate_percent",
                 "  - effective_from: 2027-01-01\n    terms:\n      - months: 12\n        items:\n"
                 "          - { name: 证书服务费用, unit_price: 260.00, quantity: 1 }\ntax_rate_percent");
    const struct platform *platform = loaded("gpo");
    assert_null(platform_fees_at(platform, at("2016-12-31 23:59:59")));
    assert_string_equal(platform_fees_at(platform, at("2026-12-31 23:59:59"))->effective_from, "2017-01-01");
    const struct platform_fees *fees = platform_fees_at(platform, at("2027-01-01 00:00:00"));
    assert_int_equal(platform_term(fees, 12)->total_fen, 26000);
    assert_null(platform_term(fees, 24));
    assert_null(platform_term(NULL, 12));
}

static void sums_several_fee_items(void **state)
{
    (void)state;
    config_spoil("platforms/gpo.yaml", "          - { name: 证书服务费用, unit_price: 250.00, quantity: 2 }\n",
                 "          - { name: 证书服务费用, unit_price: 250.00, quantity: 2 }\n"
                 "          - { name: 介质费, unit_price: 0.50, quantity: 3 }\n");
    assert_int_equal(price(loaded("gpo"), 24), 50150);
}

static void takes_a_sixth_platform_as_a_sixth_file(void **state)
{
    (void)state;
    const struct platform *gpo = loaded("gpo");
    char *version = arena_text(arena, gpo->version);
    config_spoil("platforms/sixth.yaml", "", "");
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    config_remove("platforms/sixth.yaml");
    config_spoil("platforms/gpo.yaml", "全药网GPO平台：", "全药网：");
    assert_string_not_equal(loaded("gpo")->version, version); /* even a comment makes another version */
}

static void refuses_amounts_that_are_not(void **state)
{
    (void)state;
    refused("platforms/gpo.yaml", "250.00, quantity: 1", "250, quantity: 1",
            "fees[1].terms[1].items[1].unit_price: \"250\" is not an amount in yuan; like 200.00");
}

static void refuses_dates_that_are_not(void **state)
{
    (void)state;
    refused("platforms/gpo.yaml", "2017-01-01", "2017-02-30", "fees[1].effective_from: \"2017-02-30\" is not a date");
}

static void refuses_terms_given_twice(void **state)
{
    (void)state;
    refused("platforms/gpo.yaml", "months: 24", "months: 12", "fees[1].terms[2].months: 12 is there twice");
}

static void refuses_windows_that_never_open(void **state)
{
    (void)state;
    refused("platforms/gpo.yaml", "  unexpired: true", "  unexpired: false", "window.unexpired: takes no certificate");
    refused("platforms/gd-drug.yaml", "closes_days_after: -1", "closes_days_after: 0",
            "window.closes_days_after: 0 closes at expiry");
}

static void refuses_words_and_methods_it_does_not_know(void **state)
{
    (void)state;
    refused("platforms/gpo.yaml", "[unionpay]", "[paypal]",
            "payment_methods[1]: paypal is not allowed; one of: alipay, unionpay, unionpay_b2b, wechat, bank_transfer");
    refused("platforms/pingan.yaml", "[unionpay, alipay]", "[alipay, alipay]", "alipay is there twice");
    refused("platforms/szca-bidding.yaml", "when_paid_online", "sometimes", "account_verification.when: sometimes");
}

static void wants_proofs_that_go_together(void **state)
{
    (void)state;
    refused("platforms/gpo.yaml", "[current_key]", "[current_key, portal_token]", "portal: is missing");
    refused("platforms/pingan.yaml", "[current_key, portal_token]", "[current_key]", "portal: has no use");
    refused("platforms/pingan.yaml", "proofs: [current_key]", "proofs: [portal_account, portal_token]",
            "portal_token is a proof beside current_key only");
    refused("platforms/pingan.yaml", "  audience: xuqi", "  audience: \"\"", "portal.audience: ");
    refused("platforms/szca-bidding.yaml", "[portal_account, sms_code]", "[current_key, sms_code]",
            "proofs: needs either current_key, or portal_account or sms_code, and not both");
    refused("platforms/szca-bidding.yaml", "kind: one", "kind: automatic", "review.kind: automatic");
}

static void reads_how_cases_are_reviewed(void **state)
{
    (void)state;
    config_spoil("platforms/gd-drug.yaml", "  working_days: 3",
                 "  risk: two\n  risk_amount: \"5000.00\"\n  order: parallel\n  approval_days: 5\n  working_days: 3");
    const struct platform *platform = loaded("gd-drug");
    assert_int_equal(platform->review, REVIEW_ONE);
    assert_int_equal(platform->review_risk, REVIEW_TWO);
    assert_int_equal(platform->review_risk_fen, 500000);
    assert_int_equal(platform->review_order, REVIEW_PARALLEL);
    assert_int_equal(platform->review_approval_days, 5);
    assert_int_equal(platform->review_sample_percent, 0);
    platform = loaded("gpo");
    assert_int_equal(platform->review_risk, REVIEW_AUTOMATIC);
    assert_int_equal(platform->review_order, REVIEW_SEQUENTIAL);
    assert_int_equal(platform->review_risk_fen, 0);
}

static void refuses_a_review_that_never_happens(void **state)
{
    (void)state;
    static const char file[] = "platforms/gd-drug.yaml";
    refused(file, "  working_days: 3", "  risk: one\n  working_days: 3", "review.risk: asks for no more reviewers");
    refused(file, "  risk: one\n", "  risk_amount: \"1.00\"\n", "review.risk_amount: has no use");
    refused(file, "  risk_amount: \"1.00\"\n", "  order: parallel\n", "review.order: parallel has no use");
    refused(file, "  order: parallel\n", "  approval_days: 3\n", "review.approval_days: has no use");
    refused(file, "  approval_days: 3\n", "  sample_percent: 5\n", "review.sample_percent: has no use");
    refused(file, "  sample_percent: 5\n", "  sample_last: 50\n", "review.sample_last: has no use");
    refused(file, "  sample_last: 50\n", "  wrong_percent: 2\n", "review.wrong_percent: has no use");
    refused(file, "  wrong_percent: 2\n", "  risk: two\n  risk_amount: much\n", "review.risk_amount");
    refused(file, "  risk: two\n  risk_amount: much\n", "  sample: 5\n", "review.sample");
}

static void wants_an_account_for_bank_transfers(void **state)
{
    (void)state;
    refused("platforms/pingan.yaml", "[unionpay, alipay]", "[bank_transfer]", "bank_accounts: is missing");
}

static void refuses_an_agreement_that_is_not_there(void **state)
{
    (void)state;
    refused("platforms/pingan.yaml", "file: netca-eca.txt", "file: other.txt", "agreement.file: ");
}

static void refuses_an_agreement_outside_its_folder(void **state)
{
    (void)state;
    refused("platforms/pingan.yaml", "file: netca-eca.txt", "file: ../xuqid.yaml", "is not an identifier");
    refused("platforms/gpo.yaml", "file: netca-eca.txt", "file: /etc/passwd", "is not an identifier");
}

static void refuses_an_agreement_that_is_not_utf_8(void **state)
{
    (void)state;
    config_spoil("agreements/netca-eca.txt", "电子", "\xb5\xe7\xd7\xd3");
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    assert_non_null(strstr(config_faults, "not UTF-8"));
}

static void fills_company_platform_and_hotline_into_the_privacy_notice(void **state)
{
    (void)state;
    const struct platform *szca = loaded("szca-bidding"), *netca = platform_find(platforms, "gpo");
    assert_non_null(strstr(szca->privacy_notice.text, "深圳市电子商务安全证书管理有限公司"));
    assert_non_null(strstr(szca->privacy_notice.text, "400-112-3838"));
    assert_non_null(strstr(netca->sensitive_consent.text, "广东省电子商务认证有限公司"));
    assert_null(strchr(netca->sensitive_consent.text, '{'));
    assert_string_not_equal(szca->privacy_notice.sha256, netca->privacy_notice.sha256);
}

static void refuses_a_notice_with_an_unknown_placeholder(void **state)
{
    (void)state;
    refused("agreements/privacy-notice.txt", "{company}", "{firm}", "privacy_notice.file: ");
}

static void wants_a_consent_of_its_own(void **state)
{
    (void)state;
    refused("platforms/pingan.yaml", "sensitive_consent:", "sensitive_permission:", "sensitive_permission");
}

static void says_the_faults_of_all_files_in_one_run(void **state)
{
    (void)state;
    config_spoil("platforms/gpo.yaml", "profile:", "profil:");
    config_spoil("platforms/pingan.yaml", "unpaid_close_days: 30", "unpaid_close_days: 0");
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    assert_non_null(strstr(config_faults, "gpo.yaml:"));
    assert_non_null(strstr(config_faults, "profil: there is no such key; did you mean profile?"));
    assert_non_null(strstr(config_faults, "profile: is missing"));
    assert_non_null(strstr(config_faults, "unpaid_close_days: 0 is not allowed; a whole number from 1 to 365"));
}

static void refuses_file_names_that_are_no_identifiers(void **state)
{
    (void)state;
    config_spoil("platforms/Sixth Platform.yaml", "", "name: x\n");
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    assert_non_null(strstr(config_faults, "Sixth Platform.yaml is not an identifier"));
}

static void ignores_hidden_files_and_other_names(void **state)
{
    (void)state;
    config_spoil("platforms/.gpo.yaml.swp", "", "rubbish");
    config_spoil("platforms/.hidden.yaml", "", "rubbish");
    config_spoil("platforms/gpo.yaml~", "", "rubbish");
    assert_int_equal(load(), OK);
}

static void says_when_the_folder_is_not_there(void **state)
{
    (void)state;
    config_settings.config_platforms = "nowhere";
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    assert_non_null(strstr(config_faults, "nowhere: No such file or directory"));
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, config_open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loads_the_five_platforms_of_the_guides),
        TEST(knows_the_rules_of_sz_consumables),
        TEST(knows_the_rules_of_gd_drug),
        TEST(names_those_whose_invoices_are_made_at_a_moment),
        TEST(knows_the_rules_of_the_others),
        TEST(refuses_a_platform_that_nobody_could_pay),
        TEST(knows_which_methods_are_set_up),
        TEST(knows_the_line_of_every_key_and_what_is_to_be_noted),
        TEST(chooses_the_fees_in_force_by_beijing_date),
        TEST(sums_several_fee_items),
        TEST(takes_a_sixth_platform_as_a_sixth_file),
        TEST(refuses_amounts_that_are_not),
        TEST(refuses_dates_that_are_not),
        TEST(refuses_terms_given_twice),
        TEST(refuses_windows_that_never_open),
        TEST(refuses_words_and_methods_it_does_not_know),
        TEST(wants_proofs_that_go_together),
        TEST(reads_how_cases_are_reviewed),
        TEST(refuses_a_review_that_never_happens),
        TEST(wants_an_account_for_bank_transfers),
        TEST(refuses_an_agreement_that_is_not_there),
        TEST(refuses_an_agreement_outside_its_folder),
        TEST(refuses_an_agreement_that_is_not_utf_8),
        TEST(fills_company_platform_and_hotline_into_the_privacy_notice),
        TEST(refuses_a_notice_with_an_unknown_placeholder),
        TEST(wants_a_consent_of_its_own),
        TEST(says_the_faults_of_all_files_in_one_run),
        TEST(refuses_file_names_that_are_no_identifiers),
        TEST(ignores_hidden_files_and_other_names),
        TEST(says_when_the_folder_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
