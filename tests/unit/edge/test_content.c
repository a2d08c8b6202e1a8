/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "edge/content.h"

#include <string.h>

#define LIMIT 20

struct outcome {
    enum err err;
    bool complete;
    size_t used;
    char text[LIMIT + 1];
};

/* Reads text in two pieces. */
static struct outcome read_cut(struct content content, const char *text, size_t cut)
{
    struct body body = {.limit = LIMIT};
    struct outcome outcome = {0};
    const struct bytes pieces[] = {{(const uint8_t *)text, cut}, {(const uint8_t *)text + cut, strlen(text) - cut}};
    for (size_t i = 0; i < 2 && outcome.err == OK; i++) {
        size_t used = 0;
        outcome.err = content_read(&content, &body, pieces[i], &used);
        outcome.used += used;
    }
    outcome.complete = content_complete(&content);
    if (body.size > 0)
        memcpy(outcome.text, body.data, body.size);
    body_free(&body);
    return outcome;
}

static void assert_reads(struct content content, const char *text, const char *expected, size_t used)
{
    for (size_t cut = 0; cut <= strlen(text); cut++) {
        struct outcome outcome = read_cut(content, text, cut);
        assert_int_equal(outcome.err, OK);
        assert_true(outcome.complete);
        assert_int_equal(outcome.used, used);
        assert_string_equal(outcome.text, expected);
    }
}

static void assert_refuses(const char *text, enum err err)
{
    for (size_t cut = 0; cut <= strlen(text); cut++)
        assert_int_equal(read_cut(content_in_chunks(), text, cut).err, err);
}

static void reads_as_many_bytes_as_promised(void **state)
{
    (void)state;
    assert_reads(content_by_length(5), "helloGET /", "hello", 5);
    assert_true(content_complete(&(struct content){.state = content_by_length(0).state}));
}

static void reads_chunks_and_nothing_after_them(void **state)
{
    (void)state;
    assert_reads(content_in_chunks(), "5\r\nhello\r\n00C\r\n, worldWORLD\r\n0\r\n\r\nGET", "hello, worldWORLD", 34);
    assert_reads(content_in_chunks(), "0\r\n\r\n", "", 5);
    assert_reads(content_in_chunks(), "0000000000000001\r\n\n\r\n000\r\n\r\n", "\n", 28);
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\r\n",
        " 5\r\n",
        "+5\r\n",
        "-5\r\n",
        "0x5\r\n",
        "5 \r\n",
        "5;a=b\r\n",
        "5;\r\n",
        "5\t\r\n",
        "5\n",
        "5\rh",
        "5\r\nhello\n",
        "5\r\nhello0",
        "5\r\nhello\r0",
        "5\r\nhello\r\n\r\n",
        "0\n",
        "0\r\n\n",
        "0\r\n\r\r",
        "0\r\nA: b\r\n",
        "0;a\r\n",
        "g\r\n",
        "00000000000000001\r\n",
        "5\r\nhello\r\nx",
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_refuses(texts[i], ERR_BAD_REQUEST);
}

static void refuses_a_chunk_beyond_the_limit_before_its_data(void **state)
{
    (void)state;
    assert_refuses("15\r\n", ERR_BODY_TOO_LARGE);
    assert_refuses("ffffffffffffffff\r\n", ERR_BODY_TOO_LARGE);
    assert_refuses("a\r\n0123456789\r\nb\r\n", ERR_BODY_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_as_many_bytes_as_promised),
        cmocka_unit_test(reads_chunks_and_nothing_after_them),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(refuses_a_chunk_beyond_the_limit_before_its_data),
    };
    return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
