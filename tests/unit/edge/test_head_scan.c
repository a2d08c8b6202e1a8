/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "edge/head_scan.h"

#include <string.h>

static const struct edge_limits limits = {.header_count = 3, .header_bytes = 40, .target_bytes = 20};

static enum scan_result scan_all(struct head_scan *scan, const char *text)
{
    *scan = (struct head_scan){0};
    return head_scan(scan, &limits, (const uint8_t *)text, strlen(text));
}

static void finds_the_end_of_a_head(void **state)
{
    (void)state;
    struct head_scan scan;
    static const char text[] = "GET / HTTP/1.1\r\nA: b\r\n\r\nGET";
    assert_int_equal(scan_all(&scan, text), SCAN_DONE);
    assert_int_equal(scan.start, 0);
    assert_int_equal(scan.seen, strlen(text) - 3);
}

static void finds_it_wherever_the_bytes_are_cut(void **state)
{
    (void)state;
    static const char text[] = "\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n";
    for (size_t cut = 1; cut < strlen(text); cut++) {
        struct head_scan scan = {0};
        assert_int_equal(head_scan(&scan, &limits, (const uint8_t *)text, cut), SCAN_MORE);
        assert_int_equal(head_scan(&scan, &limits, (const uint8_t *)text, strlen(text)), SCAN_DONE);
        assert_int_equal(scan.start, 2);
        assert_int_equal(scan.seen, strlen(text));
    }
}

static void refuses_lines_that_end_otherwise(void **state)
{
    (void)state;
    static const char *const texts[] = {"GET / HTTP/1.1\n",
                                        "GET / HTTP/1.1\r\r\n",
                                        "GET / HTTP/1.1\r\nA: b\n",
                                        "GET / HTTP/1.1\r\nA: b\rc",
                                        "GET / HTTP/1.1\r\nA: b\r\n\n",
                                        "\n",
                                        "\r\n\r\n",
                                        "\rG"};
    struct head_scan scan;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        assert_int_equal(scan_all(&scan, texts[i]), SCAN_REFUSED);
        assert_int_equal(scan.flaw->err, ERR_BAD_REQUEST);
    }
}

static void refuses_folding_spaces_and_missing_colons(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "GET / HTTP/1.1\r\n A: b",  "GET / HTTP/1.1\r\n\tA",   "GET / HTTP/1.1\r\nA : b", "GET / HTTP/1.1\r\nA\t: b",
        "GET / HTTP/1.1\r\nA b: c", "GET / HTTP/1.1\r\nA\r\n", "GET\t/ HTTP/1.1"};
    struct head_scan scan;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_int_equal(scan_all(&scan, texts[i]), SCAN_REFUSED);
}

static void refuses_every_control_character(void **state)
{
    (void)state;
    for (int c = 0; c <= 0x7f; c++) {
        char text[] = "GET / HTTP/1.1\r\nA: b?c\r\n\r\n";
        *strchr(text, '?') = (char)c;
        struct head_scan scan = {0};
        enum scan_result result = head_scan(&scan, &limits, (const uint8_t *)text, sizeof(text) - 1);
        bool allowed = (c >= 0x20 && c < 0x7f) || c == '\t';
        assert_int_equal(result, allowed ? SCAN_DONE : SCAN_REFUSED);
    }
}

static void bounds_headers_by_count_and_bytes(void **state)
{
    (void)state;
    struct head_scan scan;
    assert_int_equal(scan_all(&scan, "GET / HTTP/1.1\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n"), SCAN_DONE);
    assert_int_equal(scan_all(&scan, "GET / HTTP/1.1\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n"), SCAN_REFUSED);
    assert_int_equal(scan.flaw->err, ERR_HEADERS_TOO_LARGE);
    assert_int_equal(scan_all(&scan, "GET / HTTP/1.1\r\nA: 3456789012345678901234567890123456789\r\nB"), SCAN_REFUSED);
    assert_int_equal(scan.flaw->err, ERR_HEADERS_TOO_LARGE);
}

static void bounds_the_request_line(void **state)
{
    (void)state;
    char text[100];
    memset(text, 'a', sizeof(text));
    struct head_scan scan = {0};
    assert_int_equal(head_scan(&scan, &limits, (const uint8_t *)text, sizeof(text)), SCAN_REFUSED);
    assert_int_equal(scan.flaw->err, ERR_URI_TOO_LONG);
}

static void decides_within_its_own_limit(void **state)
{
    (void)state;
    assert_true(head_scan_limit(&limits) < 300);
    uint8_t text[300];
    for (int c = 1; c < 256; c++) { /* nothing keeps it waiting for more than it may hold */
        memset(text, c, sizeof(text));
        struct head_scan scan = {0};
        assert_int_equal(head_scan(&scan, &limits, text, head_scan_limit(&limits)), SCAN_REFUSED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_end_of_a_head),          cmocka_unit_test(finds_it_wherever_the_bytes_are_cut),
        cmocka_unit_test(refuses_lines_that_end_otherwise), cmocka_unit_test(refuses_folding_spaces_and_missing_colons),
        cmocka_unit_test(refuses_every_control_character),  cmocka_unit_test(bounds_headers_by_count_and_bytes),
        cmocka_unit_test(bounds_the_request_line),          cmocka_unit_test(decides_within_its_own_limit),
    };
    return cmocka_run_group_tests_name("head_scan", tests, NULL, NULL);
}
