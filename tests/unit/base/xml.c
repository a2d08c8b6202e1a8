/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/text.h"
#include "base/xml.h"

static const struct xml_limits standard;

/* What a document is read as: "<a>", "</a>", texts in quotes. */
static const char *told(struct arena *arena, struct bytes document, const struct xml_limits *limits)
{
    AUTO_XML *xml = xml_open(document, limits);
    const char *all = "";
    enum xml_kind kind;
    for (;;) {
        if (xml_next(xml, &kind) != OK)
            return arena_format(arena, "%s!%s:%zu", all, xml_fault(xml)->rule, xml_fault(xml)->line);
        if (kind == XML_DONE)
            return all;
        all = kind == XML_START ? arena_format(arena, "%s<%s>", all, xml_name(xml))
              : kind == XML_END ? arena_format(arena, "%s</%s>", all, xml_name(xml))
                                : arena_format(arena, "%s'%s'", all, xml_text(xml));
    }
}

static const char *told_text(struct arena *arena, const char *document)
{
    return told(arena, bytes_of_text(document), &standard);
}

static void tells_elements_texts_and_ends(void **state)
{
    assert_string_equal(told_text(*state, "<?xml version=\"1.0\"?>\n<a x='1'><b>t</b><!-- c --><c/> <d/></a>\n"),
                        "<a><b>'t'</b><c></c><d></d></a>");
    assert_string_equal(told_text(*state, "<a>&lt;&amp;&#20013;<![CDATA[<x>]]></a>"), "<a>'<&中''<x>'</a>");
}

static void reads_gbk_as_it_is_declared(void **state)
{
    static const char *const names[] = {"GBK", "gb2312", "GB18030"};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        assert_string_equal(
            told_text(*state,
                      arena_format(*state, "<?xml version=\"1.0\" encoding=\"%s\"?><a>\xd6\xd0\xd0\xc5</a>", names[i])),
            "<a>'中信'</a>");
}

static void refuses_encodings_it_does_not_read_and_bytes_of_another(void **state)
{
    assert_string_equal(told_text(*state, "<?xml version='1.0' encoding='UTF-16'?><a/>"), "!encoding:1");
    assert_string_equal(told_text(*state, "<?xml version='1.0' encoding='UTF-7'?><a/>"), "!encoding:1");
    assert_string_equal(told_text(*state, "<?xml version='1.0' encoding='GBK'?><a>\xff</a>"), "!encoding:1");
    assert_string_equal(told_text(*state, "<a>\xd6\xd0</a>"), "!encoding:1");
    assert_string_equal(told(*state, (struct bytes){(const uint8_t *)"<a>\0</a>", 8}, &standard), "!encoding:1");
    assert_string_equal(told(*state, (struct bytes){(const uint8_t *)"\xff\xfe<\0a\0/\0>\0", 10}, &standard),
                        "!encoding:1");
}

static void refuses_doctype_and_entities(void **state)
{
    assert_string_equal(told_text(*state, "<?xml version='1.0'?>\n<!DOCTYPE a>\n<a/>"), "!doctype:2");
    assert_string_equal(told_text(*state, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "!doctype:1");
    assert_string_equal(told_text(*state, "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), "!doctype:1");
    assert_string_equal(told_text(*state, "<a>&b;</a>"), "!malformed:1");
    assert_string_equal(
        told_text(*state, "<?xml version='1.0' encoding='GBK'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        "!doctype:1");
}

static void refuses_what_is_not_well_formed(void **state)
{
    static const char *const wrong[] = {"",
                                        " ",
                                        "a",
                                        "<a",
                                        "<a></b>",
                                        "<a x=1/>",
                                        "<a/><b/>",
                                        "<a>&#0;</a>",
                                        "<a>&#xD800;</a>",
                                        "<a x='1' x='2'/>",
                                        "<a><b></a></b>",
                                        "<?xml version='1.0'?",
                                        "</a>"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_non_null(strchr(told_text(*state, wrong[i]), '!'));
}

static void holds_its_limits(void **state)
{
    const struct xml_limits depth = {.depth = 3}, count = {.count = 3}, text = {.text = 4}, size = {.size = 10};
    const char *deep = "<a><b><c>1</c></b></a>";
    assert_null(strchr(told(*state, bytes_of_text(deep), &depth), '!'));
    assert_string_equal(told(*state, bytes_of_text("<a><b><c><d/></c></b></a>"), &depth), "<a><b><c>!depth:1");
    assert_string_equal(told(*state, bytes_of_text("<a><b/><b/><b/></a>"), &count), "<a><b></b><b></b>!count:1");
    assert_string_equal(told(*state, bytes_of_text("<a>\n12345</a>"), &text), "<a>!text:2");
    assert_string_equal(told(*state, bytes_of_text("<a x='12345'/>"), &text), "!text:1");
    assert_string_equal(told(*state, bytes_of_text("<a>123456</a>"), &size), "!size:1");
}

static void refuses_depth_that_would_take_the_stack(void **state)
{
    enum { LEVELS = 100000 };
    char *document = arena_alloc(*state, LEVELS * 3 + 1);
    for (size_t i = 0; i < LEVELS; i++)
        memcpy(document + i * 3, "<a>", 3);
    const char *what = told_text(*state, document);
    assert_non_null(strchr(what, '!'));
    assert_true(strlen(what) < 32 * 3 + 32);
}

static void reads_the_text_of_an_element_and_skips_others(void **state)
{
    AUTO_XML *xml = xml_open(bytes_of_text("<a><b><c>1</c>x</b><d> t<!-- -->u </d><e/><f><g/></f></a>"), &standard);
    enum xml_kind kind;
    const char *text = "untouched";
    assert_int_equal(xml_next(xml, &kind), OK);
    assert_int_equal(xml_next(xml, &kind), OK);
    assert_string_equal(xml_name(xml), "b");
    assert_int_equal(xml_depth(xml), 1);
    assert_int_equal(xml_skip(xml), OK);
    assert_int_equal(xml_next(xml, &kind), OK);
    assert_int_equal(xml_read_text(xml, *state, &text), OK);
    assert_string_equal(text, "tu");
    assert_int_equal(xml_next(xml, &kind), OK);
    assert_int_equal(xml_read_text(xml, *state, &text), OK);
    assert_string_equal(text, "");
    assert_int_equal(xml_next(xml, &kind), OK);
    assert_int_equal(xml_read_text(xml, *state, &text), ERR_XML_REFUSED);
    assert_string_equal(xml_fault(xml)->rule, "element");
    assert_int_equal(xml_next(xml, &kind), ERR_XML_REFUSED);
}

static void gives_attributes_and_namespaces(void **state)
{
    AUTO_XML *xml = xml_open(bytes_of_text("<n:a xmlns:n='urn:x' Ccy='CNY'/>"), &standard);
    enum xml_kind kind;
    assert_int_equal(xml_next(xml, &kind), OK);
    assert_string_equal(xml_name(xml), "a");
    assert_string_equal(xml_namespace(xml), "urn:x");
    assert_string_equal(xml_attribute(xml, *state, "Ccy"), "CNY");
    assert_null(xml_attribute(xml, *state, "ccy"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(tells_elements_texts_and_ends),
        UNIT(reads_gbk_as_it_is_declared),
        UNIT(refuses_encodings_it_does_not_read_and_bytes_of_another),
        UNIT(refuses_doctype_and_entities),
        UNIT(refuses_what_is_not_well_formed),
        UNIT(holds_its_limits),
        UNIT(refuses_depth_that_would_take_the_stack),
        UNIT(reads_the_text_of_an_element_and_skips_others),
        UNIT(gives_attributes_and_namespaces),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
