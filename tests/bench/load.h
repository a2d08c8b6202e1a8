/* SPDX-License-Identifier: Apache-2.0 */
/* bench_load: one thread, epoll, keep-alive connections with one request under way each, so that it costs little beside
 * what it measures on the same cores. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* -- requests (load_requests.c) ----------------------------------------------------------------------------------- */

struct request {
    const char *text;
    size_t size;
};

struct requests {
    struct request *items;
    size_t count;
};

/* Maps a file of bench_prepare; ends the program with a sentence when it cannot. */
struct requests requests_map(const char *path);

/* -- figures (load_figures.c) ------------------------------------------------------------------------------------- */

struct figures {
    uint32_t *latencies_us;
    size_t count, capacity;
    size_t refused; /* not 2xx */
};

void figures_add(struct figures *figures, int64_t latency_us, bool accepted);
/* One line: replies=… refused=… seconds=… per_second=… p50_ms=… p99_ms=… */
void figures_print(struct figures *figures, double seconds);

/* -- connections (load_connection.c) ------------------------------------------------------------------------------ */

struct connection {
    int fd;
    struct request request; /* under way; text NULL: none */
    size_t sent;
    int64_t started_us;
    char *reply; /* NUL-terminated beyond size */
    size_t size, capacity;
};

enum progress { PROGRESS_WAITING, PROGRESS_REPLIED, PROGRESS_LOST };

int64_t now_us(void);
/* Opens a connection to 127.0.0.1, blocking; then non-blocking. Ends the program when it cannot. */
void connection_open(struct connection *connection, uint16_t port);
void connection_start(struct connection *connection, struct request request);
/* Sends and receives what is possible now. */
enum progress connection_step(struct connection *connection);
/* Of the reply that has just come. */
int connection_status(const struct connection *connection);
