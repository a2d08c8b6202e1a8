/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of other portals, signed by node:crypto (jwt_cases.mjs). */
#include "base/clock.h"
#include "base/text.h"
#include "pki/jwt.h"
#include "unit/pki/workshop.h"

#include <string.h>

#define NOW INT64_C(1795000000)

static struct jwks *jwks;
static const struct jwt_expected expected = {"https://portal.example.cn", "xuqi", NOW *CLOCK_SECOND_US};

static int open_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    run("node %s/unit/pki/jwt_cases.mjs", XUQI_TESTS_DIR);
    return jwks_load("keys.json", &jwks) == OK ? 0 : -1;
}

static int close_all(void **state)
{
    jwks_free(jwks);
    return workshop_close(state);
}

static enum err verify(struct arena *arena, const char *token, struct jwt_claims *out)
{
    struct fault fault;
    fault_init(&fault, arena);
    return jwt_verify(jwks, &expected, arena, token, &fault, out);
}

/* The next line of a file of lines, and its first tab's place; NULL at the end. */
static char *next_line(char **rest)
{
    char *line = *rest, *end = line == NULL ? NULL : strchr(line, '\n');
    if (end == NULL)
        return NULL;
    *end = '\0';
    *rest = end + 1;
    return line;
}

static char *cut(char *text)
{
    char *tab = strchr(text, '\t');
    assert_non_null(tab);
    *tab = '\0';
    return tab + 1;
}

static char *text_of(const char *file)
{
    struct bytes content = read_file(file);
    return arena_text_n(workshop_arena, (const char *)content.data, content.size);
}

static void answers_each_token_as_it_should(void **state)
{
    (void)state;
    char *rest = text_of("cases.txt");
    int count = 0;
    for (char *line = next_line(&rest); line != NULL; line = next_line(&rest), count++) {
        char *what = cut(line), *token = cut(what);
        struct jwt_claims claims = {.subject = "untouched"};
        enum err err = verify(workshop_arena, token, &claims);
        if (strcmp(err_code(err), line) != 0)
            fail_msg("%s: %s, not %s", what, err_code(err), line);
        assert_string_equal(claims.subject, err == OK ? "acme" : "untouched");
    }
    assert_true(count > 50);
}

static const char *good_token(int which)
{
    char *rest = text_of("cases.txt"), *line = next_line(&rest);
    for (; which > 0; which--)
        line = next_line(&rest);
    return cut(cut(line));
}

static void reads_the_claims(void **state)
{
    (void)state;
    struct jwt_claims claims;
    assert_int_equal(verify(workshop_arena, good_token(0), &claims), OK);
    assert_string_equal(claims.subject, "acme");
    assert_string_equal(claims.id, "j-1");
    assert_true(claims.expires_us == (NOW + 300 + JWT_SKEW_S) * CLOCK_SECOND_US);
}

static void refuses_every_cut(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        const char *token = good_token(which);
        for (size_t size = 0; size < strlen(token); size++) {
            struct arena *arena = arena_new();
            struct jwt_claims claims;
            assert_int_equal(verify(arena, arena_text_n(arena, token, size), &claims), ERR_PORTAL_TOKEN_INVALID);
            arena_free(arena);
        }
    }
}

static void refuses_every_changed_character(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        const char *token = good_token(which);
        for (size_t at = 0; at < strlen(token); at++) {
            struct arena *arena = arena_new();
            struct jwt_claims claims;
            char *changed = arena_text(arena, token);
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            assert_int_equal(verify(arena, changed, &claims), ERR_PORTAL_TOKEN_INVALID);
            arena_free(arena);
        }
    }
}

static void refuses_sets_that_hold_anything_but_good_public_keys(void **state)
{
    (void)state;
    char *rest = text_of("sets.txt");
    int count = 0;
    for (char *line = next_line(&rest); line != NULL; line = next_line(&rest), count++) {
        struct jwks *out = NULL;
        const char *text = cut(line);
        if (jwks_parse(bytes_of_text(text), line, &out) != ERR_SETTINGS_INVALID)
            fail_msg("%s was accepted", line);
        assert_null(out);
    }
    assert_true(count > 15);
}

static void refuses_a_file_that_is_not_there(void **state)
{
    (void)state;
    struct jwks *out = NULL;
    assert_int_equal(jwks_load("nowhere.json", &out), ERR_SETTINGS_INVALID);
    assert_null(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_each_token_as_it_should),
        cmocka_unit_test(reads_the_claims),
        cmocka_unit_test(refuses_every_cut),
        cmocka_unit_test(refuses_every_changed_character),
        cmocka_unit_test(refuses_sets_that_hold_anything_but_good_public_keys),
        cmocka_unit_test(refuses_a_file_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
