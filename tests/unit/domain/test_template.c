/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "domain/template.h"
#include "unit/domain/config_folder.h"
#include "unit/domain/unit.h"

static struct arena *loaded_in;
static struct templates *templates;

static enum err load(void)
{
    config_faults[0] = '\0';
    arena_free(loaded_in);
    loaded_in = arena_new();
    return templates_load(loaded_in, &config_settings, config_report, NULL, &templates);
}

static int close_all(void **state)
{
    arena_free(loaded_in);
    loaded_in = NULL;
    return config_close(state);
}

static const struct template_values long_values = {
    .organisation = "深圳市非常非常长的名字的医疗器械进出口贸易有限责任公司南山分公司",
    .renewal_no = "012019022000004608",
    .amount = "12345.00",
    .not_after = "2029-10-21 14:45:04",
    .reason = "营业执照扫描件模糊不清，无法辨认统一社会信用代码，且申请表没有加盖公章，请重新提交",
    .hotline = "400-830-1330",
};

static void every_sms_fits_one_message_whatever_is_filled_in(void **state)
{
    (void)state;
    if (load() != OK)
        fail_msg("%s", config_faults);
    for (size_t i = 0; template_events[i] != NULL; i++) {
        const struct template *template = template_find(templates, template_events[i]);
        assert_non_null(template);
        const char *sms = template_fill(arena, template->sms, &long_values, true);
        assert_true(utf8_valid(sms, strlen(sms)));
        assert_in_range(utf8_length(sms), 10, 70);
        assert_null(strpbrk(sms, "{}"));
    }
    assert_null(template_find(templates, "nothing"));
}

static void fills_mails_without_cutting(void **state)
{
    (void)state;
    assert_int_equal(load(), OK);
    const struct template *template = template_find(templates, "rejected");
    const char *body = template_fill(arena, template->body, &long_values, false);
    assert_non_null(strstr(body, long_values.organisation));
    assert_non_null(strstr(body, long_values.reason));
    assert_null(strpbrk(body, "{}"));
}

static void no_value_adds_lines_or_placeholders(void **state)
{
    (void)state;
    const struct template_values hostile = {
        .organisation = "a\r\nBcc: x@y.cn", .reason = "{amount}{reason}", .amount = "9"};
    assert_string_equal(template_fill(arena, "{organisation}", &hostile, false), "a  Bcc: x@y.cn");
    assert_string_equal(template_fill(arena, "{reason}!", &hostile, false), "{amount}{reason}!");
    assert_string_equal(template_fill(arena, "[{hotline}]", &hostile, false), "[]");
    assert_string_equal(template_fill(arena, "{unknown} { } {amount", &hostile, false), "{unknown} { } {amount");
}

static void cuts_only_between_characters(void **state)
{
    (void)state;
    const char *sms = template_fill(arena, "{organisation}", &long_values, true);
    assert_int_equal(utf8_length(sms), 16);
    assert_true(utf8_valid(sms, strlen(sms)));
}

static void refused(const char *from, const char *to, const char *expected)
{
    config_spoil("templates/paid.yaml", from, to);
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    if (strstr(config_faults, expected) == NULL)
        fail_msg("expected \"%s\" in: %s", expected, config_faults);
}

static void refuses_placeholders_it_does_not_know(void **state)
{
    (void)state;
    refused("{amount}", "{amuont}", "sms: ");
    refused("{organisation}", "{password}", "mail.body: ");
}

static void refuses_an_sms_that_needs_two_messages(void **state)
{
    (void)state;
    refused("正在审核", "正在审核，我们将尽快完成，请您耐心等待并随时留意短信、邮件和客户端的提示",
            "is longer than 70 characters");
}

static void needs_a_file_for_every_event(void **state)
{
    (void)state;
    config_remove("templates/issued.yaml");
    assert_int_equal(load(), ERR_SETTINGS_INVALID);
    assert_non_null(strstr(config_faults, "there is no issued.yaml"));
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, config_open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_sms_fits_one_message_whatever_is_filled_in),
        TEST(fills_mails_without_cutting),
        TEST(no_value_adds_lines_or_placeholders),
        TEST(cuts_only_between_characters),
        TEST(refuses_placeholders_it_does_not_know),
        TEST(refuses_an_sms_that_needs_two_messages),
        TEST(needs_a_file_for_every_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
