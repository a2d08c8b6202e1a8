/* SPDX-License-Identifier: Apache-2.0 */
/* What was signed is kept, and found again after a restart. */
#include "base/text.h"
#include "issuer/witness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static char folder[] = "/tmp/xuqi-witness-XXXXXX";
static const char *path;

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    assert_non_null(mkdtemp(folder));
    path = arena_format(arena, "%s/witness.log", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(path);
    rmdir(folder);
    arena_free(arena);
    return 0;
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void add(int64_t size, const char *note)
{
    const struct checkpoint checkpoint = {.origin = "a/audit", .size = size};
    assert_int_equal(witness_add(path, &checkpoint, note), OK);
}

static const char *last(void)
{
    const char *note = NULL;
    assert_int_equal(witness_last(path, arena, &note), OK);
    return note;
}

static void has_nothing_before_the_first_checkpoint(void **state)
{
    (void)state;
    unlink(path);
    assert_string_equal(last(), "");
    write_text("");
    assert_string_equal(last(), "");
}

static void answers_the_last_one(void **state)
{
    (void)state;
    unlink(path);
    add(1, "one\n");
    assert_string_equal(last(), "one\n");
    add(2, "two\n\n— x y\n");
    assert_string_equal(last(), "two\n\n— x y\n");
}

static void is_only_added_to_and_for_us(void **state)
{
    (void)state;
    unlink(path);
    struct stat info;
    add(1, "one\n");
    assert_int_equal(stat(path, &info), 0);
    off_t before = info.st_size;
    assert_int_equal(info.st_mode & 07, 0);
    add(2, "two\n");
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size > before);
}

static void does_not_count_a_line_that_a_crash_cut_short(void **state)
{
    (void)state;
    unlink(path);
    add(1, "one\n");
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs("2026-11-21T12:00:00+08:00 2 AAAA bm90", file);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(last(), "one\n");
}

static void refuses_a_last_line_that_is_none_of_ours(void **state)
{
    (void)state;
    const char *note;
    write_text("2026-11-21T12:00:00+08:00 2 AAAA ???\n");
    assert_int_equal(witness_last(path, arena, &note), ERR_AUDIT_SIGNATURE);
    write_text("word\n");
    assert_int_equal(witness_last(path, arena, &note), ERR_AUDIT_SIGNATURE);
}

static void reads_the_end_of_a_long_file(void **state)
{
    (void)state;
    unlink(path);
    for (int i = 1; i <= 300; i++)
        add(i,
            arena_format(arena, "note %d of many, long enough that the file is longer than what is read of it\n", i));
    assert_string_equal(last(), "note 300 of many, long enough that the file is longer than what is read of it\n");
}

static void says_that_it_cannot_be_written(void **state)
{
    (void)state;
    const struct checkpoint checkpoint = {.origin = "a/audit", .size = 1};
    assert_int_equal(witness_add("/nowhere/witness.log", &checkpoint, "one\n"), ERR_SETTINGS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_nothing_before_the_first_checkpoint),
        cmocka_unit_test(answers_the_last_one),
        cmocka_unit_test(is_only_added_to_and_for_us),
        cmocka_unit_test(does_not_count_a_line_that_a_crash_cut_short),
        cmocka_unit_test(refuses_a_last_line_that_is_none_of_ours),
        cmocka_unit_test(reads_the_end_of_a_long_file),
        cmocka_unit_test(says_that_it_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
