/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/gb18030.h"
#include "base/text.h"

static const struct {
    const char *text;
    const char *gb18030; /* hex */
} known[] = {
    {"", ""},
    {"abc", "616263"},
    {"中信银行", "d6d0d0c5d2f8d0d0"},
    {"（）", "a3a8a3a9"},
    {"€", "a2e3"},
    {"镕䶮", "e946fe9f"},
    {"😀", "9439fc36"},
};

static void decodes_what_banks_write(void **state)
{
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        struct bytes bytes;
        const char *text;
        assert_true(hex_decode(*state, known[i].gb18030, &bytes));
        assert_true(gb18030_decode(*state, bytes, &text));
        assert_string_equal(text, known[i].text);
    }
}

static void encodes_it_back(void **state)
{
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        struct bytes bytes;
        assert_true(gb18030_encode(*state, known[i].text, &bytes));
        assert_string_equal(hex_encode(*state, bytes), known[i].gb18030);
    }
}

static void refuses_what_is_not_gb18030(void **state)
{
    static const char *const wrong[] = {"ff", "80", "d6", "d6d0d0", "d620", "813081", "fe39fe39", "610062"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct bytes bytes;
        const char *text = "untouched";
        assert_true(hex_decode(*state, wrong[i], &bytes));
        assert_false(gb18030_decode(*state, bytes, &text));
        assert_string_equal(text, "untouched");
    }
}

static void gbk_refuses_what_it_cannot_hold(void **state)
{
    struct bytes bytes = {0};
    assert_true(gbk_encode(*state, "482915网证通认证", &bytes));
    assert_int_equal(bytes.size, 16);
    assert_false(gbk_encode(*state, "😀", &bytes));
    assert_int_equal(bytes.size, 16);
}

static void refuses_to_encode_what_is_not_utf8(void **state)
{
    struct bytes bytes = {0};
    assert_false(gb18030_encode(*state, "\xd6\xd0", &bytes));
    assert_false(gb18030_encode(*state, "\xed\xa0\x80", &bytes));
    assert_null(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(decodes_what_banks_write),           UNIT(encodes_it_back),
        UNIT(refuses_what_is_not_gb18030),        UNIT(gbk_refuses_what_it_cannot_hold),
        UNIT(refuses_to_encode_what_is_not_utf8),
    };
    return cmocka_run_group_tests_name("gb18030", tests, NULL, NULL);
}
