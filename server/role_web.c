/* SPDX-License-Identifier: Apache-2.0 */
/* A web process: HTTP in, the database, and calls to jobs and issuer. */
#include "agreements.h"
#include "api/access.h"
#include "api/events.h"
#include "api/presence.h"
#include "api/rails.h"
#include "api/refusals.h"
#include "api/server.h"
#include "audit_writer.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "pages.h"
#include "pki/digest.h"
#include "pki/expiry_watch.h"
#include "process.h"
#include "routes.h"
#include "rules.h"
#include "store/price.h"
#include "store/statements.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PEER_CALLS_MAX 4096
#define CHAIN_MAX      4 /* CA certificates above the issuing one */

struct web {
    struct loop *loop;
    struct arena *arena;
    struct api_server server;
    struct rules *rules;
    struct files *pages; /* NULL: none */
    struct files *staff_pages;
    const struct rule_set *set; /* in use */
    struct expiry_watch *watch;
    bool first; /* of the web processes: says what need not be said by all */
};

static enum err load_key(struct arena *arena, const struct settings *settings, const char *file, struct bytes *key)
{
    struct bytes text;
    const char *path = settings_path(arena, settings, file);
    TRY(file_read_secret(arena, path, &text));
    if (text.size == 64 && hex_decode(arena, (const char *)text.data, key))
        return OK;
    log_error("settings", "%s must hold 64 hex characters", path);
    return ERR_SETTINGS_INVALID;
}

/* Said at start and after a reload, by one of the processes; /readyz says it any time. */
struct price_look {
    struct arena *arena;
};

static void looked_for_prices(void *context, enum err err, const struct row *rows)
{
    struct price_look *look = context;
    const char *unpriced = "";
    if (err == OK)
        err = store_get_unpriced_read(rows, look->arena, &unpriced);
    if (err == OK && unpriced[0] != '\0')
        log_warn("web", "no prices in force, nothing can be applied for: %s; run xuqictl platform load", unpriced);
    arena_free(look->arena); /* with look in it */
}

static void look_for_prices(struct web *web)
{
    struct arena *arena = arena_new();
    struct price_look *look = ARENA_NEW(arena, struct price_look);
    look->arena = arena;
    size_t count;
    const char *const *ids = platform_ids(arena, web->server.platforms, &count);
    if (store_get_unpriced(web->server.db, ids, count, web->server.settings->database_call_ms, looked_for_prices,
                           look) == OK)
        return;
    log_warn("web", "could not look whether every platform has prices");
    arena_free(arena);
}

static void use_rules(void *context, const struct rule_set *set)
{
    struct web *web = context;
    struct api_server *server = &web->server;
    server->platforms = set->platforms;
    server->templates = set->templates;
    server->gateways = set->gateways;
    server->seal_keys = set->seal_keys;
    server->portal_issuers = set->portal_issuers;
    web->set = set;
    if (web->rules == NULL) /* the start: the database is not there yet */
        return;
    rails_renew(server->rails, set->arena);
    expiry_watch_look(web->watch);
    if (web->first)
        look_for_prices(web);
}

static void published(void *context, enum err err)
{
    struct web *web = context;
    rules_prepared(web->rules, err);
}

/* What applicants are to accept is in the database before they see it. */
static void publish_agreements(void *context, const struct platforms *platforms)
{
    struct web *web = context;
    agreements_publish(web->server.db, platforms, web->server.settings->database_call_ms, published, web);
}

static enum err load_rules(struct web *web, const struct settings *settings)
{
    struct api_server *server = &web->server;
    TRY(profiles_load(web->arena, settings_path(web->arena, settings, settings->config_profiles),
                      settings->web_public_url, &server->profiles));
    return rules_open(&(struct rules_options){.loop = web->loop,
                                              .settings = settings,
                                              .profiles = server->profiles,
                                              .role = "web",
                                              .prepare = publish_agreements,
                                              .use = use_rules,
                                              .context = web},
                      &web->rules);
}

/* What /ca answers: the issuing CA and the anchor that its chain ends at. */
static enum err load_ca(struct web *web, const struct settings *settings)
{
    struct api_server *server = &web->server;
    struct certificate issuing;
    struct bytes chain[CHAIN_MAX];
    size_t count;
    TRY(trust_load(settings_path(web->arena, settings, settings->trust_certificates), &server->trust));
    TRY(certificate_load(web->arena, settings_path(web->arena, settings, settings->issuer_certificate), &issuing));
    TRY(trust_chain(server->trust, issuing.der, web->arena, chain, ARRAY_SIZE(chain), &count));
    server->issuing_certificate = issuing.der;
    server->issuing_not_after_us = issuing.not_after_us;
    server->root_certificate = count > 0 ? chain[count - 1] : issuing.der;
    return OK;
}

static enum err load_files(struct web *web, const struct settings *settings)
{
    struct api_server *server = &web->server;
    server->settings = settings;
    TRY(load_rules(web, settings));
    TRY(load_ca(web, settings));
    TRY(bank_formats_load(web->arena, settings, NULL, NULL, &server->bank_formats));
    TRY(load_key(web->arena, settings, settings->keys_access_file, &server->access_key));
    TRY(pages_open(settings, web->arena, &web->pages));
    return pages_open_staff(settings, web->arena, &web->staff_pages);
}

static enum err open_database(struct web *web, const struct settings *settings)
{
    const struct db_writer *writer;
    TRY(audit_writer(settings, "web", web->arena, &writer));
    return db_open(&(struct db_options){.loop = web->loop,
                                        .conninfo = settings->database_web,
                                        .read_connections = (unsigned)settings->database_read_connections,
                                        .write_connections = (unsigned)settings->database_write_connections,
                                        .queue_limit = (size_t)settings->database_queue_limit,
                                        .statements = web_statements,
                                        .statement_count = web_statement_count,
                                        .writer = writer},
                   &web->server.db);
}

static void open_peers(struct web *web, const struct settings *settings)
{
    web->server.jobs = peer_client_new(web->loop, settings_path(web->arena, settings, settings->jobs_socket),
                                       PEER_CALLS_MAX);
    web->server.issuer = peer_client_new(web->loop, settings_path(web->arena, settings, settings->issuer_socket),
                                         PEER_CALLS_MAX);
    web->server.offload = offload_new(web->loop, (unsigned)settings->web_offload_threads,
                                      (size_t)settings->web_offload_queue);
}

static struct edge_limits limits_of(const struct settings *settings)
{
    return (struct edge_limits){
        .connections = (size_t)settings->web_connections,
        .connections_per_address = (size_t)settings->web_connections_per_address,
        .header_count = (size_t)settings->web_header_count,
        .header_bytes = (size_t)settings->web_header_bytes,
        .target_bytes = (size_t)settings->web_target_bytes,
        .tls_ms = settings->web_tls_ms,
        .headers_ms = settings->web_headers_ms,
        .body_ms = settings->web_body_ms,
        .idle_ms = settings->web_idle_ms,
        .life_ms = settings->web_life_ms,
        .handler_ms = settings->web_handler_ms,
        .stream_heartbeat_ms = settings->web_stream_heartbeat_ms,
        .stream_life_ms = settings->web_stream_life_ms,
    };
}

/* Files that web alone uses, or that whoever owns them cannot know the end of. */
static void list_certificates(void *context, struct expiries *list)
{
    const struct web *web = context;
    const struct settings *settings = web->server.settings;
    struct arena *arena = list->arena;
    if (settings->web_tls_certificate[0] != '\0')
        expiries_add_file(list, "web.tls_certificate", settings_path(arena, settings, settings->web_tls_certificate));
    if (settings->web_staff_tls_certificate[0] != '\0')
        expiries_add_file(list, "web.staff_tls_certificate",
                          settings_path(arena, settings, settings->web_staff_tls_certificate));
    expiries_add_file(list, "issuer.certificate", settings_path(arena, settings, settings->issuer_certificate));
    expiries_add_file(list, "trust.certificates", settings_path(arena, settings, settings->trust_certificates));
}

static enum err listen_public(struct web *web, const struct settings *settings)
{
    bool plain = settings->web_tls_certificate[0] == '\0';
    const struct edge_tls tls = {.certificate = settings_path(web->arena, settings, settings->web_tls_certificate),
                                 .key = settings_path(web->arena, settings, settings->web_tls_key)};
    return edge_listen(web->server.edge, LISTENER_PUBLIC, settings->web_address, (int)settings->web_port,
                       plain ? NULL : &tls);
}

static enum err listen_staff(struct web *web, const struct settings *settings)
{
    bool plain = settings->web_staff_tls_certificate[0] == '\0';
    const struct edge_tls tls = {
        .certificate = settings_path(web->arena, settings, settings->web_staff_tls_certificate),
        .key = settings_path(web->arena, settings, settings->web_staff_tls_key),
        .client_ca = settings->web_staff_client_ca[0] == '\0'
                         ? NULL
                         : settings_path(web->arena, settings, settings->web_staff_client_ca)};
    return edge_listen(web->server.edge, LISTENER_STAFF, settings->web_staff_address, (int)settings->web_staff_port,
                       plain ? NULL : &tls);
}

static enum err listen_web(struct web *web, const struct settings *settings, int index)
{
    const char *proxy = settings->web_trusted_proxy;
    web->server.edge = edge_new(&(struct edge_options){.loop = web->loop,
                                                       .server = &web->server,
                                                       .routes = routes,
                                                       .route_count = route_count,
                                                       .admit = access_admit,
                                                       .refused = refusals_record,
                                                       .limits = limits_of(settings),
                                                       .trusted_proxy = proxy[0] == '\0' ? NULL : proxy});
    edge_serve_files(web->server.edge, LISTENER_PUBLIC, web->pages);
    edge_serve_files(web->server.edge, LISTENER_STAFF, web->staff_pages);
    TRY(listen_public(web, settings));
    TRY(listen_staff(web, settings));
    int admin_port = settings->web_admin_port == 0 ? 0 : (int)settings->web_admin_port + index - 1;
    return edge_listen(web->server.edge, LISTENER_ADMIN, settings->web_admin_address, admin_port, NULL);
}

static void log_note(void *context, const char *message)
{
    (void)context;
    log_warn("settings", "%s", message);
}

static void say_what_is_missing(struct web *web)
{
    if (!web->first)
        return;
    rules_note(web->arena, web->server.settings, web->server.platforms, log_note, NULL);
    look_for_prices(web);
}

static void asked_to_reload(void *context, int signal)
{
    (void)signal;
    struct web *web = context;
    rules_reload(web->rules);
}

static void stopped(void *context)
{
    loop_stop(context);
}

static void asked_to_stop(void *context, int signal)
{
    (void)signal;
    struct web *web = context;
    log_info("web", "finishing open requests");
    edge_stop(web->server.edge, web->server.settings->web_stop_ms, stopped, web->loop);
}

static enum err start(struct web *web, const struct settings *settings, int index)
{
    TRY(load_files(web, settings));
    TRY(open_database(web, settings));
    TRY(agreements_publish_now(web->loop, web->server.db, web->server.platforms, settings->database_call_ms));
    open_peers(web, settings);
    web->server.presence = presence_new(web->server.db, settings->staff_session_idle_s, settings->database_call_ms);
    web->server.refusals = refusals_new(settings->staff_refusals_per_minute);
    web->server.events = events_new(web->loop, web->server.db, settings);
    web->server.rails = rails_new(web->loop, &web->server, web->set->arena);
    web->watch = expiry_watch_new(web->loop, settings->keys_warn_days, web->first, list_certificates, web);
    web->server.watch = web->watch;
    TRY(listen_web(web, settings, index));
    loop_on_signal(web->loop, SIGTERM, asked_to_stop, web);
    loop_on_signal(web->loop, SIGINT, asked_to_stop, web);
    loop_on_signal(web->loop, SIGHUP, asked_to_reload, web);
    return OK;
}

static void finish(struct web *web)
{
    offload_free(web->server.offload);
    peer_client_free(web->server.jobs);
    peer_client_free(web->server.issuer);
    db_close(web->server.db);
    edge_free(web->server.edge);
    files_free(web->staff_pages);
    files_free(web->pages);
    events_free(web->server.events);
    rails_free(web->server.rails);
    refusals_free(web->server.refusals);
    presence_free(web->server.presence);
    expiry_watch_free(web->watch);
    trust_free(web->server.trust);
    rules_free(web->rules);
    loop_free(web->loop);
}

int role_web_run(const struct settings *settings, struct arena *arena, int index)
{
    struct web web = {.loop = loop_new(), .arena = arena, .first = index == 1};
    enum err err = start(&web, settings, index);
    if (err == OK) {
        say_what_is_missing(&web);
        log_info("web", "listening on %s port %d, for staff on %s port %d", settings->web_address,
                 edge_port(web.server.edge, LISTENER_PUBLIC), settings->web_staff_address,
                 edge_port(web.server.edge, LISTENER_STAFF));
        loop_run(web.loop);
    }
    finish(&web);
    return process_status(err);
}
