/* SPDX-License-Identifier: Apache-2.0 */
/* The issuer process: the HSM's PIN, the database, and a Unix socket that web calls. No network. */
#include "audit_writer.h"
#include "base/file.h"
#include "base/log.h"
#include "issuer/checkpoint.h"
#include "issuer/crl.h"
#include "issuer/issuer.h"
#include "issuer/lease.h"
#include "process.h"
#include "store/statements.h"

#include <signal.h>
#include <stdlib.h>

#define STOP_POLL_MS  20
#define STOP_LIMIT_MS 10000

struct issuer_process {
    struct issuer issuer;
    struct arena *arena;
    struct peer_server *server;
    struct crl_maker *crl_maker;
    struct loop_timer *stopping;
    int64_t stop_waited_ms;
};

static enum err load_ca(struct issuer_process *process, const struct settings *settings)
{
    struct issuer *issuer = &process->issuer;
    TRY(trust_load(settings_path(process->arena, settings, settings->trust_certificates), &issuer->trust));
    TRY(certificate_load(process->arena, settings_path(process->arena, settings, settings->issuer_certificate),
                         &issuer->certificate));
    issuer->chain[0] = issuer->certificate.der;
    TRY(trust_chain(issuer->trust, issuer->certificate.der, process->arena, issuer->chain + 1,
                    ARRAY_SIZE(issuer->chain) - 1, &issuer->chain_count));
    issuer->chain_count++;
    for (size_t i = 0; i < issuer->chain_count; i++)
        issuer->chain_pem[i] = certificate_pem(process->arena, issuer->chain[i]);
    return OK;
}

static enum err open_hsm(struct issuer_process *process, const struct settings *settings)
{
    struct issuer *issuer = &process->issuer;
    struct arena *secrets = arena_new();
    struct bytes pin;
    enum err err = file_read_secret(secrets, settings_path(secrets, settings, settings->issuer_pin_file), &pin);
    if (err == OK)
        err = hsm_open(settings->issuer_module, settings->issuer_token, pin, (unsigned)settings->issuer_sessions,
                       &issuer->hsm);
    arena_free(secrets); /* wipes the PIN */
    TRY(err);
    return hsm_find_key(issuer->hsm, settings->issuer_key_label, &issuer->key);
}

static enum err open_database(struct issuer_process *process, const struct settings *settings)
{
    const struct db_writer *writer;
    TRY(audit_writer(settings, "issuer", process->arena, &writer));
    return db_open(&(struct db_options){.loop = process->issuer.loop,
                                        .conninfo = settings->database_issuer,
                                        .read_connections = (unsigned)settings->database_read_connections,
                                        .write_connections = (unsigned)settings->database_write_connections,
                                        .queue_limit = (size_t)settings->database_queue_limit,
                                        .statements = issuer_statements,
                                        .statement_count = issuer_statement_count,
                                        .writer = writer},
                   &process->issuer.db);
}

static void released(void *context)
{
    struct issuer_process *process = context;
    loop_stop(process->issuer.loop);
}

/* What was accepted is answered first; then the next issuer may start at once. */
static void look_whether_idle(void *context)
{
    struct issuer_process *process = context;
    process->stop_waited_ms += STOP_POLL_MS;
    bool busy = peer_server_pending(process->server) > 0 || crl_maker_busy(process->crl_maker) ||
                checkpoint_maker_busy(process->issuer.checkpoints);
    if (busy && process->stop_waited_ms < STOP_LIMIT_MS)
        loop_timer_start(process->stopping, STOP_POLL_MS);
    else
        lease_release(process->issuer.lease, released, process);
}

static void asked_to_stop(void *context, int signal)
{
    (void)signal;
    struct issuer_process *process = context;
    peer_server_stop(process->server);
    crl_maker_stop(process->crl_maker);
    checkpoint_maker_stop(process->issuer.checkpoints);
    look_whether_idle(process);
}

static enum err start(struct issuer_process *process, const struct settings *settings)
{
    struct issuer *issuer = &process->issuer;
    TRY(load_ca(process, settings));
    TRY(profiles_load(process->arena, settings_path(process->arena, settings, settings->config_profiles),
                      settings->web_public_url, &issuer->profiles));
    TRY(open_hsm(process, settings));
    TRY(open_database(process, settings));
    issuer_start(issuer);
    issuer->offload = offload_new(issuer->loop, (unsigned)settings->issuer_sessions,
                                  (size_t)settings->issuer_queue_limit);
    issuer->lease = lease_new(issuer->loop, issuer->db, settings->issuer_lease_s, settings->database_call_ms);
    TRY(peer_listen(issuer->loop, settings_path(process->arena, settings, settings->issuer_socket), issuer_handle,
                    issuer, &process->server));
    process->crl_maker = crl_maker_new(issuer);
    TRY(checkpoint_maker_new(issuer, &issuer->checkpoints));
    process->stopping = loop_timer_new(issuer->loop, look_whether_idle, process);
    loop_on_signal(issuer->loop, SIGTERM, asked_to_stop, process);
    loop_on_signal(issuer->loop, SIGINT, asked_to_stop, process);
    return OK;
}

static void finish(struct issuer_process *process)
{
    struct issuer *issuer = &process->issuer;
    db_close(issuer->db); /* ends the calls under way, which may not find the pool gone */
    offload_free(issuer->offload);
    peer_server_free(process->server);
    crl_maker_free(process->crl_maker);
    checkpoint_maker_free(issuer->checkpoints);
    issuer_end(issuer);
    lease_free(issuer->lease);
    hsm_close(issuer->hsm);
    trust_free(issuer->trust);
    loop_timer_free(process->stopping);
    loop_free(issuer->loop);
}

int role_issuer_run(const struct settings *settings, struct arena *arena, int index)
{
    (void)index;
    struct issuer_process process = {.issuer = {.settings = settings, .loop = loop_new()}, .arena = arena};
    enum err err = start(&process, settings);
    if (err == OK) {
        log_info("issuer", "issuing as %s", process.issuer.certificate.subject);
        loop_run(process.issuer.loop);
    }
    finish(&process);
    return process_status(err);
}
