/* SPDX-License-Identifier: Apache-2.0 */
/* bench_load --port P --requests FILE [--connections N] [--skip N] [--rate R] [--log FILE] and one of
 *   --take N      the next N requests of the file, each once; ends with the last reply
 *   --seconds S   requests of the file at random for S seconds
 *   --hold        one request per connection; prints "holding" and keeps all connections open until its input ends
 * With --rate R requests are due R a second whether or not replies have come, and are timed from when they were due: a
 * server that stands still is not let off what it kept waiting.
 * With --log FILE each reply leaves a line: when it was due, in ms since the beginning, and after how many ms it came.
 * Prints one line (load.h, figures_print). Ends with 1 when a reply was not 2xx (the first of them goes to stderr) or a
 * connection was closed. */
#include "load.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define EVENTS_MAX     256
#define HOLD_WINDOW    256 /* first requests under way at once: thousands in one moment are rightly told to come back */
#define SILENCE_MAX_MS 20000

struct load {
    uint16_t port;
    const char *requests_path;
    size_t connection_count, skip, take;
    double seconds, rate;
    bool hold;

    struct requests requests;
    struct connection *connections;
    struct connection **idle; /* with a rate: those that nothing is due for */
    struct figures figures;
    size_t started, issued, under_way, idle_count;
    uint64_t random;
    int64_t started_us, last_us;
    int epoll;
    FILE *log;
};

/* -- which request ------------------------------------------------------------------------------------------------- */

/* xorshift64: the same walk in each run. */
static size_t random_index(struct load *load)
{
    load->random ^= load->random << 13;
    load->random ^= load->random >> 7;
    load->random ^= load->random << 17;
    return load->random % load->requests.count;
}

/* When the next request is due; with no rate as soon as a connection is free. */
static int64_t due_us(const struct load *load)
{
    return load->rate > 0 ? load->started_us + (int64_t)((double)load->issued * 1e6 / load->rate) : 0;
}

static bool next_request(struct load *load, struct request *request)
{
    if (load->rate > 0 && now_us() < due_us(load))
        return false;
    if (load->seconds > 0) {
        if ((double)(now_us() - load->started_us) >= load->seconds * 1e6)
            return false;
        *request = load->requests.items[random_index(load)];
    } else {
        if (load->issued == load->take)
            return false;
        *request = load->requests.items[(load->skip + load->issued) % load->requests.count];
    }
    load->issued++;
    return true;
}

/* -- the loop ------------------------------------------------------------------------------------------------------ */

static void replied(struct load *load, const struct connection *connection)
{
    int status = connection_status(connection);
    bool accepted = status >= 200 && status < 300;
    load->last_us = now_us();
    if (!accepted && load->figures.refused == 0)
        fprintf(stderr, "bench_load: %s\n", connection->reply);
    figures_add(&load->figures, load->last_us - connection->started_us, accepted);
    if (load->log != NULL)
        fprintf(load->log, "%.1f %.2f\n", (double)(connection->started_us - load->started_us) / 1e3,
                (double)(load->last_us - connection->started_us) / 1e3);
}

static void start_next(struct load *load);

/* False when this connection has nothing more to ask. */
static bool ask_again(struct load *load, struct connection *connection)
{
    struct request request;
    int64_t due = due_us(load);
    if (load->hold || !next_request(load, &request))
        return false;
    connection_start(connection, request);
    if (load->rate > 0)
        connection->started_us = due;
    return true;
}

static void run(struct load *load, struct connection *connection)
{
    enum progress progress;
    while ((progress = connection_step(connection)) == PROGRESS_REPLIED) {
        replied(load, connection);
        if (ask_again(load, connection))
            continue;
        connection->request.text = NULL;
        load->under_way--;
        if (load->rate > 0)
            load->idle[load->idle_count++] = connection;
        if (load->hold)
            start_next(load);
        return;
    }
    if (progress == PROGRESS_LOST)
        errx(1, "the server closed a connection (%zu replies came)", load->figures.count);
}

static void start_next(struct load *load)
{
    struct request request;
    if (load->started == load->connection_count || !next_request(load, &request))
        return;
    struct connection *connection = &load->connections[load->started++];
    load->under_way++;
    connection_start(connection, request);
    run(load, connection);
}

/* What has become due, on connections that are idle. */
static void start_due(struct load *load)
{
    while (load->idle_count > 0 && ask_again(load, load->idle[load->idle_count - 1])) {
        struct connection *connection = load->idle[--load->idle_count];
        load->under_way++;
        run(load, connection);
    }
}

static void start(struct load *load)
{
    load->started_us = load->last_us = now_us();
    if (load->rate > 0) {
        for (size_t i = 0; i < load->connection_count; i++)
            load->idle[load->idle_count++] = &load->connections[i];
        start_due(load);
        return;
    }
    size_t at_once = load->hold && load->connection_count > HOLD_WINDOW ? HOLD_WINDOW : load->connection_count;
    for (size_t i = 0; i < at_once; i++)
        start_next(load);
}

static bool more_is_due(const struct load *load)
{
    if (load->rate == 0)
        return false;
    return load->seconds > 0 ? (double)(now_us() - load->started_us) < load->seconds * 1e6 : load->issued < load->take;
}

/* Until a reply may have come or something is due. */
static int wait_once(struct load *load, struct epoll_event *events)
{
    int64_t wait_us = SILENCE_MAX_MS * INT64_C(1000), until_due_us = due_us(load) - now_us();
    bool for_due = load->idle_count > 0 && more_is_due(load) && until_due_us < wait_us;
    if (for_due)
        wait_us = until_due_us > 0 ? until_due_us : 0;
    struct timespec wait = {wait_us / 1000000, wait_us % 1000000 * 1000};
    int count = epoll_pwait2(load->epoll, events, EVENTS_MAX, &wait, NULL);
    if (count == 0 && !for_due)
        errx(1, "no reply for %d s (%zu under way)", SILENCE_MAX_MS / 1000, load->under_way);
    return count;
}

static void wait_for_replies(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    while (load->under_way > 0 || more_is_due(load)) {
        int count = wait_once(load, events);
        if (count < 0 && errno != EINTR)
            err(2, "epoll_wait");
        for (int i = 0; i < count; i++)
            if (((struct connection *)events[i].data.ptr)->request.text != NULL || load->rate == 0)
                run(load, events[i].data.ptr);
        start_due(load);
    }
}

static void open_connections(struct load *load)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->connections = calloc(load->connection_count, sizeof(struct connection));
    load->idle = calloc(load->connection_count, sizeof(struct connection *));
    if (load->epoll < 0 || load->connections == NULL || load->idle == NULL)
        err(2, "epoll");
    for (size_t i = 0; i < load->connection_count; i++) {
        struct connection *connection = &load->connections[i];
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = connection};
        connection_open(connection, load->port);
        if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
            err(2, "epoll_ctl");
    }
}

static void hold(void)
{
    puts("holding");
    fflush(stdout);
    while (getchar() != EOF)
        ;
}

/* -- the command line ---------------------------------------------------------------------------------------------- */

static void read_option(struct load *load, int option)
{
    switch (option) {
    case 'p':
        load->port = (uint16_t)atoi(optarg);
        break;
    case 'r':
        load->requests_path = optarg;
        break;
    case 'c':
        load->connection_count = strtoul(optarg, NULL, 10);
        break;
    case 's':
        load->skip = strtoul(optarg, NULL, 10);
        break;
    case 't':
        load->take = strtoul(optarg, NULL, 10);
        break;
    case 'S':
        load->seconds = atof(optarg);
        break;
    case 'R':
        load->rate = atof(optarg);
        break;
    case 'l':
        load->log = fopen(optarg, "w");
        if (load->log == NULL)
            err(2, "%s", optarg);
        break;
    case 'h':
        load->hold = true;
        break;
    default:
        exit(2);
    }
}

static void read_options(struct load *load, int argc, char **argv)
{
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},
        {"requests", required_argument, NULL, 'r'},
        {"connections", required_argument, NULL, 'c'},
        {"skip", required_argument, NULL, 's'},
        {"take", required_argument, NULL, 't'},
        {"seconds", required_argument, NULL, 'S'},
        {"rate", required_argument, NULL, 'R'},
        {"log", required_argument, NULL, 'l'},
        {"hold", no_argument, NULL, 'h'},
        {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        read_option(load, option);
    if (load->hold)
        load->take = load->connection_count;
    if (load->port == 0 || load->requests_path == NULL || load->connection_count == 0 ||
        (load->take == 0) == !(load->seconds > 0))
        errx(2, "--port, --requests and one of --take, --seconds, --hold are needed");
}

int main(int argc, char **argv)
{
    struct load load = {.connection_count = 64, .random = 88172645463325252U};
    read_options(&load, argc, argv);
    load.requests = requests_map(load.requests_path);
    if (!load.hold && load.seconds == 0 && load.skip + load.take > load.requests.count)
        errx(2, "%s holds only %zu requests", load.requests_path, load.requests.count);
    open_connections(&load);
    start(&load);
    wait_for_replies(&load);
    figures_print(&load.figures, (double)(load.last_us - load.started_us) / 1e6);
    if (load.log != NULL && fclose(load.log) != 0)
        err(2, "the log could not be written");
    if (load.hold)
        hold();
    return load.figures.refused == 0 ? 0 : 1;
}
