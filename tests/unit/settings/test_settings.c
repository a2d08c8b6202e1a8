/* SPDX-License-Identifier: Apache-2.0 */
#include "base/settings.h"
#include "unit/settings/written_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static const char least[] = "web: { public_url: 'https://renew.example.com' }\n"
                            "database: { web: a, jobs: b, issuer: c }\n"
                            "issuer: { pin_file: pin, certificate: ca.pem }\n"
                            "trust: { certificates: /etc/ca.pem }\n"
                            "keys: { access_file: access, seal_file: seal, audit_file: audit }\n";

static struct settings settings;

static enum err load(const char *text)
{
    return settings_load(arena, written(text), report, NULL, &settings);
}

/* least with the first `from` replaced by `to`. */
static const char *changed(const char *from, const char *to)
{
    const char *found = strstr(least, from);
    assert_non_null(found);
    return arena_format(arena, "%.*s%s%s", (int)(found - least), least, to, found + strlen(from));
}

static void refused(const char *text, const char *expected)
{
    settings.web_port = 4711;
    assert_int_equal(load(text), ERR_SETTINGS_INVALID);
    assert_string_equal(faults, expected);
    assert_int_equal(settings.web_port, 4711);
}

static void has_a_default_for_all_that_is_not_required(void **state)
{
    (void)state;
    if (load(least) != OK)
        fail_msg("%s", faults);
    assert_string_equal(settings.log_level, "info");
    assert_string_equal(settings.web_public_url, "https://renew.example.com");
    assert_string_equal(settings.web_address, "127.0.0.1");
    assert_string_equal(settings.web_tls_key, "");
    assert_string_equal(settings.database_web, "a");
    assert_string_equal(settings.database_admin, "");
#define REQUIRED ""
#define TEXT(section, key, standard, what)                                                                             \
    assert_non_null(settings.section##_##key);                                                                         \
    if (strlen(standard) > 0)                                                                                          \
        assert_string_equal(settings.section##_##key, standard);
#define NUMBER(section, key, standard, min, max, unit, what)                                                           \
    assert_int_equal(settings.section##_##key, standard);                                                              \
    assert_in_range(settings.section##_##key, min, max);
#include "base/settings.def"
#undef TEXT
#undef NUMBER
#undef REQUIRED
}

static void takes_what_the_file_says(void **state)
{
    (void)state;
    assert_int_equal(load(changed("web: { ", "log: { level: warn }\nweb: { port: 0, processes: 64, ")), OK);
    assert_string_equal(settings.log_level, "warn");
    assert_int_equal(settings.web_port, 0);
    assert_int_equal(settings.web_processes, 64);
    assert_int_equal(settings.web_admin_port, 8081);
}

static void names_every_required_setting_that_is_missing(void **state)
{
    (void)state;
    refused("log: { level: info }\n", "a.yaml:1: web.public_url: is missing; it is required\n"
                                      "a.yaml:1: database.web: is missing; it is required\n"
                                      "a.yaml:1: database.jobs: is missing; it is required\n"
                                      "a.yaml:1: database.issuer: is missing; it is required\n"
                                      "a.yaml:1: issuer.pin_file: is missing; it is required\n"
                                      "a.yaml:1: issuer.certificate: is missing; it is required\n"
                                      "a.yaml:1: trust.certificates: is missing; it is required\n"
                                      "a.yaml:1: keys.access_file: is missing; it is required\n"
                                      "a.yaml:1: keys.seal_file: is missing; it is required\n"
                                      "a.yaml:1: keys.audit_file: is missing; it is required\n");
}

static void refuses_each_number_just_outside_its_range(void **state)
{
    (void)state;
#define TEXT(section, key, standard, what)
#define NUMBER(section, key, standard, min, max, unit, what)                                                           \
    for (int64_t value = (int64_t)(min)-1; value <= (int64_t)(max) + 1; value += (int64_t)(max) - (min) + 2) {         \
        char text[2000], expected[200];                                                                                \
        snprintf(text, sizeof(text), "%s: { %s: %lld }\n", #section, #key, (long long)value);                          \
        snprintf(expected, sizeof(expected),                                                                           \
                 "a.yaml:1: %s.%s: %lld is not allowed; a whole number from %lld to %lld\n", #section, #key,           \
                 (long long)value, (long long)(min), (long long)(max));                                                \
        assert_int_equal(load(text), ERR_SETTINGS_INVALID);                                                            \
        assert_fault(expected);                                                                                        \
    }
#include "base/settings.def"
#undef TEXT
#undef NUMBER
}

static void refuses_public_urls_that_no_subscriber_could_use(void **state)
{
    (void)state;
    static const char *const bad[] = {"renew.example.com",       "https://",    "https://renew.example.com/",
                                      "ftp://renew.example.com", "https://a b", "https://a?b=c",
                                      "https://user@a"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        assert_int_equal(load(changed("https://renew.example.com", bad[i])), ERR_SETTINGS_INVALID);
        assert_fault("a.yaml:1: web.public_url: ");
        assert_fault("is not allowed; https://host or https://host/path, without a trailing slash");
    }
    assert_int_equal(load(changed("https://renew.example.com", "http://127.0.0.1:8080/renew")), OK);
}

static void wants_what_belongs_together(void **state)
{
    (void)state;
    refused(changed("web: { ", "web: { tls_key: k, "),
            "a.yaml:1: web.tls_certificate: is empty; it is needed when web.tls_key is set\n");
    refused(changed("web: {", "alipay: { app_id: '2021' }\nweb: {"),
            "a.yaml:1: alipay.seller_id: is empty; it is needed when alipay.app_id is set\n"
            "a.yaml:1: alipay.private_key_file: is empty; it is needed when alipay.app_id is set\n"
            "a.yaml:1: alipay.public_key_file: is empty; it is needed when alipay.app_id is set\n");
    refused(changed("web: {", "unionpay: { merchant_id: '777290058110097', root_file: r.pem }\nweb: {"),
            "a.yaml:1: unionpay.pfx_file: is empty; it is needed when unionpay.merchant_id is set\n"
            "a.yaml:1: unionpay.password_file: is empty; it is needed when unionpay.merchant_id is set\n"
            "a.yaml:1: unionpay.middle_file: is empty; it is needed when unionpay.merchant_id is set\n");
    refused(changed("web: {", "web: { port: 9000, admin_port: 9000,"),
            "a.yaml:1: web.admin_port: is web.port as well; another port, since /metrics must never be public\n");
    refused(changed("web: {", "web: { port: 9000, staff_port: 9000,"),
            "a.yaml:1: web.staff_port: is web.port as well; another port, since staff have an origin of their own\n");
    refused(changed("web: {", "web: { admin_port: 9000, processes: 3, staff_port: 9002,"),
            "a.yaml:1: web.staff_port: is an administration port; those are 9000 to 9002\n");
    assert_int_equal(load(changed("web: {", "web: { admin_port: 9000, processes: 3, staff_port: 9003,")), OK);
    refused(changed("web: {", "web: { staff_url: 'https://renew.example.com',"),
            "a.yaml:1: web.staff_url: is web.public_url as well; another origin\n");
    refused(changed("web: {", "web: { staff_tls_certificate: c,"),
            "a.yaml:1: web.staff_tls_key: is empty; it is needed when web.staff_tls_certificate is set\n");
    refused(changed("web: {", "web: { staff_client_ca: c,"),
            "a.yaml:1: web.staff_client_crl: is empty; it is needed when web.staff_client_ca is set\n"
            "a.yaml:1: web.staff_tls_certificate: is empty; it is needed when web.staff_client_ca is set\n");
}

static void never_repeats_a_connection_string(void **state)
{
    (void)state;
    assert_int_equal(load(changed("web: a,", "web: \"password=secret\\n\",")), ERR_SETTINGS_INVALID);
    assert_null(strstr(faults, "secret"));
    assert_int_equal(load(changed("web: a,", "web: [password=secret],")), ERR_SETTINGS_INVALID);
    assert_null(strstr(faults, "secret"));
}

static void makes_paths_relative_to_the_file(void **state)
{
    (void)state;
    assert_int_equal(load(least), OK);
    assert_int_equal(settings.folder[0], '/');
    const char *path = settings_path(arena, &settings, settings.issuer_pin_file);
    assert_string_equal(path, arena_format(arena, "%s/pin", settings.folder));
    assert_string_equal(settings_path(arena, &settings, settings.trust_certificates), "/etc/ca.pem");
}

static void finds_the_folder_also_of_a_relative_path(void **state)
{
    (void)state;
    assert_int_equal(load(least), OK);
    char *folder = arena_text(arena, settings.folder);
    char before[4096];
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(folder), 0);
    enum err err = settings_load(arena, "a.yaml", report, NULL, &settings);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(err, OK);
    assert_string_equal(settings.folder, folder);
}

/* The reference that comes with the project must be complete and must show the defaults as they are. */
static void the_reference_file_shows_every_setting(void **state)
{
    (void)state;
    written("");
    const char *source = getenv("XUQI_SOURCE");
    assert_non_null(source);
    char *path = arena_format(arena, "%s/config/xuqid.yaml", source);
    if (settings_load(arena, path, report, NULL, &settings) != OK)
        fail_msg("%s", faults);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = arena_alloc(arena, 65536);
    assert_in_range(fread(text, 1, 65535, file), 1000, 65534);
    fclose(file);
#define REQUIRED NULL
#define TEXT(section, key, standard, what)                                                                             \
    const char *text_##section##_##key = standard;                                                                     \
    if (strstr(text, text_##section##_##key == NULL                                                                    \
                         ? "\n  " #key ": "                                                                            \
                         : arena_format(arena, "\n  # " #key ": %s",                                                   \
                                        *text_##section##_##key == '\0' ? "\"\"" : text_##section##_##key)) == NULL)   \
        fail_msg("config/xuqid.yaml does not show %s.%s", #section, #key);
#define NUMBER(section, key, standard, min, max, unit, what)                                                           \
    if (strstr(text, "\n  # " #key ": " #standard) == NULL)                                                            \
        fail_msg("config/xuqid.yaml does not show %s.%s", #section, #key);
#include "base/settings.def"
#undef TEXT
#undef NUMBER
#undef REQUIRED
}

static void a_reload_takes_the_keys_of_a_newer_file_and_names_what_else_changed(void **state)
{
    (void)state;
    assert_int_equal(load(changed("trust:", "alipay: { public_key_file: a }\ntrust:")), OK);
    struct settings now = settings, both;
    const char *other = "x";
    assert_int_equal(load(changed("trust:", "alipay: { public_key_file: a b }\ntrust:")), OK);
    settings_with_keys(&now, &settings, arena, &both, &other);
    assert_string_equal(both.alipay_public_key_file, "a b");
    assert_null(other);
    assert_int_equal(load(changed("trust:", "alipay: { public_key_file: c, timeout_minutes: 7 }\ntrust:")), OK);
    settings_with_keys(&now, &settings, arena, &both, &other);
    assert_string_equal(both.alipay_public_key_file, "c");
    assert_int_equal(both.alipay_timeout_minutes, now.alipay_timeout_minutes);
    assert_string_equal(other, "alipay.timeout_minutes");
}

static void names_the_addresses_of_outside_services_and_not_our_own(void **state)
{
    (void)state;
    const char *addresses[32];
    assert_int_equal(load(changed("trust:", "wechat: { api_url: 'https://wechat.example.com' }\ntrust:")), OK);
    size_t count = settings_addresses(&settings, addresses, 32);
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        assert_string_not_equal(addresses[i], "https://renew.example.com");
        found = found || strcmp(addresses[i], "https://wechat.example.com") == 0;
    }
    assert_true(found && count >= 5);
    assert_int_equal(settings_addresses(&settings, addresses, 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(has_a_default_for_all_that_is_not_required),
        TEST(takes_what_the_file_says),
        TEST(names_every_required_setting_that_is_missing),
        TEST(refuses_each_number_just_outside_its_range),
        TEST(refuses_public_urls_that_no_subscriber_could_use),
        TEST(wants_what_belongs_together),
        TEST(a_reload_takes_the_keys_of_a_newer_file_and_names_what_else_changed),
        TEST(names_the_addresses_of_outside_services_and_not_our_own),
        TEST(never_repeats_a_connection_string),
        TEST(makes_paths_relative_to_the_file),
        TEST(finds_the_folder_also_of_a_relative_path),
        TEST(the_reference_file_shows_every_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
