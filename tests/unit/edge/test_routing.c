/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "edge/routing.h"

#include <string.h>

static enum err handler(struct request *req)
{
    (void)req;
    return OK;
}

static const struct route routes[] = {
    {"GET", "/", ACCESS_PUBLIC, NULL, 0, handler, LISTENER_PUBLIC},
    {"POST", "/renewals", ACCESS_PUBLIC, "application/json", 10, handler, LISTENER_PUBLIC},
    {"GET", "/renewals/{no}", ACCESS_RENEWAL, NULL, 0, handler, LISTENER_PUBLIC},
    {"POST", "/renewals/lookup", ACCESS_PUBLIC, "application/json", 10, handler, LISTENER_PUBLIC},
    {"PUT", "/renewals/{number}/materials/{kind}", ACCESS_RENEWAL, "application/pdf", 10, handler, LISTENER_PUBLIC},
    {"DELETE", "/renewals/{number}/materials/{kind}", ACCESS_RENEWAL, NULL, 0, handler, LISTENER_PUBLIC},
    {"GET", "/renewals/lookup/help", ACCESS_PUBLIC, NULL, 0, handler, LISTENER_PUBLIC},
    {"GET", "/desk", ACCESS_STAFF, NULL, 0, handler, LISTENER_STAFF},
    {"GET", "/metrics", ACCESS_PUBLIC, NULL, 0, handler, LISTENER_ADMIN},
};

struct context {
    struct arena *arena;
    struct routing *routing;
    struct target target;
    const struct route *route;
    const char *allow;
};

static int set_up(void **state)
{
    static struct context context;
    context = (struct context){.arena = arena_new()};
    context.routing = routing_new(routes, ARRAY_SIZE(routes), LISTENER_PUBLIC);
    *state = &context;
    return 0;
}

static int tear_down(void **state)
{
    struct context *context = *state;
    routing_free(context->routing);
    arena_free(context->arena);
    return 0;
}

static enum err find(struct context *context, const char *method, const char *path)
{
    enum err err = target_parse(context->arena, path, strlen(path), NULL, &context->target);
    if (err != OK)
        return err;
    return routing_find(context->routing, method, &context->target, context->arena, &context->route, &context->allow);
}

static void finds_a_route_by_method_and_path(void **state)
{
    assert_int_equal(find(*state, "POST", "/renewals"), OK);
    assert_ptr_equal(((struct context *)*state)->route, &routes[1]);
}

static void finds_the_root(void **state)
{
    assert_int_equal(find(*state, "GET", "/"), OK);
    assert_ptr_equal(((struct context *)*state)->route, &routes[0]);
}

static void answers_head_by_get(void **state)
{
    assert_int_equal(find(*state, "HEAD", "/renewals/1"), OK);
    assert_ptr_equal(((struct context *)*state)->route, &routes[2]);
}

static void does_not_answer_head_by_another_method(void **state)
{
    assert_int_equal(find(*state, "HEAD", "/renewals"), ERR_METHOD_NOT_ALLOWED);
}

static void gives_the_parts_by_name(void **state)
{
    struct context *context = *state;
    assert_int_equal(find(context, "PUT", "/renewals/012026/materials/id-front.1"), OK);
    assert_string_equal(routing_part(context->route, &context->target, "number"), "012026");
    assert_string_equal(routing_part(context->route, &context->target, "kind"), "id-front.1");
    assert_null(routing_part(context->route, &context->target, "no"));
    assert_null(routing_part(context->route, &context->target, "numbe"));
}

static void prefers_a_literal_segment(void **state)
{
    assert_int_equal(find(*state, "POST", "/renewals/lookup"), OK);
    assert_ptr_equal(((struct context *)*state)->route, &routes[3]);
}

static void names_the_methods_of_a_literal_path_only(void **state)
{
    assert_int_equal(find(*state, "GET", "/renewals/lookup"), ERR_METHOD_NOT_ALLOWED);
    assert_string_equal(((struct context *)*state)->allow, "POST");
}

static void goes_back_from_a_literal_that_leads_nowhere(void **state)
{
    assert_int_equal(find(*state, "PUT", "/renewals/lookup/materials/x"), OK);
    assert_ptr_equal(((struct context *)*state)->route, &routes[4]);
}

static void names_all_methods_of_a_path(void **state)
{
    assert_int_equal(find(*state, "OPTIONS", "/renewals/1/materials/x"), ERR_METHOD_NOT_ALLOWED);
    assert_string_equal(((struct context *)*state)->allow, "PUT, DELETE");
    assert_int_equal(find(*state, "OPTIONS", "/renewals/1"), ERR_METHOD_NOT_ALLOWED);
    assert_string_equal(((struct context *)*state)->allow, "GET, HEAD");
}

static void finds_nothing_at_other_paths(void **state)
{
    static const char *const paths[] = {"/renewal",
                                        "/renewals/",
                                        "//renewals",
                                        "/renewals/1/",
                                        "/renewals/1/2",
                                        "/Renewals",
                                        "/renewals/1/materials",
                                        "/renewals/{no}X",
                                        "/%7Bno%7D"};
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
        assert_int_not_equal(find(*state, "GET", paths[i]), OK);
}

static void keeps_the_administration_address_apart(void **state)
{
    assert_int_equal(find(*state, "GET", "/metrics"), ERR_NOT_FOUND);
    struct context *context = *state;
    struct routing *admin = routing_new(routes, ARRAY_SIZE(routes), LISTENER_ADMIN);
    assert_int_equal(routing_find(admin, "GET", &context->target, context->arena, &context->route, &context->allow),
                     OK);
    routing_free(admin);
}

static void keeps_the_desks_apart(void **state)
{
    struct context *context = *state;
    struct routing *desk = routing_new(routes, ARRAY_SIZE(routes), LISTENER_STAFF);
    assert_int_equal(find(context, "GET", "/desk"), ERR_NOT_FOUND);
    assert_int_equal(routing_find(desk, "GET", &context->target, context->arena, &context->route, &context->allow), OK);
    assert_int_equal(find(context, "GET", "/renewals/1"), OK);
    assert_int_equal(routing_find(desk, "GET", &context->target, context->arena, &context->route, &context->allow),
                     ERR_NOT_FOUND);
    routing_free(desk);
}

static void refuses_parts_that_are_too_long_or_odd(void **state)
{
    char path[100] = "/renewals/";
    memset(path + 10, 'a', 64);
    assert_int_equal(find(*state, "GET", path), OK);
    path[74] = 'a';
    assert_int_equal(find(*state, "GET", path), ERR_NOT_FOUND);
    assert_int_equal(find(*state, "GET", "/renewals/a%20b"), ERR_NOT_FOUND);
    assert_int_equal(find(*state, "GET", "/renewals/a~b"), ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_a_route_by_method_and_path),
        TEST(finds_the_root),
        TEST(answers_head_by_get),
        TEST(does_not_answer_head_by_another_method),
        TEST(gives_the_parts_by_name),
        TEST(prefers_a_literal_segment),
        TEST(names_the_methods_of_a_literal_path_only),
        TEST(goes_back_from_a_literal_that_leads_nowhere),
        TEST(names_all_methods_of_a_path),
        TEST(finds_nothing_at_other_paths),
        TEST(keeps_the_administration_address_apart),
        TEST(keeps_the_desks_apart),
        TEST(refuses_parts_that_are_too_long_or_odd),
    };
    return cmocka_run_group_tests_name("routing", tests, NULL, NULL);
}
