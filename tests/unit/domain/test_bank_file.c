/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/bank_file.h"
#include "unit/domain/unit.h"

#include <iconv.h>
#include <stdio.h>

static char told[4096];

static void report(void *context, size_t line, const char *fault)
{
    (void)context;
    size_t size = strlen(told);
    if (fault != NULL && size < sizeof(told) - 200)
        snprintf(told + size, sizeof(told) - size, "%zu: %s\n", line, fault);
}

static struct bank_list list;

static enum err read_bytes(const void *data, size_t size)
{
    told[0] = '\0';
    list = (struct bank_list){0};
    return bank_file_read(arena, (struct bytes){data, size}, report, NULL, &list);
}

static enum err read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void refused(const char *text, const char *expected)
{
    assert_int_equal(read_text(text), ERR_FIELDS_INVALID);
    if (strstr(told, expected) == NULL)
        fail_msg("expected %s in %s", expected, told);
    assert_int_equal(list.count, 0); /* one bad row takes the others along */
}

static const char good[] = "联行号,行名,银行,省份,城市\n"
                           "102100099996,中国工商银行总行,中国工商银行,北京,北京\n"
                           "302581000021,中信银行（广州）花园支行,中信银行,广东,广州\n";

static void assert_good(void)
{
    assert_int_equal(list.count, 2);
    assert_string_equal(list.codes[0], "102100099996");
    assert_string_equal(list.names[1], "中信银行（广州）花园支行");
    assert_string_equal(list.searches[1], "中信银行(广州)花园支行");
    assert_string_equal(list.banks[1], "中信银行");
    assert_string_equal(list.provinces[1], "广东");
    assert_string_equal(list.cities[0], "北京");
}

static void reads_a_list_in_utf_8(void **state)
{
    (void)state;
    assert_int_equal(read_text(good), OK);
    assert_good();
    assert_int_equal(read_text(arena_format(arena, "\xef\xbb\xbf%s", good)), OK);
    assert_good();
}

static void reads_a_list_in_gb18030(void **state)
{
    (void)state;
    char encoded[1024], *to = encoded, *from = (char *)(uintptr_t)good;
    size_t room = sizeof(encoded), left = sizeof(good) - 1;
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    assert_int_equal(iconv(converter, &from, &left, &to, &room), 0);
    iconv_close(converter);
    assert_int_equal(read_bytes(encoded, (size_t)(to - encoded)), OK);
    assert_good();
    assert_int_equal(read_bytes("code,name\n\x81", 11), ERR_FIELDS_INVALID);
    assert_non_null(strstr(told, "GB18030"));
}

static void reads_columns_by_their_heading(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("# note\n# more\nphone,name,code\r\n95588,\"中国工商银行, \"\"总行\"\"\",102100099996\r\n\r\n"), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.names[0], "中国工商银行, \"总行\"");
    assert_string_equal(list.codes[0], "102100099996");
    assert_string_equal(list.banks[0], "");
    assert_string_equal(list.cities[0], "");
}

static void the_last_line_may_lack_its_end(void **state)
{
    (void)state;
    assert_int_equal(read_text("code,name\n102100099996,中国工商银行总行"), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(read_text("code,name\n102100099996,\"中国工商银行总行\""), OK);
    assert_int_equal(list.count, 1);
}

static void names_every_bad_line(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("code,name\n102100099996,中国工商银行总行\n1021,中国工商银行分行\n103100000026,农行\n104100000004\n"
                  "105100000017,\"中国建设银行\n301290000007,交通银行总行,x\n"),
        ERR_FIELDS_INVALID);
    static const char *const lines[] = {"3: 联行号", "4: 行名", "5: 列数", "6: 引号", "7: 列数"};
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        assert_non_null(strstr(told, lines[i]));
    assert_null(strstr(told, "2:"));
    assert_int_equal(list.count, 0);
}

static void refuses_what_is_no_list(void **state)
{
    (void)state;
    refused("", "表头");
    refused("\n", "表头");
    refused("code\n102100099996\n", "表头");
    refused("code,name,code\n", "表头");
    refused("code,name\n", "没有数据");
    refused("code,name\n10210009999X,中国工商银行总行\n", "2: 联行号");
    refused("code,name\n102100099996,中国工商银行总行\n102100099996,中国工商银行北京\n", "3: 联行号重复");
    refused("code,name\n102100099996,　　　　　　\n", "2: 行名");
    refused(arena_format(arena, "code,name,city\n102100099996,中国工商银行总行,%s\n",
                         "012345678901234567890123456789012345678901234567890123456789"),
            "2: 银行、省份");
    assert_int_equal(read_bytes("code,name\n102100099996,a\0bcdef\n", 31), ERR_FIELDS_INVALID);
}

static void a_wrong_check_digit_is_counted_and_taken(void **state)
{
    (void)state;
    assert_int_equal(read_text("code,name\n102100099997,中国工商银行总行\n103100000026,中国农业银行总行\n"), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.doubtful, 1);
}

static void survives_hostile_writing(void **state)
{
    (void)state;
    static const char *const hostile[] = {"\"",
                                          "\"\"\"",
                                          "code,name\n\"",
                                          "code,name\n\"\"\"\n",
                                          ",,,,\n,,,\n",
                                          "code,name\n,",
                                          "code,name\n\"a\"b,c\n",
                                          "#",
                                          "#\n#",
                                          "code,name\n\"\",\"\"\n"};
    for (size_t i = 0; i < ARRAY_SIZE(hostile); i++)
        assert_int_equal(read_text(hostile[i]), ERR_FIELDS_INVALID);
    char wide[3000] = "code,name";
    for (int i = 0; i < 1000; i++)
        strcat(wide, ",x");
    assert_int_equal(read_text(wide), ERR_FIELDS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_a_list_in_utf_8),
        TEST(reads_a_list_in_gb18030),
        TEST(reads_columns_by_their_heading),
        TEST(the_last_line_may_lack_its_end),
        TEST(names_every_bad_line),
        TEST(refuses_what_is_no_list),
        TEST(a_wrong_check_digit_is_counted_and_taken),
        TEST(survives_hostile_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
