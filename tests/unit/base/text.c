/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/text.h"

#include <stdlib.h>

#define ROUNDS 300

/* RFC 4648 section 10. */
static const struct {
    const char *plain, *base64, *base64url, *base32, *hex;
} vectors[] = {
    {"", "", "", "", ""},
    {"f", "Zg==", "Zg", "MY", "66"},
    {"fo", "Zm8=", "Zm8", "MZXQ", "666f"},
    {"foo", "Zm9v", "Zm9v", "MZXW6", "666f6f"},
    {"foob", "Zm9vYg==", "Zm9vYg", "MZXW6YQ", "666f6f62"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE", "MZXW6YTB", "666f6f6261"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy", "MZXW6YTBOI", "666f6f626172"},
};

static void encodes_the_vectors_of_rfc_4648(void **state)
{
    for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
        struct bytes plain = bytes_of_text(vectors[i].plain);
        assert_string_equal(base64_encode(*state, plain), vectors[i].base64);
        assert_string_equal(base64url_encode(*state, plain), vectors[i].base64url);
        assert_string_equal(base32_encode(*state, plain), vectors[i].base32);
        assert_string_equal(hex_encode(*state, plain), vectors[i].hex);
    }
}

static void decodes_the_vectors_of_rfc_4648(void **state)
{
    for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
        struct bytes plain = bytes_of_text(vectors[i].plain), decoded;
        assert_true(base64_decode(*state, vectors[i].base64, strlen(vectors[i].base64), &decoded));
        assert_true(bytes_equal(decoded, plain));
        assert_true(base64url_decode(*state, vectors[i].base64url, strlen(vectors[i].base64url), &decoded));
        assert_true(bytes_equal(decoded, plain));
        assert_true(hex_decode(*state, vectors[i].hex, &decoded));
        assert_true(bytes_equal(decoded, plain));
    }
}

static void every_length_comes_back(void **state)
{
    for (size_t size = 0; size < ROUNDS; size++) {
        uint8_t data[ROUNDS];
        random_bytes(data, size);
        struct bytes bytes = {data, size}, decoded;
        const char *text = base64_encode(*state, bytes);
        assert_true(base64_decode(*state, text, strlen(text), &decoded) && bytes_equal(decoded, bytes));
        text = base64url_encode(*state, bytes);
        assert_true(base64url_decode(*state, text, strlen(text), &decoded) && bytes_equal(decoded, bytes));
        assert_true(hex_decode(*state, hex_encode(*state, bytes), &decoded) && bytes_equal(decoded, bytes));
    }
}

static void the_two_base64_alphabets_differ(void **state)
{
    static const uint8_t data[] = {0xfb, 0xff, 0xfe};
    struct bytes decoded;
    assert_string_equal(base64_encode(*state, (struct bytes){data, 3}), "+//+");
    assert_string_equal(base64url_encode(*state, (struct bytes){data, 3}), "-__-");
    assert_false(base64_decode(*state, "-__-", 4, &decoded));
    assert_false(base64url_decode(*state, "+//+", 4, &decoded));
}

static void refuses_base64_that_is_not_canonical(void **state)
{
    static const char *const wrong[] = {"Zg",    "Zg=",   "Zg===", "Zh==",    "Zm9=",     "Zm8",
                                        "=",     "==",    "====",  "Z===",    "Zg==Zg==", "Zg==\n",
                                        "Zm 9v", " Zm9v", "Zm9v=", "Zm9\xff", "Zm9*",     "A"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct bytes untouched = {NULL, 4711};
        if (base64_decode(*state, wrong[i], strlen(wrong[i]), &untouched))
            fail_msg("took %s", wrong[i]);
        assert_int_equal(untouched.size, 4711);
    }
    struct bytes decoded;
    assert_false(base64_decode(*state, "Zm9\0", 4, &decoded));
    assert_false(base64url_decode(*state, "Zg==", 4, &decoded));
    assert_false(base64url_decode(*state, "Zh", 2, &decoded));
    assert_false(base64url_decode(*state, "A", 1, &decoded));
}

static void hex_takes_both_cases_and_nothing_else(void **state)
{
    struct bytes decoded;
    assert_true(hex_decode(*state, "aBCDef09", &decoded));
    assert_memory_equal(decoded.data, "\xab\xcd\xef\x09", 4);
    static const char *const wrong[] = {"a", "0x12", "gg", "1 ", "-1", "12 3", "１２"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_false(hex_decode(*state, wrong[i], &decoded));
}

static void takes_well_formed_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "续期"};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(utf8_valid(good[i], strlen(good[i])));
}

static void refuses_ill_formed_utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2\x41",
        "\xe0\x9f\xbf",
        "\xe0\x80\x80",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xe4\xb8",
        "\xe4\xb8\x41",
        "\xf0\x8f\xbf\xbf",
        "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xfe",
        "\xff",
        "a\xc3",
        "\xf0\x9f\x98",
    };
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_false(utf8_valid(wrong[i], strlen(wrong[i])));
    assert_false(utf8_valid("a\0b", 3));
}

static void length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_length(""), 0);
    assert_int_equal(utf8_length("a续😀"), 3);
}

static void a_text_is_cut_between_characters(void **state)
{
    (void)state;
    const char *text = "a续😀";
    const size_t heads[] = {0, 1, 4, 8, 8}, fits[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};
    for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
        assert_int_equal(utf8_head(text, i), heads[i]);
    for (size_t i = 0; i < ARRAY_SIZE(fits); i++)
        assert_int_equal(utf8_fit(text, i), fits[i]);
}

static void a_number_is_digits_alone(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", " 5", "+5", "-5", "5 ", "5x", "0x5", "1234567890123456789"};
    int64_t number = 7;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_false(text_number(wrong[i], &number));
    assert_int_equal(number, 7);
    assert_true(text_number("999999999999999999", &number));
    assert_int_equal(number, 999999999999999999);
}

static void bytes_are_equal_by_size_and_content(void **state)
{
    (void)state;
    const struct bytes a = bytes_of_text("secret"), b = bytes_of_text("secreT"), c = bytes_of_text("secre");
    bool (*const comparers[])(struct bytes, struct bytes) = {bytes_equal, bytes_equal_secret};
    for (size_t i = 0; i < ARRAY_SIZE(comparers); i++) {
        assert_true(comparers[i](a, a));
        assert_false(comparers[i](a, b));
        assert_false(comparers[i](a, c));
        assert_true(comparers[i]((struct bytes){0}, (struct bytes){0}));
        assert_false(comparers[i]((struct bytes){0}, a));
    }
}

static void random_numbers_differ(void **state)
{
    (void)state;
    uint8_t a[1000] = {0}, b[1000] = {0};
    random_bytes(a, sizeof(a));
    random_bytes(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    random_bytes(a, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(encodes_the_vectors_of_rfc_4648),
        UNIT(decodes_the_vectors_of_rfc_4648),
        UNIT(every_length_comes_back),
        UNIT(the_two_base64_alphabets_differ),
        UNIT(refuses_base64_that_is_not_canonical),
        UNIT(hex_takes_both_cases_and_nothing_else),
        UNIT(takes_well_formed_utf8),
        UNIT(refuses_ill_formed_utf8),
        UNIT(length_counts_code_points),
        UNIT(a_text_is_cut_between_characters),
        UNIT(a_number_is_digits_alone),
        UNIT(bytes_are_equal_by_size_and_content),
        UNIT(random_numbers_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
