/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml.h"
#include "unit/settings/written_file.h"

#include <stdio.h>

enum colour { RED, GREEN, BLUE };
static const char *const colours[] = {"red", "green", "blue", NULL};

struct item {
    const char *name;
    int64_t size;
};

struct document {
    int64_t untouched;
    const char *title, *level, *note;
    int64_t count, negative;
    bool open;
    enum colour colour;
    struct {
        const char *a;
        int64_t b;
    } inner;
    const char **texts;
    unsigned texts_count;
    enum colour *words;
    size_t words_count;
    const char **word_texts;
    uint8_t word_texts_count;
    struct item *items;
    unsigned items_count;
};

static const char *check_title(const char *text)
{
    return text[0] == '#' ? "begins with #; any other text" : NULL;
}

static const struct yaml_field inner_fields[] = {
    {.key = "a", .kind = YAML_TEXT, YAML_AT(struct document, inner.a), .optional = true, .standard = "standard"},
    {.key = "b", .kind = YAML_INTEGER, YAML_AT(struct document, inner.b), .optional = true, .standard = "7"},
};
static const struct yaml_field item_fields[] = {
    {.key = "name", .kind = YAML_TEXT, YAML_AT(struct item, name)},
    {.key = "size", .kind = YAML_INTEGER, YAML_AT(struct item, size), .optional = true, .standard = "3", .max = 9},
};
static const struct yaml_field fields[] = {
    {.key = "title", .kind = YAML_TEXT, YAML_AT(struct document, title), .min = 2, .max = 8, .check = check_title},
    {.key = "note", .kind = YAML_TEXT, YAML_AT(struct document, note), .optional = true, .lines = true},
    {.key = "level", .kind = YAML_WORD_TEXT, YAML_AT(struct document, level), .optional = true, .words = colours},
    {.key = "count", .kind = YAML_INTEGER, YAML_AT(struct document, count), .min = 1, .max = 64},
    {.key = "negative", .kind = YAML_INTEGER, YAML_AT(struct document, negative), .optional = true},
    {.key = "open", .kind = YAML_BOOLEAN, YAML_AT(struct document, open), .optional = true, .standard = "true"},
    {.key = "colour",
     .kind = YAML_WORD,
     YAML_AT(struct document, colour),
     .optional = true,
     .standard = "blue",
     .words = colours},
    {.key = "inner", .kind = YAML_MAPPING, YAML_FIELDS(struct document, inner_fields)},
    {.key = "texts", .kind = YAML_TEXTS, YAML_LIST_AT(struct document, texts, texts_count), .optional = true, .max = 3},
    {.key = "words",
     .kind = YAML_WORDS,
     YAML_LIST_AT(struct document, words, words_count),
     .optional = true,
     .words = colours},
    {.key = "word_texts",
     .kind = YAML_WORD_TEXTS,
     YAML_LIST_AT(struct document, word_texts, word_texts_count),
     .optional = true,
     .words = colours},
    {.key = "items",
     .kind = YAML_MAPPINGS,
     YAML_LIST_AT(struct document, items, items_count),
     .optional = true,
     YAML_FIELDS(struct item, item_fields)},
};

static struct document document;

static enum err load(const char *path)
{
    memset(&document, 0x5a, sizeof(document));
    return yaml_load(arena, path, fields, ARRAY_SIZE(fields), &document, report, NULL);
}

static void accepted(const char *text)
{
    if (load(written(text)) != OK)
        fail_msg("refused:\n%s", faults);
    assert_int_equal(fault_count, 0);
}

/* These faults, in this order, and no others. */
static void refused(const char *text, const char *expected)
{
    assert_int_equal(load(written(text)), ERR_SETTINGS_INVALID);
    assert_string_equal(faults, expected);
    assert_int_equal(document.count, 0x5a5a5a5a5a5a5a5a);
}

static void binds_every_kind(void **state)
{
    (void)state;
    accepted("title: 标题\ncount: 12\nnegative: -5\nopen: false\ncolour: green\nlevel: blue\n"
             "note: |\n  one\n  \"two\" \\ three\n"
             "inner: { a: x, b: 1 }\ntexts: [one, 'two', \"three\"]\nwords: [blue, red]\nword_texts:\n  - green\n"
             "items:\n  - name: a\n    size: 9\n  - { name: b }\n");
    assert_string_equal(document.title, "标题");
    assert_string_equal(document.note, "one\n\"two\" \\ three\n");
    assert_string_equal(document.level, "blue");
    assert_int_equal(document.count, 12);
    assert_int_equal(document.negative, -5);
    assert_false(document.open);
    assert_int_equal(document.colour, GREEN);
    assert_string_equal(document.inner.a, "x");
    assert_int_equal(document.inner.b, 1);
    assert_int_equal(document.texts_count, 3);
    assert_string_equal(document.texts[2], "three");
    assert_int_equal(document.words_count, 2);
    assert_int_equal(document.words[0], BLUE);
    assert_int_equal(document.words[1], RED);
    assert_int_equal(document.word_texts_count, 1);
    assert_string_equal(document.word_texts[0], "green");
    assert_int_equal(document.items_count, 2);
    assert_int_equal(document.items[0].size, 9);
    assert_string_equal(document.items[1].name, "b");
    assert_int_equal(document.items[1].size, 3);
}

static void fills_in_standards_where_keys_are_absent(void **state)
{
    (void)state;
    accepted("title: ab\ncount: 1\n");
    assert_string_equal(document.note, "");
    assert_string_equal(document.level, "red");
    assert_int_equal(document.negative, 0);
    assert_true(document.open);
    assert_int_equal(document.colour, BLUE);
    assert_string_equal(document.inner.a, "standard");
    assert_int_equal(document.inner.b, 7);
    assert_int_equal(document.texts_count, 0);
    assert_int_equal(document.items_count, 0);
}

static void leaves_members_that_no_field_names(void **state)
{
    (void)state;
    accepted("title: ab\ncount: 1\n");
    assert_int_equal(document.untouched, 0x5a5a5a5a5a5a5a5a);
}

static void takes_sections_of_comments_only(void **state)
{
    (void)state;
    accepted("title: ab\ncount: 1\ninner:\n  # a: x\ntexts:\n  # - one\nitems:\nnote:\n");
    assert_string_equal(document.inner.a, "standard");
    assert_int_equal(document.texts_count, 0);
    assert_string_equal(document.note, "");
}

static void takes_a_byte_order_mark_and_line_ends_of_windows(void **state)
{
    (void)state;
    accepted("\xef\xbb\xbftitle: ab\r\ncount: 1\r\ninner:\r\n  a: x\r\n");
    assert_string_equal(document.title, "ab");
    assert_string_equal(document.inner.a, "x");
}

static void says_all_faults_of_a_file_with_their_lines(void **state)
{
    (void)state;
    refused("count: 0\ntitle: a\ncolour: pink\nopen: maybe\ninner:\n  c: 1\n  b: x\nitems:\n  - size: 10\n",
            "a.yaml:2: title: has 1 characters; 2 to 8\n"
            "a.yaml:1: count: 0 is not allowed; a whole number from 1 to 64\n"
            "a.yaml:4: open: maybe is not allowed; true or false\n"
            "a.yaml:3: colour: pink is not allowed; one of: red, green, blue\n"
            "a.yaml:6: inner.c: there is no such key; known here: a, b\n"
            "a.yaml:7: inner.b: x is not allowed; a whole number\n"
            "a.yaml:9: items[1].name: is missing; it is required\n"
            "a.yaml:9: items[1].size: 10 is not allowed; a whole number from 0 to 9\n");
}

static void suggests_the_nearest_key(void **state)
{
    (void)state;
    refused("title: ab\ncount: 1\nnegatvie: 1\n", "a.yaml:3: negatvie: there is no such key; did you mean negative?\n");
    refused("title: ab\ncount: 1\nsomething_else: 1\n",
            "a.yaml:3: something_else: there is no such key; known here: title, note, level, count, negative, open, "
            "colour, inner, texts, words, word_texts, items\n");
}

static void refuses_a_key_that_is_there_twice(void **state)
{
    (void)state;
    refused("title: ab\ncount: 1\ncount: 2\n", "a.yaml:3: count: is there twice, first in line 2; keep one\n");
    refused("title: ab\ncount: 1\ninner: {a: x, a: y}\n",
            "a.yaml:3: inner.a: is there twice, first in line 3; keep one\n");
}

static void says_what_is_missing_at_its_mapping(void **state)
{
    (void)state;
    refused("note: x\n", "a.yaml:1: title: is missing; it is required\n"
                         "a.yaml:1: count: is missing; a whole number from 1 to 64\n");
    refused("title: ''\ncount: 1\n", "a.yaml:1: title: is empty; it is required\n");
}

static void refuses_numbers_that_are_not_plain(void **state)
{
    (void)state;
    static const char *const bad[] = {"010",
                                      "0x10",
                                      "+1",
                                      "1.0",
                                      "1e1",
                                      "1_000",
                                      "--1",
                                      "-0",
                                      "1a",
                                      "１",
                                      "~",
                                      "null",
                                      "true",
                                      "99999999999999999999",
                                      "-99999999999999999999",
                                      "'5'"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        char text[100];
        snprintf(text, sizeof(text), "title: ab\ncount: 1\nnegative: %s\n", bad[i]);
        assert_int_equal(load(written(text)), ERR_SETTINGS_INVALID);
        assert_fault("a.yaml:3: negative: ");
        assert_fault(" is not allowed; a whole number");
        assert_int_equal(fault_count, 1);
    }
}

static void takes_the_ends_of_a_range(void **state)
{
    (void)state;
    accepted("title: ab\ncount: 64\nnegative: 9223372036854775807\n");
    assert_int_equal(document.negative, INT64_MAX);
    accepted("title: ab\ncount: 1\nnegative: -9223372036854775808\n");
    assert_int_equal(document.negative, INT64_MIN);
    refused("title: ab\ncount: 65\n", "a.yaml:2: count: 65 is not allowed; a whole number from 1 to 64\n");
}

static void refuses_wrong_shapes(void **state)
{
    (void)state;
    refused("title: [a, b]\ncount: {a: 1}\ninner: 5\ntexts: one\nitems: {name: a}\n",
            "a.yaml:1: title: a list is not allowed; write it as key: value\n"
            "a.yaml:2: count: keys with values is not allowed; write it as key: value\n"
            "a.yaml:3: inner: a single value is not allowed; write keys with values below it, indented\n"
            "a.yaml:4: texts: a single value is not allowed; write a list: [one, two], or one - per line\n"
            "a.yaml:5: items: keys with values is not allowed; write a list: [one, two], or one - per line\n");
}

static void refuses_booleans_that_only_look_so(void **state)
{
    (void)state;
    static const char *const bad[] = {"yes", "no", "on", "True", "1", "'true'", "\"\""};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        char text[100];
        snprintf(text, sizeof(text), "title: ab\ncount: 1\nopen: %s\n", bad[i]);
        assert_int_equal(load(written(text)), ERR_SETTINGS_INVALID);
        assert_fault("is not allowed; true or false");
    }
}

static void refuses_null_texts_and_control_characters(void **state)
{
    (void)state;
    refused("title: ~\ncount: 1\n", "a.yaml:1: title: null is not a text; leave the key out or write \"\"\n");
    refused("title: \"a\\nb\"\ncount: 1\n", "a.yaml:1: title: holds control characters or line breaks\n");
    refused("title: ab\ncount: 1\nnote: \"a\\eb\"\n", "a.yaml:3: note: holds control characters\n");
    refused("title: \"a\\0b\"\ncount: 1\n", "a.yaml:1: title: holds a NUL character; write plain text\n"
                                            "a.yaml:1: title: has 1 characters; 2 to 8\n");
}

static void says_what_a_text_check_says(void **state)
{
    (void)state;
    refused("title: '#ab'\ncount: 1\n", "a.yaml:1: title: \"#ab\" begins with #; any other text\n");
}

static void refuses_lists_too_long_and_words_twice(void **state)
{
    (void)state;
    refused("title: ab\ncount: 1\ntexts: [a, b, c, d]\n", "a.yaml:3: texts: has 4 entries; 0 to 3\n");
    refused("title: ab\ncount: 1\nwords: [red, red]\n", "a.yaml:3: words: red is there twice; keep one\n");
    refused("title: ab\ncount: 1\nwords: [red, pink]\n",
            "a.yaml:3: words[2]: pink is not allowed; one of: red, green, blue\n");
    refused("title: ab\ncount: 1\ntexts: [[a]]\n",
            "a.yaml:3: texts[1]: a list is not allowed; write it as key: value\n");
}

static void shows_long_values_shortly_and_on_one_line(void **state)
{
    (void)state;
    refused(
        "title: ab\ncount: \"x\\nyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"\n",
        "a.yaml:2: count: \"x?yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…\" is not allowed; a whole number from 1 to "
        "64\n");
}

static void refuses_tabs_with_a_word_about_tabs(void **state)
{
    (void)state;
    refused("title: ab\ninner:\n\ta: x\n", "a.yaml:3: a tab in the indentation; indent with spaces\n");
}

static void refuses_broken_yaml_with_its_line(void **state)
{
    (void)state;
    static const char *const broken[] = {"title: ab\ncount: [1\n",
                                         "title: ab\n  count: 1\n",
                                         "title: 'ab\ncount: 1\n",
                                         "title: ab\n}\n",
                                         "title: @ab\n",
                                         "title: %ab\n",
                                         "a\nb: c\n",
                                         "- : - :\n:\n"};
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        assert_int_equal(load(written(broken[i])), ERR_SETTINGS_INVALID);
        assert_fault("a.yaml:");
        assert_true(fault_count >= 1);
    }
}

static void refuses_what_is_not_a_mapping(void **state)
{
    (void)state;
    refused("- a\n- b\n", "a.yaml:1: not a list of key: value; see the commented files that come with it\n");
    refused("just text\n", "a.yaml:1: not a list of key: value; see the commented files that come with it\n");
    refused("", "a.yaml:1: is empty; see the commented files that come with it\n");
    refused("# only a comment\n", "a.yaml:2: is empty; see the commented files that come with it\n");
    refused("? [a, b]\n: c\n", "a.yaml:1: a key that is not a word; write key: value\n");
}

static void refuses_a_second_document(void **state)
{
    (void)state;
    refused("title: ab\ncount: 1\n---\ntitle: cd\n", "a.yaml:3: a second document (---); one file holds one\n");
}

static void refuses_aliases_anchors_and_tags(void **state)
{
    (void)state;
    refused("title: &a ab\ncount: 1\n", "a.yaml:1: title: an anchor (&name); write the value out\n");
    refused("title: !!str ab\ncount: 1\n", "a.yaml:1: title: a tag (!name); write the value without it\n");
    refused("title: &a ab\nnote: *a\ncount: 1\n", "a.yaml:1: title: an anchor (&name); write the value out\n"
                                                  "a.yaml:2: note: an alias (*name); write the value out\n");
    assert_int_equal(load(written("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n"
                                  "c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\ntitle: [*c,*c,*c,*c,*c,*c]\n")),
                     ERR_SETTINGS_INVALID);
}

static void refuses_what_is_not_utf_8_with_its_line(void **state)
{
    (void)state;
    refused("count: 1\ntitle: \xb1\xea\xcc\xe2\n", "a.yaml:2: not UTF-8; save the file in UTF-8 (not GBK)\n");
    assert_int_equal(load(written_bytes("count: 1\ntit\0le: a\n", 19)), ERR_SETTINGS_INVALID);
    assert_string_equal(faults, "a.yaml:2: not UTF-8; save the file in UTF-8 (not GBK)\n");
    assert_int_equal(load(written_bytes("\xff\xfe"
                                        "a\0",
                                        4)),
                     ERR_SETTINGS_INVALID);
}

static void refuses_deep_and_crowded_and_large_files(void **state)
{
    (void)state;
    char *text = arena_alloc(arena, 300 * 1024 + 1);
    memset(text, '[', 1000);
    memcpy(text, "title: ", 7);
    refused(text, "a.yaml:1: title[1][1][1][1][1][1][1][1][1][1][1][1][1][1][1][1]: nested too deeply; at most 16 "
                  "levels\n");
    strcpy(text, "texts:\n");
    for (size_t i = 0; i < 1001; i++)
        memcpy(text + 7 + 4 * i, "- a\n", 5);
    refused(text, "a.yaml:1002: texts: more than 1000 entries; at most that many\n");
    memset(text, '#', 300 * 1024);
    refused(text, "a.yaml: has 307200 bytes; at most 262144\n");
}

static void stops_listing_after_a_hundred_faults(void **state)
{
    (void)state;
    char text[4000] = "";
    for (int i = 0; i < 300; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "zz%03d: 1\n", i);
    assert_int_equal(load(written(text)), ERR_SETTINGS_INVALID);
    assert_int_equal(fault_count, 101);
    assert_fault("a.yaml: further faults are not listed");
}

static void says_when_a_file_cannot_be_read(void **state)
{
    (void)state;
    written("");
    assert_int_equal(load("/tmp/xuqi-nowhere/a.yaml"), ERR_SETTINGS_INVALID);
    assert_string_equal(faults, "/tmp/xuqi-nowhere/a.yaml: No such file or directory\n");
    assert_int_equal(load("/tmp"), ERR_SETTINGS_INVALID);
    assert_fault("/tmp: not a file");
}

static void places_later_faults_by_their_key(void **state)
{
    (void)state;
    struct yaml_file *file = NULL;
    const char *path = written("title: ab\ncount: 1\nitems:\n  - name: a\n  - name: b\n    size: 2\ninner:\n  a: x\n");
    assert_int_equal(yaml_open(arena, path, report, NULL, &file), OK);
    assert_int_equal(yaml_bind(file, fields, ARRAY_SIZE(fields), &document), OK);
    assert_int_equal(yaml_check(file), OK);
    yaml_fault(file, "items[2].size", "one");
    yaml_fault(file, "items[1].size", "two");
    yaml_fault(file, "inner.b", "three %d", 3);
    yaml_fault(file, "nothing.at.all", "four");
    yaml_fault(file, "items[9].size", "five");
    assert_string_equal(faults, "a.yaml:6: items[2].size: one\na.yaml:4: items[1].size: two\n"
                                "a.yaml:7: inner.b: three 3\na.yaml:1: nothing.at.all: four\n"
                                "a.yaml:1: items[9].size: five\n");
    assert_int_equal(yaml_check(file), ERR_SETTINGS_INVALID);
}

/* Every prefix and every single changed byte of a good file: whatever comes of it, it ends and leaks nothing. */
static void survives_every_small_change_of_a_file(void **state)
{
    (void)state;
    static const char good[] =
        "title: ab\ncount: 1\nnote: |\n  x\nitems:\n  - {name: \"a\", size: 2}\ntexts: ['a', b]\n";
    static const char hostile[] = "\0\t\n:-[{]}&*!|>'\"%@#,?~\xff";
    for (size_t i = 0; i < sizeof(good) - 1; i++) {
        char text[sizeof(good)];
        memcpy(text, good, sizeof(good));
        (void)!load(written_bytes(text, i));
        text[i] = hostile[i % (sizeof(hostile) - 1)];
        (void)!load(written_bytes(text, sizeof(good) - 1));
        text[i] = hostile[(i * 7 + 3) % (sizeof(hostile) - 1)];
        (void)!load(written_bytes(text, sizeof(good) - 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(binds_every_kind),
        TEST(fills_in_standards_where_keys_are_absent),
        TEST(leaves_members_that_no_field_names),
        TEST(takes_sections_of_comments_only),
        TEST(takes_a_byte_order_mark_and_line_ends_of_windows),
        TEST(says_all_faults_of_a_file_with_their_lines),
        TEST(suggests_the_nearest_key),
        TEST(refuses_a_key_that_is_there_twice),
        TEST(says_what_is_missing_at_its_mapping),
        TEST(refuses_numbers_that_are_not_plain),
        TEST(takes_the_ends_of_a_range),
        TEST(refuses_wrong_shapes),
        TEST(refuses_booleans_that_only_look_so),
        TEST(refuses_null_texts_and_control_characters),
        TEST(says_what_a_text_check_says),
        TEST(refuses_lists_too_long_and_words_twice),
        TEST(shows_long_values_shortly_and_on_one_line),
        TEST(refuses_tabs_with_a_word_about_tabs),
        TEST(refuses_broken_yaml_with_its_line),
        TEST(refuses_what_is_not_a_mapping),
        TEST(refuses_a_second_document),
        TEST(refuses_aliases_anchors_and_tags),
        TEST(refuses_what_is_not_utf_8_with_its_line),
        TEST(refuses_deep_and_crowded_and_large_files),
        TEST(stops_listing_after_a_hundred_faults),
        TEST(says_when_a_file_cannot_be_read),
        TEST(places_later_faults_by_their_key),
        TEST(survives_every_small_change_of_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
