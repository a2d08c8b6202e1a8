/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/text.h"
#include "pki/expiry.h"
#include "unit/pki/workshop.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char leaf[] = "basicConstraints=critical,CA:FALSE\n";

static int make_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    make_certificate("long", "long", "/C=CN/O=长/CN=long", leaf, "-days 365");
    make_certificate("soon", "soon", "/C=CN/O=短/CN=soon", leaf, "-days 12");
    make_certificate("over", "over", "/C=CN/O=过期/CN=over", leaf, "-days 365");
    make_expired("over", "over");
    run("cat long.pem soon.pem over.pem > all.pem; openssl pkey -in long.key -pubout -out key.pem; : > empty.pem");
    return 0;
}

static struct expiries gathered(const char *file)
{
    struct expiries list = {.arena = workshop_arena};
    expiries_add_file(&list, "some.setting", file);
    return list;
}

static void finds_every_certificate_of_a_file_with_its_end(void **state)
{
    (void)state;
    struct expiries list = gathered("all.pem");
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[1].subject, "CN=soon,O=短,C=CN");
    assert_string_equal(list.items[1].setting, "some.setting");
    int64_t days = expiry_days_left(&list.items[1], clock_now_us());
    assert_in_range(days, 11, 12);
    assert_true(expiry_days_left(&list.items[2], clock_now_us()) < 0);
}

static void a_key_an_empty_file_and_no_file_have_no_end(void **state)
{
    (void)state;
    assert_int_equal(gathered("key.pem").count, 0);
    assert_int_equal(gathered("empty.pem").count, 0);
    assert_int_equal(gathered("nowhere.pem").count, 0);
}

static void counts_full_days_and_goes_below_nought_at_the_end(void **state)
{
    (void)state;
    const struct expiry expiry = {.not_after_us = 100 * CLOCK_DAY_US};
    assert_int_equal(expiry_days_left(&expiry, 70 * CLOCK_DAY_US), 30);
    assert_int_equal(expiry_days_left(&expiry, 70 * CLOCK_DAY_US + 1), 29);
    assert_int_equal(expiry_days_left(&expiry, 100 * CLOCK_DAY_US), 0);
    assert_int_equal(expiry_days_left(&expiry, 100 * CLOCK_DAY_US + 1), -1);
    assert_int_equal(expiry_days_left(&expiry, 102 * CLOCK_DAY_US), -2);
}

/* What the log says of the list. */
static char *said(const struct expiries *list, int64_t warn_days, int64_t now_us, size_t expected)
{
    enum { SIZE = 4096 };
    char *text = arena_alloc(workshop_arena, SIZE);
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    size_t count = expiries_log(list, warn_days, now_us);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    text[fread(text, 1, SIZE - 1, file)] = '\0';
    fclose(file);
    assert_int_equal(count, expected);
    return text;
}

static void warns_of_what_ends_within_the_days_and_errs_at_what_has_ended(void **state)
{
    (void)state;
    struct expiries list = gathered("all.pem");
    const char *text = said(&list, 30, clock_now_us(), 2);
    assert_non_null(strstr(text, "warn "));
    assert_non_null(strstr(text, "some.setting: the certificate of CN=soon,O=短,C=CN ends in 1"));
    assert_non_null(strstr(text, "file=all.pem"));
    assert_non_null(strstr(text, "error"));
    assert_non_null(strstr(text, "the certificate of CN=over has ended at "));
    assert_non_null(strstr(text, "reload"));
    assert_null(strstr(text, "CN=long"));
    assert_null(strstr(said(&list, 5, clock_now_us(), 1), "CN=soon"));
}

static void says_nothing_a_moment_too_early(void **state)
{
    (void)state;
    struct expiries list = {.arena = workshop_arena};
    expiries_add(&list, "a", "b", "c", 100 * CLOCK_DAY_US);
    assert_string_equal(said(&list, 30, 70 * CLOCK_DAY_US - 1, 0), "");
    assert_non_null(strstr(said(&list, 30, 70 * CLOCK_DAY_US, 1), "30 days"));
}

static void holds_as_many_as_there_are(void **state)
{
    (void)state;
    struct expiries list = {.arena = workshop_arena};
    for (int64_t i = 0; i < 1000; i++)
        expiries_add(&list, "a", "b", "c", i);
    for (int64_t i = 0; i < 1000; i++)
        assert_int_equal(list.items[i].not_after_us, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_certificate_of_a_file_with_its_end),
        cmocka_unit_test(a_key_an_empty_file_and_no_file_have_no_end),
        cmocka_unit_test(counts_full_days_and_goes_below_nought_at_the_end),
        cmocka_unit_test(warns_of_what_ends_within_the_days_and_errs_at_what_has_ended),
        cmocka_unit_test(says_nothing_a_moment_too_early),
        cmocka_unit_test(holds_as_many_as_there_are),
    };
    return cmocka_run_group_tests(tests, make_all, workshop_close);
}
