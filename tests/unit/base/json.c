/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON that strangers wrote, and writing our own. */
#include "unit.h"

#include "base/json.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct person {
    const char *name;
    int64_t age;
    bool member;
    const struct json *address, *tags;
};

struct reading {
    struct fault fault;
    struct person person;
    enum err err;
};

static struct json *document_of(struct arena *arena, const char *text)
{
    struct fault fault;
    struct json *document = NULL;
    fault_init(&fault, arena);
    assert_int_equal(json_parse(text, strlen(text), &fault, &document), OK);
    return document;
}

/* Every kind of field; name is required. The texts die with the document: only what is wrong is kept. */
static struct reading *read_person(struct arena *arena, const char *text)
{
    struct reading *reading = ARENA_NEW(arena, struct reading);
    struct person *person = &reading->person;
    const struct json_field fields[] = {
        {.name = "name", .kind = FIELD_TEXT, .into = &person->name, .length_max = 5},
        {.name = "age", .kind = FIELD_INTEGER, .optional = true, .into = &person->age},
        {.name = "member", .kind = FIELD_BOOLEAN, .optional = true, .into = &person->member},
        {.name = "address", .kind = FIELD_OBJECT, .optional = true, .into = &person->address},
        {.name = "tags", .kind = FIELD_ARRAY, .optional = true, .into = &person->tags},
    };
    struct json *document = document_of(arena, text);
    fault_init(&reading->fault, arena);
    person->age = -7;
    reading->err = json_read(document, "", fields, ARRAY_SIZE(fields), &reading->fault);
    if (person->name != NULL)
        person->name = arena_text(arena, person->name);
    json_free(document);
    return reading;
}

static void refused_field(struct arena *arena, const char *text, const char *path, const char *code)
{
    const struct reading *reading = read_person(arena, text);
    assert_int_equal(reading->err, ERR_FIELDS_INVALID);
    assert_int_equal(reading->fault.field_count, 1);
    assert_string_equal(reading->fault.fields[0].path, path);
    assert_string_equal(reading->fault.fields[0].code, code);
}

static void malformed(struct arena *arena, const char *text, size_t size)
{
    struct fault fault;
    struct json *document = NULL;
    fault_init(&fault, arena);
    assert_int_equal(json_parse(text, size, &fault, &document), ERR_JSON_MALFORMED);
    assert_null(document);
    assert_non_null(fault.detail_en);
    assert_int_equal(json_parse(text, size, NULL, &document), ERR_JSON_MALFORMED);
}

static void reads_what_is_declared(void **state)
{
    const struct reading *reading = read_person(*state, "{\"age\":18,\"name\":\"张三丰\",\"member\":true,"
                                                        "\"address\":{},\"tags\":[1]}");
    assert_int_equal(reading->err, OK);
    assert_string_equal(reading->person.name, "张三丰");
    assert_int_equal(reading->person.age, 18);
    assert_true(reading->person.member);
    assert_non_null(reading->person.address);
    assert_non_null(reading->person.tags);
}

static void optional_members_may_be_absent_or_null(void **state)
{
    const struct reading *reading = read_person(*state, "{\"name\":\"a\",\"tags\":null}");
    assert_int_equal(reading->err, OK);
    assert_int_equal(reading->person.age, -7);
    assert_null(reading->person.tags);
}

static void names_every_wrong_field_at_once(void **state)
{
    const struct reading *reading = read_person(*state,
                                                "{\"age\":\"18\",\"member\":0,\"address\":[],\"tags\":{},\"x\":1}");
    assert_int_equal(reading->err, ERR_FIELDS_INVALID);
    assert_int_equal(reading->fault.field_count, 6);
    assert_int_equal(reading->person.age, -7);
}

static void refuses_unknown_members(void **state)
{
    refused_field(*state, "{\"name\":\"a\",\"role\":\"admin\"}", "role", "unknown_field");
    refused_field(*state, "{\"name\":\"a\",\"a\\nb\":1}", "?", "unknown_field");
}

static void does_not_repeat_long_names(void **state)
{
    char text[500] = "{\"name\":\"a\",\"";
    size_t head = strlen(text);
    memset(text + head, 'x', 400);
    strcpy(text + head + 400, "\":1}");
    refused_field(*state, text, "?", "unknown_field");
}

static void refuses_missing_and_null_members_that_are_required(void **state)
{
    refused_field(*state, "{}", "name", "required");
    refused_field(*state, "{\"name\":null}", "name", "required");
}

static void refuses_other_types(void **state)
{
    static const char *const texts[] = {"{\"name\":1}", "{\"name\":[\"a\"]}", "{\"name\":true}", "{\"name\":{}}"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        refused_field(*state, texts[i], "name", "type");
    refused_field(*state, "{\"name\":\"a\",\"age\":1.0}", "age", "type");
    refused_field(*state, "{\"name\":\"a\",\"age\":1e3}", "age", "type");
    refused_field(*state, "{\"name\":\"a\",\"age\":true}", "age", "type");
    refused_field(*state, "[]", "", "type");
}

static void counts_characters_not_bytes(void **state)
{
    assert_int_equal(read_person(*state, "{\"name\":\"一二三四五\"}")->err, OK);
    refused_field(*state, "{\"name\":\"一二三四五六\"}", "name", "too_long");
}

static void refuses_control_characters_in_text(void **state)
{
    static const char *const texts[] = {"{\"name\":\"a\\nb\"}", "{\"name\":\"\\u001b\"}", "{\"name\":\"\\u007f\"}",
                                        "{\"name\":\"\\t\"}"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        refused_field(*state, texts[i], "name", "control_character");
}

static void line_breaks_are_taken_where_the_field_says_so(void **state)
{
    struct fault fault;
    const char *note = NULL;
    const struct json_field field = {.name = "note", .kind = FIELD_TEXT, .into = &note, .lines = true};
    fault_init(&fault, *state);
    struct json *document = document_of(*state, "{\"note\":\"a\\r\\nb\"}");
    assert_int_equal(json_read(document, "", &field, 1, &fault), OK);
    assert_string_equal(note, "a\r\nb");
    json_free(document);
    document = document_of(*state, "{\"note\":\"a\\u001b\"}");
    assert_int_equal(json_read(document, "", &field, 1, &fault), ERR_FIELDS_INVALID);
    json_free(document);
}

static void nested_fields_are_named_by_their_path(void **state)
{
    struct fault fault;
    int64_t number;
    const struct json_field field = {.name = "mobile", .kind = FIELD_INTEGER, .into = &number};
    fault_init(&fault, *state);
    struct json *document = document_of(*state, "{\"mobile\":\"x\"}");
    assert_int_equal(json_read(document, "agent", &field, 1, &fault), ERR_FIELDS_INVALID);
    assert_string_equal(fault.fields[0].path, "agent.mobile");
    json_free(document);
}

static void refuses_what_is_not_json(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "{",
        "}",
        "{]",
        "nul",
        "1",
        "\"text\"",
        "true",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "[1,,2]",
        "[01]",
        "[+1]",
        "[.5]",
        "[NaN]",
        "[1] x",
        "{}{}",
        "[\"\t\"]",
        "[\"\\x41\"]",
        "[\"\\u12\"]",
        "[\"\\ud800\"]",
        "[\"\xff\"]",
        "[\"\xc0\xaf\"]",
        "[\"\xed\xa0\x80\"]",
        "\xef\xbb\xbf{}",
        "/* */ {}",
        "[\"\\u0000\"]",
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        malformed(*state, texts[i], strlen(texts[i]));
    malformed(*state, "{}\0", 3);
    malformed(*state, "[1\0]", 4);
}

static void refuses_a_name_given_twice(void **state)
{
    static const char *const texts[] = {"{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "[{\"x\":{\"a\":1,\"a\":2}}]"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        malformed(*state, texts[i], strlen(texts[i]));
}

static void refuses_numbers_that_do_not_fit(void **state)
{
    static const char *const texts[] = {"[9223372036854775808]", "[-9223372036854775809]", "[1e999]", "[-1e999]",
                                        "[99999999999999999999999999999999]"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        malformed(*state, texts[i], strlen(texts[i]));
    const struct reading *reading = read_person(*state, "{\"name\":\"a\",\"age\":-9223372036854775808}");
    assert_true(reading->err == OK && reading->person.age == INT64_MIN);
}

static void refuses_depth_bombs(void **state)
{
    enum { DEPTH = 200000 };
    char *bomb = malloc(DEPTH);
    memset(bomb, '[', DEPTH);
    malformed(*state, bomb, DEPTH);
    for (size_t i = 0; i + 5 <= DEPTH; i += 5)
        memcpy(bomb + i, "{\"a\":", 5);
    malformed(*state, bomb, DEPTH);
    free(bomb);
}

static void arrays_are_read_by_index(void **state)
{
    struct json *document = document_of(*state, "[{\"a\":1},[],3]");
    assert_int_equal(json_length(document), 3);
    char *first = json_dump(json_item(document, 0), *state), *last = json_dump(json_item(document, 2), *state);
    assert_string_equal(first, "{\"a\":1}");
    assert_string_equal(last, "3");
    assert_null(json_item(document, 3));
    json_free(document);
}

static void writes_members_in_their_order(void **state)
{
    size_t size;
    struct json *object = json_new_object(), *array = json_new_array();
    json_append_text(array, "x");
    json_append(array, json_new_object());
    json_put_text(object, "z", "续\"\\\n/");
    json_put_integer(object, "a", INT64_MIN);
    json_put_boolean(object, "b", false);
    json_put_text(object, "n", NULL);
    json_put(object, "o", NULL);
    json_put(object, "l", array);
    const char *text = json_finish(object, *state, &size);
    assert_string_equal(text, "{\"z\":\"续\\\"\\\\\\n/\",\"a\":-9223372036854775808,\"b\":false,\"n\":null,\"o\":null,"
                              "\"l\":[\"x\",{}]}");
    assert_int_equal(size, strlen(text));
}

static void text_that_is_not_utf8_never_breaks_a_reply(void **state)
{
    size_t size;
    struct json *object = json_new_object();
    json_put_text(object, "a", "\xff\xfe");
    assert_string_equal(json_finish(object, *state, &size), "{\"a\":\"?\"}");
}

static void members_of_what_others_write_are_looked_up_and_may_be_missing_or_of_another_kind(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":{\"b\":\"c\"},\"n\":7,\"x\":null}";
    AUTO_JSON *document = NULL;
    int64_t number = 4711;
    assert_int_equal(json_parse(text, strlen(text), NULL, &document), OK);
    assert_string_equal(json_member_text(json_member(document, "a"), "b"), "c");
    assert_true(json_member_integer(document, "n", &number) && number == 7);
    assert_null(json_member(document, "z"));
    assert_null(json_member_text(document, "z"));
    assert_null(json_member_text(document, "n"));
    assert_null(json_member_text(document, "x"));
    assert_null(json_member_text(json_member(document, "n"), "b"));
    assert_null(json_member(NULL, "a"));
    assert_false(json_member_integer(document, "a", &number));
    assert_false(json_member_integer(document, "z", &number));
    assert_true(number == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(members_of_what_others_write_are_looked_up_and_may_be_missing_or_of_another_kind),
        UNIT(reads_what_is_declared),
        UNIT(optional_members_may_be_absent_or_null),
        UNIT(names_every_wrong_field_at_once),
        UNIT(refuses_unknown_members),
        UNIT(does_not_repeat_long_names),
        UNIT(refuses_missing_and_null_members_that_are_required),
        UNIT(refuses_other_types),
        UNIT(counts_characters_not_bytes),
        UNIT(refuses_control_characters_in_text),
        UNIT(line_breaks_are_taken_where_the_field_says_so),
        UNIT(nested_fields_are_named_by_their_path),
        UNIT(refuses_what_is_not_json),
        UNIT(refuses_a_name_given_twice),
        UNIT(refuses_numbers_that_do_not_fit),
        UNIT(refuses_depth_bombs),
        UNIT(arrays_are_read_by_index),
        UNIT(writes_members_in_their_order),
        UNIT(text_that_is_not_utf8_never_breaks_a_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
