/* SPDX-License-Identifier: Apache-2.0 */
/* A keep-alive connection and just enough of HTTP/1.1 (RFC 9112) to know where a reply ends. */
#include "load.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REPLY_FIRST 2048
#define REPLY_MAX   1048576

int64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

void connection_open(struct connection *connection, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1;
    *connection = (struct connection){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        err(2, "no connection to port %d", (int)port);
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
}

void connection_start(struct connection *connection, struct request request)
{
    connection->request = request;
    connection->sent = connection->size = 0;
    connection->started_us = now_us();
}

static bool send_rest(struct connection *connection)
{
    while (connection->sent < connection->request.size) {
        ssize_t sent = send(connection->fd, connection->request.text + connection->sent,
                            connection->request.size - connection->sent, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN;
        connection->sent += (size_t)sent;
    }
    return true;
}

static void make_room(struct connection *connection)
{
    if (connection->capacity - connection->size > 1)
        return;
    connection->capacity = connection->capacity == 0 ? REPLY_FIRST : 2 * connection->capacity;
    connection->reply = realloc(connection->reply, connection->capacity);
    if (connection->reply == NULL || connection->capacity > REPLY_MAX)
        errx(2, "a reply is larger than %d bytes", REPLY_MAX);
}

/* With chunks no body of ours or cfssl's contains the last chunk's text: they are JSON without line ends. */
static bool complete(const struct connection *connection)
{
    static const char last_chunk[] = "\r\n0\r\n\r\n";
    const char *body = strstr(connection->reply, "\r\n\r\n");
    if (body == NULL)
        return false;
    const char *length = strcasestr(connection->reply, "\r\nContent-Length:");
    if (length != NULL && length < body)
        return (size_t)(connection->reply + connection->size - body - 4) >= strtoul(length + 17, NULL, 10);
    return connection->size >= sizeof(last_chunk) - 1 &&
           strcmp(connection->reply + connection->size - (sizeof(last_chunk) - 1), last_chunk) == 0;
}

enum progress connection_step(struct connection *connection)
{
    if (!send_rest(connection))
        return PROGRESS_LOST;
    for (;;) {
        make_room(connection);
        ssize_t got = recv(connection->fd, connection->reply + connection->size,
                           connection->capacity - connection->size - 1, 0);
        if (got < 0 && errno == EAGAIN)
            return PROGRESS_WAITING;
        if (got <= 0)
            return PROGRESS_LOST;
        connection->size += (size_t)got;
        connection->reply[connection->size] = '\0';
        if (connection->request.text != NULL && complete(connection))
            return PROGRESS_REPLIED;
    }
}

int connection_status(const struct connection *connection)
{
    return strncmp(connection->reply, "HTTP/1.1 ", 9) == 0 ? atoi(connection->reply + 9) : 0;
}
