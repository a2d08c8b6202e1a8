/* SPDX-License-Identifier: Apache-2.0 */
/* The jobs process: the gateways' credentials, the outbox, housekeeping, and a Unix socket that web calls. */
#include "audit_writer.h"
#include "base/log.h"
#include "jobs/audit.h"
#include "jobs/bill_fetch.h"
#include "jobs/breakers.h"
#include "jobs/certificates.h"
#include "jobs/housekeeping.h"
#include "jobs/identity.h"
#include "jobs/jobs.h"
#include "jobs/message.h"
#include "jobs/statement_link.h"
#include "jobs/timestamp.h"
#include "pki/expiry_watch.h"
#include "process.h"
#include "rules.h"
#include "store/statements.h"

#include <signal.h>
#include <stdlib.h>

#define STOP_POLL_MS  20
#define STOP_LIMIT_MS 10000
#define ADDRESSES_MAX 64

struct jobs_process {
    struct jobs jobs;
    struct arena *arena;
    struct peer_server *server;
    struct audit_sealer *audit_sealer;
    struct housekeeping *housekeeping;
    struct bill_clock *bill_clock;
    struct statement_clock *statement_clock;
    struct identity *identity;
    struct loop_timer *stopping;
    struct rules *rules;
    struct certificates *certificates;
    struct expiry_watch *watch;
    int64_t stop_waited_ms;
};

static void use_rules(void *context, const struct rule_set *set)
{
    struct jobs_process *process = context;
    struct jobs *jobs = &process->jobs;
    jobs->platforms = set->platforms;
    jobs->templates = set->templates;
    jobs->gateways = set->gateways;
    jobs->seal_keys = set->seal_keys;
    jobs->sms = set->sms;
    jobs->faceid = set->faceid;
    jobs->keys_arena = set->arena;
    if (process->rules == NULL) /* the start */
        return;
    certificates_look(process->certificates);
    expiry_watch_look(process->watch);
}

static enum err load_files(struct jobs_process *process, const struct settings *settings)
{
    struct jobs *jobs = &process->jobs;
    struct profiles *profiles; /* only to judge platforms as web does */
    TRY(profiles_load(process->arena, settings_path(process->arena, settings, settings->config_profiles),
                      settings->web_public_url, &profiles));
    TRY(rules_open(&(struct rules_options){.loop = jobs->loop,
                                           .settings = settings,
                                           .profiles = profiles,
                                           .role = "jobs",
                                           .jobs = true,
                                           .use = use_rules,
                                           .context = process},
                   &process->rules));
    return bank_load(settings, process->arena, &jobs->bank);
}

static void list_certificates(void *context, struct expiries *list)
{
    const struct jobs_process *process = context;
    const struct settings *settings = process->jobs.settings;
    gateways_expiries(&process->jobs.gateways, list);
    if (settings->remote_ca_file[0] != '\0')
        expiries_add_file(list, "remote.ca_file", settings_path(list->arena, settings, settings->remote_ca_file));
    if (settings->audit_timestamp_ca_file[0] != '\0')
        expiries_add_file(list, "audit.timestamp_ca_file",
                          settings_path(list->arena, settings, settings->audit_timestamp_ca_file));
}

static enum err open_database(struct jobs_process *process, const struct settings *settings)
{
    const struct db_writer *writer;
    TRY(audit_writer(settings, "jobs", process->arena, &writer));
    return db_open(&(struct db_options){.loop = process->jobs.loop,
                                        .conninfo = settings->database_jobs,
                                        .read_connections = (unsigned)settings->database_read_connections,
                                        .write_connections = (unsigned)settings->database_write_connections,
                                        .queue_limit = (size_t)settings->database_queue_limit,
                                        .statements = jobs_statements,
                                        .statement_count = jobs_statement_count,
                                        .writer = writer},
                   &process->jobs.db);
}

/* Nobody is called whom the settings do not name. */
static enum err allow_hosts(struct http *http, const struct settings *settings)
{
    const char *addresses[ADDRESSES_MAX];
    http_allow_plain(http, settings->citic_plain_host);
    http_allow_plain(http, settings->audit_timestamp_plain_host);
    size_t count = settings_addresses(settings, addresses, ADDRESSES_MAX);
    for (size_t i = 0; i < count; i++)
        TRY(http_allow_url(http, addresses[i]));
    return http_allow_hosts(http, settings->remote_hosts);
}

static enum err open_way_out(struct jobs_process *process, const struct settings *settings)
{
    const char *ca_file = settings->remote_ca_file[0] == '\0'
                              ? ""
                              : settings_path(process->arena, settings, settings->remote_ca_file);
    TRY(http_open(process->jobs.loop, ca_file, (size_t)settings->remote_calls, &process->jobs.http));
    return allow_hosts(process->jobs.http, settings);
}

static void look_whether_idle(void *context)
{
    struct jobs_process *process = context;
    process->stop_waited_ms += STOP_POLL_MS;
    bool busy = peer_server_pending(process->server) > 0 || dispatcher_pending(process->jobs.dispatcher) > 0 ||
                identity_pending(process->identity) > 0;
    if (busy && process->stop_waited_ms < STOP_LIMIT_MS)
        loop_timer_start(process->stopping, STOP_POLL_MS);
    else
        loop_stop(process->jobs.loop);
}

static void asked_to_stop(void *context, int signal)
{
    (void)signal;
    struct jobs_process *process = context;
    peer_server_stop(process->server);
    dispatcher_stop(process->jobs.dispatcher);
    identity_stop(process->identity);
    look_whether_idle(process);
}

static void asked_to_reload(void *context, int signal)
{
    (void)signal;
    struct jobs_process *process = context;
    rules_reload(process->rules);
}

static enum err start(struct jobs_process *process, const struct settings *settings)
{
    struct jobs *jobs = &process->jobs;
    TRY(load_files(process, settings));
    TRY(open_database(process, settings));
    TRY(open_way_out(process, settings));
    TRY(peer_listen(jobs->loop, settings_path(process->arena, settings, settings->jobs_socket), jobs_handle, jobs,
                    &process->server));
    jobs->breakers = breakers_new(jobs);
    jobs->messages = messages_new(jobs, settings_path(process->arena, settings, settings->message_spool));
    jobs->dispatcher = dispatcher_new(jobs);
    TRY(timestamper_new(jobs, &jobs->timestamper));
    process->audit_sealer = audit_sealer_new(jobs);
    process->housekeeping = housekeeping_new(jobs);
    process->bill_clock = bill_clock_new(jobs);
    process->statement_clock = statement_clock_new(jobs);
    process->identity = identity_new(jobs);
    process->certificates = certificates_new(jobs);
    process->watch = expiry_watch_new(jobs->loop, settings->keys_warn_days, true, list_certificates, process);
    jobs->watch = process->watch;
    process->stopping = loop_timer_new(jobs->loop, look_whether_idle, process);
    loop_on_signal(jobs->loop, SIGTERM, asked_to_stop, process);
    loop_on_signal(jobs->loop, SIGINT, asked_to_stop, process);
    loop_on_signal(jobs->loop, SIGHUP, asked_to_reload, process);
    return OK;
}

static void finish(struct jobs_process *process)
{
    struct jobs *jobs = &process->jobs;
    db_close(jobs->db);
    http_close(jobs->http);
    peer_server_free(process->server);
    dispatcher_free(jobs->dispatcher);
    timestamper_free(jobs->timestamper);
    messages_free(jobs->messages);
    audit_sealer_free(process->audit_sealer);
    housekeeping_free(process->housekeeping);
    bill_clock_free(process->bill_clock);
    statement_clock_free(process->statement_clock);
    identity_free(process->identity);
    certificates_free(process->certificates);
    breakers_free(jobs->breakers);
    expiry_watch_free(process->watch);
    loop_timer_free(process->stopping);
    rules_free(process->rules);
    loop_free(jobs->loop);
}

int role_jobs_run(const struct settings *settings, struct arena *arena, int index)
{
    (void)index;
    struct jobs_process process = {.jobs = {.settings = settings, .loop = loop_new()}, .arena = arena};
    enum err err = start(&process, settings);
    if (err == OK) {
        log_info("jobs", "working");
        loop_run(process.jobs.loop);
    }
    finish(&process);
    return process_status(err);
}
