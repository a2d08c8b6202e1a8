/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rails.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "remote/wechat.h"
#include "store/rail.h"

#include <string.h>

#define WECHAT        "wechat"
#define RAIL_SIZE_MAX 32

struct rails {
    struct api_server *server;
    struct arena *keys_arena;
    struct loop_timer *timer;
    char paused[GATEWAY_RAILS_MAX][RAIL_SIZE_MAX];
    size_t paused_count;
    int64_t certificates_at_us; /* of the newest that was looked at */
    int64_t seen_us;            /* of the newest there is */
};

/* -- what is offered ----------------------------------------------------------------------------------------------- */

static bool paused(const struct rails *rails, const char *rail)
{
    for (size_t i = 0; i < rails->paused_count; i++)
        if (strcmp(rails->paused[i], rail) == 0)
            return true;
    return false;
}

static void add_paused(struct rails *rails, const char *rail)
{
    size_t size = strlen(rail) + 1;
    if (rails->paused_count < GATEWAY_RAILS_MAX && size <= RAIL_SIZE_MAX)
        memcpy(rails->paused[rails->paused_count++], rail, size);
}

void rails_pause(struct rails *rails, const char *method)
{
    const struct gateway *gateway = gateway_find(method);
    if (gateway != NULL && !paused(rails, gateway->rail))
        add_paused(rails, gateway->rail);
}

bool method_offered(const struct api_server *server, const char *method)
{
    return gateway_offered(&server->gateways, method) && !paused(server->rails, gateway_find(method)->rail);
}

/* -- certificates -------------------------------------------------------------------------------------------------- */

static void again(struct rails *rails)
{
    loop_timer_start(rails->timer, rails->server->settings->breaker_poll_ms);
}

static void learn(const struct rails *rails, const struct rail_certificates *list)
{
    struct wechat *wechat = rails->server->gateways.wechat;
    for (size_t i = 0; i < list->count; i++) {
        const struct rail_certificate *row = &list->items[i];
        const struct wechat_sealed sealed = {row->serial, row->nonce, row->associated_data, row->ciphertext};
        bool learnt = false;
        enum err err = wechat_learn(wechat, &sealed, clock_now_us(), rails->keys_arena, &learnt);
        if (err != OK)
            log_warn("wechat", "the platform certificate %s is not believed: %s", row->serial, err_code(err));
        else if (learnt)
            log_info("wechat", "the platform certificate %s is believed from now on", row->serial);
    }
}

static void got_certificates(void *context, enum err err, const struct row *rows)
{
    struct rails *rails = context;
    struct arena *arena = arena_new();
    struct rail_certificates list = {0};
    if (err == OK)
        err = store_get_certificates_read(rows, arena, &list);
    if (err == OK) {
        learn(rails, &list);
        rails->certificates_at_us = rails->seen_us;
    } else {
        log_warn("wechat", "platform certificates could not be read: %s", err_code(err));
    }
    arena_free(arena);
    again(rails);
}

static bool ask_for_certificates(struct rails *rails)
{
    const struct api_server *server = rails->server;
    return server->gateways.wechat != NULL && rails->seen_us != rails->certificates_at_us &&
           store_get_certificates(server->db, WECHAT, server->settings->database_call_ms, got_certificates, rails) ==
               OK;
}

/* -- looking ------------------------------------------------------------------------------------------------------- */

static void take(struct rails *rails, const struct rail_states *states)
{
    rails->paused_count = 0;
    for (size_t i = 0; i < states->count; i++) {
        const struct rail_state *state = &states->items[i];
        if (state->open)
            add_paused(rails, state->rail);
        if (strcmp(state->rail, WECHAT) == 0)
            rails->seen_us = state->certificates_at_us;
    }
}

/* What cannot be looked at now is as it was. */
static void looked(void *context, enum err err, const struct row *rows)
{
    struct rails *rails = context;
    struct arena *arena = arena_new();
    struct rail_states states;
    if (err == OK)
        err = store_look_at_rails_read(rows, arena, &states);
    if (err == OK)
        take(rails, &states);
    arena_free(arena);
    if (err != OK || !ask_for_certificates(rails))
        again(rails);
}

static void look(void *context)
{
    struct rails *rails = context;
    const struct api_server *server = rails->server;
    if (store_look_at_rails(server->db, server->settings->database_call_ms, looked, rails) != OK)
        again(rails);
}

/* -- life ---------------------------------------------------------------------------------------------------------- */

struct rails *rails_new(struct loop *loop, struct api_server *server, struct arena *arena)
{
    struct rails *rails = mem_alloc(sizeof(*rails));
    *rails = (struct rails){.server = server, .keys_arena = arena};
    rails->timer = loop_timer_new(loop, look, rails);
    loop_timer_start(rails->timer, 0);
    return rails;
}

void rails_renew(struct rails *rails, struct arena *arena)
{
    rails->keys_arena = arena;
    rails->certificates_at_us = 0; /* they may open now that did not before */
}

void rails_free(struct rails *rails)
{
    if (rails == NULL)
        return;
    loop_timer_free(rails->timer);
    mem_free(rails);
}
