/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/statement/reading.h"

#include "base/compiler.h"

#define HEAD  ":20:REF\n:25:BANK/" OURS "\n:28C:1/1\n:60F:C261119CNY100,00\n"
#define CLOSE ":62F:C261120CNY300,00\n-\n"
#define LINE  ":61:2611201120C200,00NTRFOWN1//BANK1\nmore\n:86:?20续期?21 0120?31 6222?32甲公司\n"

static void reads_lines_and_what_belongs_to_them(void **state)
{
    assert_string_equal(
        told_text(*state, HEAD LINE CLOSE),
        "5 20777:BANK1 20777 - 20000 -| 6222|甲公司||more续期 0120|BANK1|ordinary;= mt940 1 10000>30000 20777..20777");
    assert_string_equal(ended(*state, in_gb(*state, HEAD LINE CLOSE)), "= mt940 1 10000>30000 20777..20777");
    assert_string_equal(
        ended(*state, "{1:F01X}{2:I940X}{4:\n" HEAD LINE ":62F:C261120CNY300,\n:64:C261120CNY300,\n-}{5:{CHK:1}}\n"),
        "= mt940 1 10000>30000 20777..20777");
}

static void reads_marks_and_years(void **state)
{
    assert_string_equal(
        told_text(*state, ":20:R\n:25:" OURS "\n:28C:1\n:60F:C251231CNY0,\n:61:2601011231D5,NMSCNONREF\n:61:260102RC6,"
                          "FTRFX\n:61:260102RD1,5STRFX\n:62F:D260102CNY9,5\n"),
        "5 ~20453|-|-500|-| 20453 - -500 -|||||NONREF|ordinary;6 ~20455|-|-600|-| 20455 - -600 -|||||X|reversal;"
        "7 ~20455|-|150|-| 20455 - 150 -|||||X|reversal;= mt940 3 0>-950 20453..20455");
}

static void leads_on_from_page_to_page(void **state)
{
    const char *first = ":20:A\n:25:" OURS
                        "\n:28C:1/1\n:60F:C261120CNY0,\n:61:261120C1,NTRFX//1\n:62M:C261120CNY1,\n-\n";
    assert_string_equal(
        ended(*state, arena_format(*state,
                                   "%s:20:B\n:25:" OURS
                                   "\n:28C:1/2\n:60M:C261120CNY1,\n:61:261120C1,NTRFX//2\n:62F:C261120CNY2,\n",
                                   first)),
        "= mt940 2 0>200");
    assert_string_equal(
        ended(*state, arena_format(*state,
                                   "%s:20:B\n:25:" OURS
                                   "\n:28C:1/2\n:60M:C261120CNY2,\n:61:261120C1,NTRFX//2\n:62F:C261120CNY3,\n",
                                   first)),
        "! 13:balance");
}

static void refuses_broken_messages(void **state)
{
    static const struct {
        const char *text, *fault;
    } bad[] = {
        {":20:R\n:61:261120C1,NTRFX\n", "! 2:order"},
        {":20:R\n:25:" OURS "\n:60F:C261120CNY0,\n", "! 3:order"},
        {HEAD LINE, "! 7:balance_missing"},
        {HEAD LINE ":62F:C261120CNY300,01\n", "! 8:balance"},
        {":20:R\n:25:6222020000000009\n:28C:1\n", "! 2:account"},
        {"{1:F01X}{2:I940X}{4:\n" HEAD LINE CLOSE, "! 10:block"},
        {"{1:F01X{2:I940X}{4:\n" HEAD, "! 1:block"},
        {"{1:F01X}\n:20:R\n", "! 2:block"},
        {"{4:\n{4:\n", "! 2:block"},
        {"{4:\n:20:R\n-}x\n", "! 3:block"},
        {HEAD ":61:261131C1,NTRFX\n" CLOSE, "! 5:date"},
        {HEAD ":61:2611201320C1,NTRFX\n" CLOSE, "! 5:date"},
        {HEAD ":61:261120X1,NTRFX\n" CLOSE, "! 5:direction"},
        {HEAD ":61:261120C1.00NTRFX\n" CLOSE, "! 5:amount"},
        {HEAD ":61:261120C1,234NTRFX\n" CLOSE, "! 5:amount"},
        {HEAD ":61:261120C--5,NTRFX\n" CLOSE, "! 5:amount"},
        {HEAD ":61:261120C0,NTRFX\n" CLOSE, "! 5:amount_missing"},
        {HEAD ":61:261120C1,XTRFX\n" CLOSE, "! 5:type"},
        {HEAD ":61:261120C1,NT续REFERENCE\n" CLOSE, "! 5:type"},
        {HEAD ":61:261120C1,NTR\n" CLOSE, "! 5:type"},
        {HEAD ":61:261120C1,NTRF12345678901234567\n" CLOSE, "! 5:text_length"},
        {":20:R\n:25:" OURS "\n:28C:1\n:60F:C261120USD0,\n:62F:C261120USD0,\n", "! 4:currency"},
        {":20:R\nx\001\n", "! 2:control"},
        {HEAD CLOSE, "! 5:balance"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_string_equal(ended(*state, bad[i].text), bad[i].fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(reads_lines_and_what_belongs_to_them),
        UNIT(reads_marks_and_years),
        UNIT(leads_on_from_page_to_page),
        UNIT(refuses_broken_messages),
    };
    return cmocka_run_group_tests_name("MT940", tests, NULL, NULL);
}
