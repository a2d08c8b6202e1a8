/* SPDX-License-Identifier: Apache-2.0 */
/* Calls against a server on this loop that answers as each test says, and against openssl s_server for TLS. */
#include "remote/http.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "unit/edge/test.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS_MAX    4
#define TIMEOUT_MS   400
#define ANSWER_MAX   1000
#define REQUEST_SIZE 8192

enum behaviour { ANSWERS, HANGS, RESETS };

struct context {
    struct loop *loop;
    struct http *http;
    struct arena *arena;
    struct loop_watch *listening, *serving;
    int listener, peer, port;
    enum behaviour behaviour;
    const char *script; /* the answer's bytes */
    char request[REQUEST_SIZE];
    size_t request_size, accepted;
    char url[128];
    size_t done, wanted;
    enum err last;
    struct http_answer answer;
};

/* -- the other side ---------------------------------------------------------------------------------------------- */

static void hang_up(struct context *context)
{
    struct linger now = {1, 0};
    if (context->peer < 0)
        return;
    if (context->behaviour == RESETS)
        setsockopt(context->peer, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    loop_watch_free(context->serving);
    context->serving = NULL;
    close(context->peer);
    context->peer = -1;
}

static void serve(void *state, bool readable, bool writable)
{
    (void)readable, (void)writable;
    struct context *context = state;
    ssize_t got = read(context->peer, context->request + context->request_size,
                       sizeof(context->request) - 1 - context->request_size);
    if (got <= 0) {
        hang_up(context);
        return;
    }
    context->request_size += (size_t)got;
    if (strstr(context->request, "\r\n\r\n") == NULL || context->behaviour == HANGS)
        return;
    if (context->behaviour == ANSWERS)
        assert_int_equal(write(context->peer, context->script, strlen(context->script)), strlen(context->script));
    hang_up(context);
}

static void welcome(void *state, bool readable, bool writable)
{
    (void)readable, (void)writable;
    struct context *context = state;
    context->peer = accept(context->listener, NULL, NULL);
    context->accepted++;
    context->serving = loop_watch_new(context->loop, context->peer, serve, context);
    loop_watch_set(context->serving, true, false);
}

static void listen_somewhere(struct context *context)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    context->peer = -1;
    context->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(context->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(context->listener, 8), 0);
    assert_int_equal(getsockname(context->listener, (struct sockaddr *)&address, &size), 0);
    context->port = ntohs(address.sin_port);
    context->listening = loop_watch_new(context->loop, context->listener, welcome, context);
    loop_watch_set(context->listening, true, false);
    snprintf(context->url, sizeof(context->url), "http://127.0.0.1:%d/pay?a=1", context->port);
}

static int set_up(void **state)
{
    struct context *context = mem_alloc(sizeof(*context));
    log_init("test", LOG_ERROR);
    context->loop = loop_new();
    context->arena = arena_new();
    assert_int_equal(http_open(context->loop, "", CALLS_MAX, &context->http), OK);
    listen_somewhere(context);
    *state = context;
    return 0;
}

static int tear_down(void **state)
{
    struct context *context = *state;
    http_close(context->http);
    hang_up(context);
    loop_watch_free(context->listening);
    close(context->listener);
    loop_free(context->loop);
    arena_free(context->arena);
    mem_free(context);
    return 0;
}

/* -- this side --------------------------------------------------------------------------------------------------- */

static void ended(void *state, enum err err, const struct http_answer *answer)
{
    struct context *context = state;
    context->last = err;
    assert_int_equal(answer != NULL, err == OK);
    if (answer != NULL)
        context->answer = *answer;
    if (++context->done == context->wanted)
        loop_stop(context->loop);
}

static enum err start(struct context *context, const char *method, const char *url, const char *body)
{
    const struct http_header headers[] = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    struct http_request request = {.method = method,
                                   .url = url,
                                   .headers = headers,
                                   .header_count = 2,
                                   .body = bytes_of_text(body),
                                   .timeout_ms = TIMEOUT_MS,
                                   .answer_max = ANSWER_MAX};
    return http_start(context->http, &request, context->arena, ended, context);
}

static enum err call(struct context *context, const char *url, const char *body)
{
    context->wanted = context->done + 1;
    enum err err = start(context, "POST", url, body);
    if (err != OK)
        return err;
    loop_run(context->loop);
    return context->last;
}

static void hears_the_answer_with_status_headers_and_body(void **state)
{
    struct context *context = *state;
    context->script = "HTTP/1.1 500 Oops\r\nX-Sign:  abc \r\nContent-Length: 5\r\n\r\nhello";
    assert_int_equal(call(context, context->url, "{}"), OK);
    assert_int_equal(context->answer.status, 500);
    assert_string_equal(http_answer_header(&context->answer, "x-sign"), "abc");
    assert_null(http_answer_header(&context->answer, "x-other"));
    assert_true(bytes_equal(context->answer.body, bytes_of_text("hello")));
}

static void sends_method_path_headers_and_body_as_given(void **state)
{
    struct context *context = *state;
    context->script = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(call(context, context->url, "{\"a\":1}"), OK);
    assert_non_null(strstr(context->request, "POST /pay?a=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(context->request, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(context->request, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(context->request, "\r\nContent-Length: 7\r\n"));
    assert_null(strstr(context->request, "Expect"));
    assert_non_null(strstr(context->request, "\r\n\r\n{\"a\":1}"));
}

static void forgets_the_headers_of_an_interim_answer(void **state)
{
    struct context *context = *state;
    context->script = "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(call(context, context->url, "{}"), OK);
    assert_null(http_answer_header(&context->answer, "X-Early"));
}

static void does_not_follow_a_redirect(void **state)
{
    struct context *context = *state;
    context->script = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(call(context, context->url, "{}"), OK);
    assert_int_equal(context->answer.status, 302);
    assert_int_equal(context->accepted, 1);
}

static void makes_a_connection_of_its_own_for_each_call(void **state)
{
    struct context *context = *state;
    context->script = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n";
    assert_int_equal(call(context, context->url, "{}"), OK);
    context->request_size = 0;
    memset(context->request, 0, sizeof(context->request));
    assert_int_equal(call(context, context->url, "{}"), OK);
    assert_int_equal(context->accepted, 2);
}

static void a_closed_port_is_unreachable(void **state)
{
    struct context *context = *state;
    loop_watch_free(context->listening);
    context->listening = NULL;
    close(context->listener);
    context->listener = -1;
    assert_int_equal(call(context, context->url, "{}"), ERR_REMOTE_UNREACHABLE);
}

static void a_name_that_does_not_exist_is_unreachable(void **state)
{
    assert_int_equal(call(*state, "https://gateway.invalid/", "{}"), ERR_REMOTE_UNREACHABLE);
}

static void silence_after_the_request_is_unknown(void **state)
{
    struct context *context = *state;
    context->behaviour = HANGS;
    assert_int_equal(call(context, context->url, "{}"), ERR_REMOTE_UNKNOWN);
}

static void a_broken_connection_after_the_request_is_unknown_and_not_repeated(void **state)
{
    struct context *context = *state;
    context->behaviour = RESETS;
    assert_int_equal(call(context, context->url, "{}"), ERR_REMOTE_UNKNOWN);
    assert_int_equal(context->accepted, 1);
}

static void an_answer_cut_short_is_unknown(void **state)
{
    struct context *context = *state;
    context->script = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello";
    assert_int_equal(call(context, context->url, "{}"), ERR_REMOTE_UNKNOWN);
}

static void an_answer_that_is_no_http_is_unknown(void **state)
{
    struct context *context = *state;
    context->script = "\x15\x03\x01 what?\r\n\r\n";
    assert_int_equal(call(context, context->url, "{}"), ERR_REMOTE_UNKNOWN);
}

static void an_answer_of_the_largest_size_is_taken_and_a_larger_one_is_unknown(void **state)
{
    struct context *context = *state;
    for (size_t size = ANSWER_MAX; size <= ANSWER_MAX + 1; size++) {
        char *body = arena_alloc(context->arena, size + 1);
        memset(body, 'x', size);
        context->script = arena_format(context->arena, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", size, body);
        assert_int_equal(call(context, context->url, "{}"), size <= ANSWER_MAX ? OK : ERR_REMOTE_UNKNOWN);
        context->request_size = 0;
        memset(context->request, 0, sizeof(context->request));
    }
}

static void too_many_headers_are_unknown(void **state)
{
    struct context *context = *state;
    const char *headers = "";
    for (int i = 0; i < 100; i++)
        headers = arena_format(context->arena, "%sX-%d: 1\r\n", headers, i);
    context->script = arena_format(context->arena, "HTTP/1.1 200 OK\r\n%s\r\n", headers);
    assert_int_equal(call(context, context->url, "{}"), ERR_REMOTE_UNKNOWN);
}

static void refuses_plain_http_to_another_machine_other_schemes_and_passwords(void **state)
{
    static const char *const urls[] = {
        "http://example.com/",
        "http://127.0.0.1.example.com/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:pw@host/",
        "not a url",
        "",
    };
    for (size_t i = 0; i < ARRAY_SIZE(urls); i++)
        assert_int_equal(call(*state, urls[i], "{}"), ERR_SETTINGS_INVALID);
}

static void refuses_a_header_that_breaks_the_line(void **state)
{
    struct context *context = *state;
    const struct http_header header = {"X-Sign", "a\r\nX-Other: b"};
    struct http_request request = {"GET", context->url, &header, 1, {0}, TIMEOUT_MS, ANSWER_MAX};
    assert_int_equal(http_start(context->http, &request, context->arena, ended, context), ERR_INTERNAL);
    assert_int_equal(http_pending(context->http), 0);
}

static void is_busy_when_as_many_calls_as_may_be_are_under_way(void **state)
{
    struct context *context = *state;
    context->behaviour = HANGS;
    for (size_t i = 0; i < CALLS_MAX; i++)
        assert_int_equal(start(context, "GET", context->url, ""), OK);
    assert_int_equal(start(context, "GET", context->url, ""), ERR_BUSY);
    assert_int_equal(context->done, 0);
}

/* -- TLS --------------------------------------------------------------------------------------------------------- */

static pid_t tls_server(const char *folder, int port)
{
    char command[512], number[16];
    snprintf(
        command, sizeof(command),
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout %s/key.pem -out %s/cert.pem -subj /CN=localhost -days 1 "
        "-addext subjectAltName=DNS:localhost 2>/dev/null",
        folder, folder);
    assert_int_equal(system(command), 0);
    snprintf(number, sizeof(number), "%d", port);
    pid_t pid = fork();
    if (pid == 0) {
        assert_int_equal(chdir(folder), 0);
        execlp("openssl", "openssl", "s_server", "-quiet", "-www", "-accept", number, "-key", "key.pem", "-cert",
               "cert.pem", (char *)NULL);
        _exit(1);
    }
    return pid;
}

static bool answers(int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool answered = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
    close(fd);
    return answered;
}

static void believes_only_the_authority_it_was_given(void **state)
{
    struct context *context = *state;
    char folder[] = "/tmp/xuqi-http-XXXXXX", ca[64], command[64];
    assert_non_null(mkdtemp(folder));
    int port = context->port;
    loop_watch_free(context->listening); /* its port is free for the other server */
    context->listening = NULL;
    close(context->listener);
    context->listener = -1;
    pid_t pid = tls_server(folder, port);
    for (int i = 0; i < 100 && !answers(port); i++)
        usleep(50000);
    snprintf(context->url, sizeof(context->url), "https://localhost:%d/", port);
    enum err stranger = call(context, context->url, "{}");
    http_close(context->http);
    snprintf(ca, sizeof(ca), "%s/cert.pem", folder);
    assert_int_equal(http_open(context->loop, ca, CALLS_MAX, &context->http), OK);
    struct http_request get = {"GET", context->url, NULL, 0, {0}, 5000, 100000};
    context->wanted = context->done + 1;
    assert_int_equal(http_start(context->http, &get, context->arena, ended, context), OK);
    loop_run(context->loop);
    enum err friend = context->last;
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(stranger, ERR_REMOTE_UNREACHABLE);
    assert_int_equal(friend, OK);
}

static void calls_only_the_hosts_it_was_given(void **state)
{
    struct context *context = *state;
    context->script = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(http_allow_url(context->http, "https://api.example.com/v3"), OK);
    assert_int_equal(start(context, "POST", context->url, "{}"), ERR_SETTINGS_INVALID);
    assert_int_equal(start(context, "POST", "https://api.example.com.evil.com/", "{}"), ERR_SETTINGS_INVALID);
    assert_int_equal(http_pending(context->http), 0);
    assert_int_equal(http_allow_hosts(context->http, " files.example.com  127.0.0.1"), OK);
    assert_int_equal(call(context, context->url, "{}"), OK);
    assert_int_equal(start(context, "POST", "https://localhost/", "{}"), ERR_SETTINGS_INVALID);
}

static void knows_a_host_in_capitals(void **state)
{
    struct context *context = *state;
    char url[128];
    assert_int_equal(http_allow_hosts(context->http, "LOCALHOST"), OK);
    snprintf(url, sizeof(url), "http://localhost:%d/", context->port);
    context->script = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(call(context, url, "{}"), OK);
}

static void an_empty_list_of_hosts_allows_none(void **state)
{
    struct context *context = *state;
    assert_int_equal(http_allow_hosts(context->http, ""), OK);
    assert_int_equal(start(context, "POST", context->url, "{}"), ERR_SETTINGS_INVALID);
}

static void plain_http_goes_to_the_one_host_that_is_named(void **state)
{
    struct context *context = *state;
    assert_int_equal(http_allow_url(context->http, "http://10.1.2.3:6788/"), ERR_SETTINGS_INVALID);
    http_allow_plain(context->http, "10.1.2.3");
    assert_int_equal(http_allow_url(context->http, "http://10.1.2.3:6788/"), OK);
    assert_int_equal(http_allow_url(context->http, "http://10.1.2.4:6788/"), ERR_SETTINGS_INVALID);
    assert_int_equal(http_allow_url(context->http, "http://10.1.2.3.example.com/"), ERR_SETTINGS_INVALID);
}

static void refuses_to_allow_what_is_no_host_or_could_not_be_called(void **state)
{
    struct context *context = *state;
    assert_int_equal(http_allow_hosts(context->http, "a/b"), ERR_SETTINGS_INVALID);
    assert_int_equal(http_allow_hosts(context->http, "https://a"), ERR_SETTINGS_INVALID);
    assert_int_equal(http_allow_url(context->http, "http://api.example.com/"), ERR_SETTINGS_INVALID);
    assert_int_equal(http_allow_url(context->http, "not a url"), ERR_SETTINGS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hears_the_answer_with_status_headers_and_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sends_method_path_headers_and_body_as_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forgets_the_headers_of_an_interim_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(does_not_follow_a_redirect, set_up, tear_down),
        cmocka_unit_test_setup_teardown(makes_a_connection_of_its_own_for_each_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_closed_port_is_unreachable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_that_does_not_exist_is_unreachable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silence_after_the_request_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_broken_connection_after_the_request_is_unknown_and_not_repeated, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_answer_cut_short_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_that_is_no_http_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_of_the_largest_size_is_taken_and_a_larger_one_is_unknown, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(too_many_headers_are_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_plain_http_to_another_machine_other_schemes_and_passwords, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_header_that_breaks_the_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_busy_when_as_many_calls_as_may_be_are_under_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(believes_only_the_authority_it_was_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(calls_only_the_hosts_it_was_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(knows_a_host_in_capitals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_list_of_hosts_allows_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plain_http_goes_to_the_one_host_that_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_to_allow_what_is_no_host_or_could_not_be_called, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
