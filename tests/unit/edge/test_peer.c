/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "base/log.h"
#include "base/mem.h"
#include "edge/peer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CALLS_MAX   500
#define PATIENCE_MS 5000
#define MEGABYTE    (1024u * 1024u)

/* -- both ends on one loop --------------------------------------------------------------------------------------- */

struct context {
    struct loop *loop;
    struct loop_timer *patience;
    char folder[64], path[96];
    struct peer_server *server;
    struct peer_client *client;
    struct peer_call *held[CALLS_MAX]; /* calls of "hold", not answered yet */
    size_t held_count, answered, expected;
    enum err last;
    char text[MEGABYTE + 1];
};

static void handle(struct peer_call *call, const char *operation, struct bytes body)
{
    struct context *context = peer_call_server(call);
    if (strcmp(operation, "echo") == 0) {
        struct json *answer = json_new_object();
        json_put_text(answer, "text", arena_text_n(peer_call_arena(call), (const char *)body.data, body.size));
        peer_reply(call, answer);
    } else if (strcmp(operation, "hold") == 0) {
        context->held[context->held_count++] = call;
    } else if (strcmp(operation, "nothing") == 0) {
        peer_reply(call, NULL);
    } else if (strcmp(operation, "explain") == 0) {
        struct fault *fault = peer_call_fault(call);
        fault_field(fault, "csr", "key_size", "密钥过短", "The key is too short");
        peer_fail(call, fault_explain(fault, ERR_CSR_KEY_REFUSED, "需要2048位", "2048 bits are needed"));
    } else {
        peer_fail(call, ERR_NOT_FOUND);
    }
}

static void out_of_patience(void *state)
{
    (void)state;
    fail_msg("waited in vain");
}

static void start_server(struct context *context)
{
    assert_int_equal(peer_listen(context->loop, context->path, handle, context, &context->server), OK);
}

static int set_up(void **state)
{
    struct context *context = mem_alloc(sizeof(*context));
    log_init("test", LOG_ERROR);
    context->loop = loop_new();
    context->patience = loop_timer_new(context->loop, out_of_patience, context);
    strcpy(context->folder, "/tmp/xuqi-peer-XXXXXX");
    assert_non_null(mkdtemp(context->folder));
    snprintf(context->path, sizeof(context->path), "%s/socket", context->folder);
    start_server(context);
    context->client = peer_client_new(context->loop, context->path, CALLS_MAX);
    *state = context;
    return 0;
}

static int tear_down(void **state)
{
    struct context *context = *state;
    peer_client_free(context->client);
    peer_server_free(context->server);
    for (size_t i = 0; i < context->held_count; i++)
        peer_reply(context->held[i], NULL);
    loop_timer_free(context->patience);
    loop_free(context->loop);
    unlink(context->path);
    rmdir(context->folder);
    mem_free(context);
    return 0;
}

static void answered(void *state, enum err err, struct bytes body)
{
    struct context *context = state;
    context->last = err;
    memcpy(context->text, body.size > 0 ? (const char *)body.data : "", body.size);
    context->text[body.size] = '\0';
    if (++context->answered == context->expected)
        loop_stop(context->loop);
}

static enum err call(struct context *context, const char *operation, const char *body, int64_t deadline_ms)
{
    struct bytes bytes = {(const uint8_t *)body, strlen(body)};
    return peer_call(context->client, operation, bytes, deadline_ms, ERR_ISSUER_UNAVAILABLE, NULL, answered, context);
}

static void run_until(struct context *context, size_t expected)
{
    context->expected = expected;
    if (context->answered >= expected)
        return;
    loop_timer_start(context->patience, PATIENCE_MS);
    loop_run(context->loop);
    loop_timer_stop(context->patience);
    assert_int_equal(context->answered, expected);
}

static void stop_waiting(void *context)
{
    loop_stop(((struct context *)context)->loop);
}

static void run_for(struct context *context, int64_t ms)
{
    struct loop_timer *timer = loop_timer_new(context->loop, stop_waiting, context);
    loop_timer_start(timer, ms);
    loop_run(context->loop);
    loop_timer_free(timer);
}

static void release_held(struct context *context, bool backwards)
{
    for (size_t i = 0; i < context->held_count; i++)
        peer_reply(context->held[backwards ? context->held_count - 1 - i : i], NULL);
    context->held_count = 0;
}

/* -- calls ------------------------------------------------------------------------------------------------------- */

static void answers_a_call(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "echo", "续期", 1000), OK);
    run_until(context, 1);
    assert_int_equal(context->last, OK);
    assert_string_equal(context->text, "{\"text\":\"续期\"}");
}

static void answers_without_a_body(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "nothing", "", 1000), OK);
    run_until(context, 1);
    assert_int_equal(context->last, OK);
    assert_string_equal(context->text, "");
}

static void carries_an_error_by_its_code(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "no_such_operation", "", 1000), OK);
    run_until(context, 1);
    assert_int_equal(context->last, ERR_NOT_FOUND);
    assert_string_equal(context->text, "");
}

static void carries_the_explanation_of_an_error(void **state)
{
    struct context *context = *state;
    struct arena *arena = arena_new();
    struct fault fault;
    fault_init(&fault, arena);
    assert_int_equal(peer_call(context->client, "explain", (struct bytes){0}, 1000, ERR_ISSUER_UNAVAILABLE, &fault,
                               answered, context),
                     OK);
    run_until(context, 1);
    assert_int_equal(context->last, ERR_CSR_KEY_REFUSED);
    assert_string_equal(fault.detail_zh, "需要2048位");
    assert_int_equal(fault.field_count, 1);
    assert_string_equal(fault.fields[0].path, "csr");
    assert_string_equal(fault.fields[0].code, "key_size");
    assert_string_equal(fault.fields[0].en, "The key is too short");
    assert_non_null(strstr(context->text, "\"fields\""));
    arena_free(arena);
}

static void answers_many_calls_at_once_in_any_order(void **state)
{
    struct context *context = *state;
    for (size_t i = 0; i < CALLS_MAX; i++)
        assert_int_equal(call(context, "hold", "x", 4000), OK);
    assert_int_equal(call(context, "echo", "", 1000), ERR_BUSY);
    while (context->held_count < CALLS_MAX)
        run_for(context, 5);
    assert_int_equal(peer_server_pending(context->server), CALLS_MAX);
    release_held(context, true);
    run_until(context, CALLS_MAX);
    assert_int_equal(context->last, OK);
    assert_int_equal(peer_server_pending(context->server), 0);
    assert_int_equal(call(context, "echo", "", 1000), OK);
    run_until(context, CALLS_MAX + 1);
}

static void carries_the_largest_frame_and_no_larger(void **state)
{
    struct context *context = *state;
    size_t largest = MEGABYTE - 8 - strlen("nothing") - 1;
    uint8_t *data = mem_alloc(MEGABYTE);
    assert_int_equal(peer_call(context->client, "nothing", (struct bytes){data, largest}, 4000, ERR_ISSUER_UNAVAILABLE,
                               NULL, answered, context),
                     OK);
    assert_int_equal(peer_call(context->client, "nothing", (struct bytes){data, largest + 1}, 4000,
                               ERR_ISSUER_UNAVAILABLE, NULL, answered, context),
                     ERR_BODY_TOO_LARGE);
    run_until(context, 1);
    assert_int_equal(context->last, OK);
    mem_free(data);
}

static void tells_when_an_answer_is_too_large(void **state)
{
    struct context *context = *state;
    char *text = mem_alloc(MEGABYTE);
    memset(text, '"', MEGABYTE - 100); /* written as \" */
    assert_int_equal(call(context, "echo", text, 4000), OK);
    run_until(context, 1);
    assert_int_equal(context->last, ERR_INTERNAL);
    mem_free(text);
}

/* -- when things break ------------------------------------------------------------------------------------------- */

static void ends_a_call_at_its_deadline_and_drops_the_late_answer(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "hold", "", 50), OK);
    run_until(context, 1);
    assert_int_equal(context->last, ERR_ISSUER_UNAVAILABLE);
    assert_int_equal(call(context, "hold", "", 4000), OK); /* takes the same slot */
    while (context->held_count < 2)
        run_for(context, 5);
    peer_fail(context->held[0], ERR_FORBIDDEN);
    context->held[0] = context->held[1];
    context->held_count = 1;
    run_for(context, 50);
    assert_int_equal(context->answered, 1);
    release_held(context, false);
    run_until(context, 2);
    assert_int_equal(context->last, OK);
}

static void keeps_deadlines_apart(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "hold", "", 4000), OK);
    assert_int_equal(call(context, "hold", "", 60), OK);
    assert_int_equal(call(context, "hold", "", 120), OK);
    run_until(context, 2);
    run_for(context, 50);
    assert_int_equal(context->answered, 2);
}

static void ends_open_calls_when_the_callee_dies_and_reconnects(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "hold", "", 4000), OK);
    assert_int_equal(call(context, "hold", "", 4000), OK);
    while (context->held_count < 2)
        run_for(context, 5);
    peer_server_free(context->server);
    release_held(context, false); /* answers to nobody */
    run_until(context, 2);
    assert_int_equal(context->last, ERR_ISSUER_UNAVAILABLE);
    assert_int_equal(call(context, "echo", "", 4000), ERR_ISSUER_UNAVAILABLE);
    start_server(context);
    assert_int_equal(call(context, "echo", "again", 4000), OK);
    run_until(context, 3);
    assert_int_equal(context->last, OK);
}

static void reconnects_by_itself(void **state)
{
    struct context *context = *state;
    peer_server_free(context->server);
    run_for(context, 100);
    start_server(context);
    run_for(context, 400);
    peer_server_stop(context->server); /* connected before: a call still gets an answer */
    assert_int_equal(call(context, "echo", "", 4000), OK);
    run_until(context, 1);
    assert_int_equal(context->last, ERR_SHUTTING_DOWN);
}

static void answers_calls_under_way_after_a_stop(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "hold", "", 4000), OK);
    while (context->held_count < 1)
        run_for(context, 5);
    peer_server_stop(context->server);
    assert_int_equal(access(context->path, F_OK), -1);
    release_held(context, false);
    run_until(context, 1);
    assert_int_equal(context->last, OK);
}

static void ends_open_calls_when_the_client_is_freed(void **state)
{
    struct context *context = *state;
    assert_int_equal(call(context, "hold", "", 4000), OK);
    context->expected = 0;
    peer_client_free(context->client);
    context->client = NULL;
    assert_int_equal(context->answered, 1);
    assert_int_equal(context->last, ERR_ISSUER_UNAVAILABLE);
}

/* -- strangers --------------------------------------------------------------------------------------------------- */

static int connect_raw(const struct context *context)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, context->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void assert_closed_after(struct context *context, const void *bytes, size_t size)
{
    int fd = connect_raw(context);
    assert_int_equal(send(fd, bytes, size, MSG_NOSIGNAL), (ssize_t)size);
    run_for(context, 30);
    char answer;
    assert_true(recv(fd, &answer, 1, MSG_DONTWAIT) == 0);
    close(fd);
}

static void closes_on_broken_frames(void **state)
{
    struct context *context = *state;
    static const char too_large[] = "\x00\x10\x00\x01";
    static const char huge[] = "\xff\xff\xff\xff";
    static const char empty[] = "\x00\x00\x00\x00";
    static const char no_word[] = "\x00\x00\x00\x0a\0\0\0\0\0\0\0\1\0x";
    static const char no_end[] = "\x00\x00\x00\x0a\0\0\0\0\0\0\0\1xy";
    static const char odd_word[] = "\x00\x00\x00\x0b\0\0\0\0\0\0\0\1A\0";
    static const char http[] = "GET / HTTP/1.1\r\n\r\n";
    assert_closed_after(context, too_large, 4);
    assert_closed_after(context, huge, 4);
    assert_closed_after(context, empty, 4);
    assert_closed_after(context, no_word, sizeof(no_word) - 1);
    assert_closed_after(context, no_end, sizeof(no_end) - 1);
    assert_closed_after(context, odd_word, sizeof(odd_word));
    assert_closed_after(context, http, sizeof(http) - 1);
    assert_int_equal(peer_server_pending(context->server), 0);
    assert_int_equal(call(context, "echo", "still there", 1000), OK);
    run_until(context, 1);
    assert_int_equal(context->last, OK);
}

static void survives_callers_that_leave(void **state)
{
    struct context *context = *state;
    static const char hold[] = "\x00\x00\x00\x0d\0\0\0\0\0\0\0\1hold";
    for (size_t size = 0; size <= sizeof(hold); size++) {
        int fd = connect_raw(context);
        assert_int_equal(send(fd, hold, size, MSG_NOSIGNAL), (ssize_t)size);
        run_for(context, 2);
        close(fd);
        run_for(context, 2);
    }
    assert_int_equal(context->held_count, 1);
    release_held(context, false);
    assert_int_equal(peer_server_pending(context->server), 0);
}

static void replaces_a_stale_socket_and_keeps_it_private(void **state)
{
    struct context *context = *state;
    struct stat about;
    assert_int_equal(stat(context->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    struct peer_server *second;
    assert_int_equal(peer_listen(context->loop, context->path, handle, context, &second), OK);
    peer_server_free(second);
}

static void does_not_replace_a_file_that_is_no_socket(void **state)
{
    struct context *context = *state;
    char path[128];
    snprintf(path, sizeof(path), "%s/file", context->folder);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    struct peer_server *server = NULL;
    log_init("test", LOG_ERROR + 1);
    assert_int_equal(peer_listen(context->loop, path, handle, context, &server), ERR_SETTINGS_INVALID);
    assert_null(server);
    assert_int_equal(unlink(path), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_a_call),
        TEST(answers_without_a_body),
        TEST(carries_an_error_by_its_code),
        TEST(carries_the_explanation_of_an_error),
        TEST(answers_many_calls_at_once_in_any_order),
        TEST(carries_the_largest_frame_and_no_larger),
        TEST(tells_when_an_answer_is_too_large),
        TEST(ends_a_call_at_its_deadline_and_drops_the_late_answer),
        TEST(keeps_deadlines_apart),
        TEST(ends_open_calls_when_the_callee_dies_and_reconnects),
        TEST(reconnects_by_itself),
        TEST(answers_calls_under_way_after_a_stop),
        TEST(ends_open_calls_when_the_client_is_freed),
        TEST(closes_on_broken_frames),
        TEST(survives_callers_that_leave),
        TEST(replaces_a_stale_socket_and_keeps_it_private),
        TEST(does_not_replace_a_file_that_is_no_socket),
    };
    return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
