/* SPDX-License-Identifier: Apache-2.0 */
#include "base/prometheus.h"
#include "unit.h"

static void writes_metrics_and_samples(void **state)
{
    struct prometheus out;
    prometheus_begin(&out, *state);
    prometheus_metric(&out, "a_total", "counter", "What it is");
    prometheus_sample(&out, "a_total", "", -3);
    prometheus_sample(&out, "a_total", "x=\"1\"", INT64_MAX);
    prometheus_sample_s(&out, "b", "", 1000001);
    struct bytes text = prometheus_text(&out);
    static const char expected[] = "# HELP a_total What it is\n# TYPE a_total counter\na_total -3\n"
                                   "a_total{x=\"1\"} 9223372036854775807\nb 1.000001\n";
    assert_int_equal(text.size, sizeof(expected) - 1);
    assert_memory_equal(text.data, expected, text.size);
}

static void no_label_can_forge_a_sample(void **state)
{
    assert_string_equal(prometheus_label(*state, "file", "a\"} 1\nb\\c"), "file=\"a\\\"} 1\\nb\\\\c\"");
    assert_string_equal(prometheus_label(*state, "file", ""), "file=\"\"");
}

static void grows_as_far_as_it_must(void **state)
{
    enum { LINES = 20000 };
    struct prometheus out;
    prometheus_begin(&out, *state);
    for (int i = 0; i < LINES; i++)
        prometheus_sample(&out, "abc", "", 7);
    struct bytes text = prometheus_text(&out);
    assert_int_equal(text.size, LINES * strlen("abc 7\n"));
    for (size_t i = 0; i < text.size; i += 6)
        assert_memory_equal(text.data + i, "abc 7\n", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(writes_metrics_and_samples),
        UNIT(no_label_can_forge_a_sample),
        UNIT(grows_as_far_as_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
