/* SPDX-License-Identifier: Apache-2.0 */
/* Starts one process per role, starts again what dies (with back-off), and stops all: web first, so that what it
 * accepted can still be answered by jobs and issuer. Holds no secret and no connection. */
#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESTART_FIRST_MS 100
#define RESTART_LAST_MS  5000
#define STEADY_MS        10000 /* a process that lived this long starts again without waiting */
#define KILL_AFTER_MS    5000  /* beyond the time web may take to stop */

struct supervisor;

struct child {
    struct supervisor *supervisor;
    const char *role;
    int index;
    pid_t pid; /* 0: not running */
    int64_t started_ms, restart_ms;
    struct loop_timer *restart;
};

struct supervisor {
    struct loop *loop;
    const char *config_path;
    int64_t stop_ms;
    struct child *children;
    size_t count;
    bool stopping;
    struct loop_timer *kill_timer;
    int status;
};

static void start_child(void *context)
{
    struct child *child = context;
    char index[12];
    snprintf(index, sizeof(index), "%d", child->index);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0); /* Ctrl-C is for the supervisor, which stops the roles in order */
        execl("/proc/self/exe", "xuqid", "--supervised", "--config", child->supervisor->config_path, "--role",
              child->role, "--index", index, (char *)NULL);
        _exit(127);
    }
    if (pid < 0) {
        log_error("supervisor", "cannot start %s.%d: %s", child->role, child->index, strerror(errno));
        loop_timer_start(child->restart, RESTART_LAST_MS);
        return;
    }
    child->pid = pid;
    child->started_ms = clock_monotonic_ms();
    log_debug("supervisor", "%s.%d is process %d", child->role, child->index, (int)pid);
}

static void signal_role(struct supervisor *supervisor, bool web, int signal)
{
    for (size_t i = 0; i < supervisor->count; i++) {
        struct child *child = &supervisor->children[i];
        if (child->pid > 0 && (strcmp(child->role, "web") == 0) == web)
            kill(child->pid, signal);
    }
}

static bool any_running(const struct supervisor *supervisor, bool web)
{
    for (size_t i = 0; i < supervisor->count; i++)
        if (supervisor->children[i].pid > 0 && (strcmp(supervisor->children[i].role, "web") == 0) == web)
            return true;
    return false;
}

static void go_on_stopping(struct supervisor *supervisor)
{
    if (any_running(supervisor, true))
        return;
    if (any_running(supervisor, false))
        signal_role(supervisor, false, SIGTERM);
    else
        loop_stop(supervisor->loop);
}

static void stop(struct supervisor *supervisor)
{
    if (supervisor->stopping)
        return;
    supervisor->stopping = true;
    for (size_t i = 0; i < supervisor->count; i++)
        loop_timer_stop(supervisor->children[i].restart);
    signal_role(supervisor, true, SIGTERM);
    loop_timer_start(supervisor->kill_timer, supervisor->stop_ms + KILL_AFTER_MS);
    go_on_stopping(supervisor);
}

static void kill_the_rest(void *context)
{
    struct supervisor *supervisor = context;
    log_error("supervisor", "some processes did not stop in time and are killed");
    signal_role(supervisor, true, SIGKILL);
    signal_role(supervisor, false, SIGKILL);
}

static void child_died(struct child *child, int status)
{
    struct supervisor *supervisor = child->supervisor;
    child->pid = 0;
    if (supervisor->stopping) {
        go_on_stopping(supervisor);
        return;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SETTINGS) {
        log_error("supervisor", "%s.%d cannot run as configured; stopping", child->role, child->index);
        supervisor->status = EXIT_SETTINGS;
        stop(supervisor);
        return;
    }
    bool steady = clock_monotonic_ms() - child->started_ms >= STEADY_MS;
    child->restart_ms = steady ? RESTART_FIRST_MS : child->restart_ms * 2;
    if (child->restart_ms > RESTART_LAST_MS)
        child->restart_ms = RESTART_LAST_MS;
    log_error("supervisor", "%s.%d ended (%s %d); starting it again in %lld ms", child->role, child->index,
              WIFSIGNALED(status) ? "signal" : "status", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
              (long long)child->restart_ms);
    loop_timer_start(child->restart, child->restart_ms);
}

static void reap(void *context, int signal)
{
    (void)signal;
    struct supervisor *supervisor = context;
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (size_t i = 0; i < supervisor->count; i++)
            if (supervisor->children[i].pid == pid)
                child_died(&supervisor->children[i], status);
}

static void asked_to_stop(void *context, int signal)
{
    log_info("supervisor", "stopping (%s)", signal == SIGINT ? "SIGINT" : "SIGTERM");
    stop(context);
}

/* Each role reloads what it uses; one that is just starting reads the new files anyway. */
static void asked_to_reload(void *context, int signal)
{
    struct supervisor *supervisor = context;
    log_info("supervisor", "reloading");
    signal_role(supervisor, true, signal);
    signal_role(supervisor, false, signal);
}

static void add_child(struct supervisor *supervisor, const char *role, int index)
{
    struct child *child = &supervisor->children[supervisor->count++];
    *child = (struct child){.supervisor = supervisor, .role = role, .index = index, .restart_ms = RESTART_FIRST_MS};
    child->restart = loop_timer_new(supervisor->loop, start_child, child);
    start_child(child);
}

static void free_supervisor(struct supervisor *supervisor)
{
    for (size_t i = 0; i < supervisor->count; i++)
        loop_timer_free(supervisor->children[i].restart);
    loop_timer_free(supervisor->kill_timer);
    mem_free(supervisor->children);
    loop_free(supervisor->loop);
}

int supervisor_run(const struct settings *settings, const char *config_path)
{
    log_init("xuqid", (enum log_level)log_level_from_text(settings->log_level));
    struct supervisor supervisor = {
        .loop = loop_new(), .config_path = config_path, .stop_ms = settings->web_stop_ms, .status = EXIT_SUCCESS};
    supervisor.kill_timer = loop_timer_new(supervisor.loop, kill_the_rest, &supervisor);
    supervisor.children = mem_alloc((size_t)(settings->web_processes + 2) * sizeof(struct child));
    loop_on_signal(supervisor.loop, SIGCHLD, reap, &supervisor);
    loop_on_signal(supervisor.loop, SIGTERM, asked_to_stop, &supervisor);
    loop_on_signal(supervisor.loop, SIGINT, asked_to_stop, &supervisor);
    loop_on_signal(supervisor.loop, SIGHUP, asked_to_reload, &supervisor);
    add_child(&supervisor, "issuer", 1);
    add_child(&supervisor, "jobs", 1);
    for (int i = 1; i <= settings->web_processes; i++)
        add_child(&supervisor, "web", i);
    loop_run(supervisor.loop);
    free_supervisor(&supervisor);
    log_info("supervisor", "stopped");
    return supervisor.status;
}
