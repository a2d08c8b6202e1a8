/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "edge/media.h"

static void takes_the_type_whatever_its_parameters_and_case(void **state)
{
    (void)state;
    assert_int_equal(media_check("application/pdf", "application/pdf"), OK);
    assert_int_equal(media_check("application/pdf", "Application/PDF ; q=1; boundary=x"), OK);
    assert_int_equal(media_check("application/json|application/xuqi-signed+json", "application/xuqi-signed+json"), OK);
}

static void refuses_other_types(void **state)
{
    (void)state;
    static const char *const types[] = {"", "application/pd", "application/pdfx", "pdf", ";", "application/json"};
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        assert_int_equal(media_check("application/pdf|image/png", types[i]), ERR_UNSUPPORTED_MEDIA_TYPE);
    assert_int_equal(media_check("application/pdf", NULL), ERR_UNSUPPORTED_MEDIA_TYPE);
    assert_int_equal(media_check("a/b|c/d", "a/b|c/d"), ERR_UNSUPPORTED_MEDIA_TYPE);
}

static void takes_json_in_utf_8_only(void **state)
{
    (void)state;
    assert_int_equal(media_check("application/json", "application/json; charset=utf-8"), OK);
    assert_int_equal(media_check("application/json", "application/json;charset=\"UTF-8\""), OK);
    assert_int_equal(media_check("application/json", "application/json; charset=gbk"), ERR_UNSUPPORTED_MEDIA_TYPE);
    assert_int_equal(media_check("application/json", "application/json; charset=utf-80"), ERR_UNSUPPORTED_MEDIA_TYPE);
    assert_int_equal(media_check("application/json", "application/json; charset"), ERR_UNSUPPORTED_MEDIA_TYPE);
    assert_int_equal(media_check("application/a+json", "application/a+json; charset=gb18030"),
                     ERR_UNSUPPORTED_MEDIA_TYPE);
    assert_int_equal(media_check("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=gbk"),
                     OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_type_whatever_its_parameters_and_case),
        cmocka_unit_test(refuses_other_types),
        cmocka_unit_test(takes_json_in_utf_8_only),
    };
    return cmocka_run_group_tests_name("media", tests, NULL, NULL);
}
