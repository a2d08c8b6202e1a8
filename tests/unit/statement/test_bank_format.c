/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/statement/reading.h"

#include "base/compiler.h"
#include "base/settings.h"

#include <stdlib.h>
#include <sys/stat.h>

static char folder[] = "/tmp/xuqi-test-banks-XXXXXX";

static void count(void *context, const char *message)
{
    (void)message;
    ++*(size_t *)context;
}

static size_t faults_of(struct arena *arena, const char *text)
{
    const char *path = arena_format(arena, "%s/one.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    struct settings settings = {.config_banks = folder};
    struct bank_formats formats;
    size_t faults = 0;
    bool good = bank_formats_load(arena, &settings, count, &faults, &formats) == OK;
    assert_true(good == (faults == 0));
    return faults;
}

static void takes_a_form_that_says_enough(void **state)
{
    assert_int_equal(
        faults_of(*state, "bank: 甲\nheadings: [日期]\ncolumns: {date: [日期], credit: [收], debit: [付]}\n"), 0);
    assert_int_equal(faults_of(*state, "bank: 甲\nheadings: [日期]\ncolumns: {date: [日期], amount: [额], direction: "
                                       "[向]}\nwords: {credit: [贷], debit: [借]}\n"),
                     0);
}

static void refuses_a_form_that_does_not(void **state)
{
    static const char *const bad[] = {
        "bank: 甲\nheadings: [日期]\ncolumns: {credit: [收], debit: [付]}\n",
        "bank: 甲\nheadings: [日期]\ncolumns: {date: [日期]}\n",
        "bank: 甲\nheadings: [日期]\ncolumns: {date: [日期], credit: [收], debit: [付], amount: [额], direction: "
        "[向]}\nwords: {credit: [贷], debit: [借]}\n",
        "bank: 甲\nheadings: [日期]\ncolumns: {date: [日期], amount: [额], direction: [向]}\n",
        "bank: 甲\ncolumns: {date: [日期], credit: [收], debit: [付]}\n",
        "bank: 甲\nheadings: [日期]\ncolumns: {date: [日期], credit: [收], debit: [付], colour: [红]}\n",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_true(faults_of(*state, bad[i]) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(takes_a_form_that_says_enough), UNIT(refuses_a_form_that_does_not)};
    if (mkdtemp(folder) == NULL)
        return 1;
    int failed = cmocka_run_group_tests_name("bank format", tests, NULL, NULL);
    char path[64];
    snprintf(path, sizeof(path), "%s/one.yaml", folder);
    unlink(path);
    rmdir(folder);
    return failed;
}
