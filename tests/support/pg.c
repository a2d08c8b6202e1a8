/* SPDX-License-Identifier: Apache-2.0 */
#include "support/pg.h"

#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define BINARIES         "/usr/lib/postgresql/15/bin"
#define PATH_SIZE        128
#define START_TRIES      600
#define START_PAUSE_US   50000
#define REMOVE_OPEN_DIRS 16

struct pg {
    char folder[PATH_SIZE];
    char data[PATH_SIZE];
    char conninfo[PATH_SIZE * 2];
    pid_t postmaster;
};

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(99);
}

/* initdb and postgres refuse to run as root. */
static const struct passwd *server_user(void)
{
    if (geteuid() != 0)
        return NULL;
    const struct passwd *user = getpwnam("postgres");
    if (user == NULL)
        die("pg: running as root, and there is no user postgres");
    return user;
}

static void become(const struct passwd *user)
{
    if (user != NULL &&
        (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
        die("pg: cannot become user postgres");
}

/* Output goes to the cluster's log. */
static pid_t start(const struct pg *pg, char *const arguments[])
{
    const struct passwd *user = server_user();
    pid_t parent = getpid(), child = fork();
    if (child != 0)
        return child;
    char log[PATH_SIZE + 16];
    snprintf(log, sizeof(log), "%s/log", pg->folder);
    become(user);
    if (chdir(pg->folder) != 0)
        die("pg: cannot enter %s", pg->folder);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    prctl(PR_SET_PDEATHSIG, SIGQUIT); /* after setuid, which clears it; to postgres: immediate shutdown */
    if (getppid() != parent)
        _exit(98);
    unsetenv("LD_PRELOAD");
    execv(arguments[0], arguments);
    _exit(97);
}

static void run(const struct pg *pg, char *const arguments[])
{
    int status;
    pid_t child = start(pg, arguments);
    if (waitpid(child, &status, 0) != child || status != 0)
        die("pg: %s failed, see %s/log", arguments[0], pg->folder);
}

static void wait_until_ready(const struct pg *pg)
{
    for (int i = 0; i < START_TRIES; i++) {
        if (PQping(pg->conninfo) == PQPING_OK)
            return;
        if (waitpid(pg->postmaster, NULL, WNOHANG) != 0)
            die("pg: the server ended while starting, see %s/log", pg->folder);
        usleep(START_PAUSE_US);
    }
    die("pg: the server does not get ready, see %s/log", pg->folder);
}

void pg_restart(struct pg *pg)
{
    char socket[PATH_SIZE + 64];
    snprintf(socket, sizeof(socket), "unix_socket_directories=%s", pg->folder);
    char *const arguments[] = {BINARIES "/postgres",
                               "-D",
                               pg->data,
                               "-c",
                               "listen_addresses=",
                               "-c",
                               socket,
                               "-c",
                               "fsync=off",
                               "-c",
                               "max_connections=200",
                               "-c",
                               "shared_buffers=32MB",
                               NULL};
    pg->postmaster = start(pg, arguments);
    wait_until_ready(pg);
}

static void stop(struct pg *pg, int signal)
{
    kill(pg->postmaster, signal);
    waitpid(pg->postmaster, NULL, 0);
    pg->postmaster = 0;
}

void pg_crash(struct pg *pg)
{
    stop(pg, SIGQUIT);
}

struct pg *pg_start(void)
{
    struct pg *pg = calloc(1, sizeof(*pg));
    if (pg == NULL)
        die("pg: out of memory");
    snprintf(pg->folder, sizeof(pg->folder), "/tmp/xuqi-pg-XXXXXX");
    if (mkdtemp(pg->folder) == NULL)
        die("pg: cannot make a folder under /tmp");
    const struct passwd *user = server_user();
    if (user != NULL && chown(pg->folder, user->pw_uid, user->pw_gid) != 0)
        die("pg: cannot give %s to user postgres", pg->folder);
    snprintf(pg->data, sizeof(pg->data), "%.100s/data", pg->folder);
    snprintf(pg->conninfo, sizeof(pg->conninfo), "host=%s dbname=postgres user=postgres", pg->folder);
    char *const arguments[] = {BINARIES "/initdb",
                               "-D",
                               pg->data,
                               "-U",
                               "postgres",
                               "--auth=trust",
                               "--encoding=UTF8",
                               "--locale=C.UTF-8",
                               "--no-sync",
                               "--no-instructions",
                               NULL};
    run(pg, arguments);
    pg_restart(pg);
    return pg;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

void pg_free(struct pg *pg)
{
    if (pg == NULL)
        return;
    if (pg->postmaster != 0)
        stop(pg, SIGQUIT);
    nftw(pg->folder, remove_entry, REMOVE_OPEN_DIRS, FTW_DEPTH | FTW_PHYS);
    free(pg);
}

const char *pg_conninfo(const struct pg *pg)
{
    return pg->conninfo;
}

/* -- statements --------------------------------------------------------------------------------------------------- */

static void ignore_notice(void *context, const PGresult *notice)
{
    (void)context, (void)notice;
}

static PGresult *execute(struct pg *pg, const char *sql)
{
    PGconn *connection = PQconnectdb(pg->conninfo);
    if (PQstatus(connection) != CONNECTION_OK)
        die("pg: %s", PQerrorMessage(connection));
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        die("pg: %s\n%s", PQerrorMessage(connection), sql);
    PQfinish(connection);
    return result;
}

void pg_run(struct pg *pg, const char *sql)
{
    PQclear(execute(pg, sql));
}

char *pg_value(struct pg *pg, const char *sql)
{
    PGresult *result = execute(pg, sql);
    char *value = strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return value;
}

void pg_run_file(struct pg *pg, const char *path)
{
    char *const arguments[] = {BINARIES "/psql", "-X", "-q",         "-v", "ON_ERROR_STOP=1", "-d",
                               pg->conninfo,     "-f", (char *)path, NULL};
    pid_t child = fork();
    if (child == 0) {
        execv(arguments[0], arguments);
        _exit(97);
    }
    int status;
    if (waitpid(child, &status, 0) != child || status != 0)
        die("pg: %s does not run", path);
}
