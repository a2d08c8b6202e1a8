/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/certificates.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "remote/wechat.h"
#include "store/rail.h"

#include <inttypes.h>

#define RAIL            "wechat"
#define ANSWER_SIZE_MAX 262144
#define FIRST_AFTER_MS  1000
#define AGAIN_MS        (10 * 60 * 1000) /* after a look that failed */
#define HOUR_MS         (60 * 60 * 1000)
#define HTTP_OK         200

struct certificates {
    struct jobs *jobs;
    struct loop_timer *timer;
    struct arena *arena; /* of a look */
    bool looking, again;
    struct wechat_sealed *items; /* that came */
    size_t count, next;
};

/* -- the end of a look --------------------------------------------------------------------------------------------- */

static void end(struct certificates *it, enum err err)
{
    if (err != OK)
        log_warn("wechat", "new platform certificates could not be looked for: %s", err_code(err));
    arena_free(it->arena);
    it->arena = NULL;
    it->looking = false;
    int64_t period_ms = it->jobs->settings->wechat_certificate_hours * HOUR_MS;
    loop_timer_start(it->timer, it->again ? 1 : err == OK ? period_ms : AGAIN_MS);
    it->again = false;
}

static struct wechat *wechat_of(const struct certificates *it)
{
    return it->jobs->gateways.wechat;
}

static void learn(const struct certificates *it, const struct wechat_sealed *sealed)
{
    const struct jobs *jobs = it->jobs;
    bool learnt = false;
    enum err err = wechat_learn(wechat_of(it), sealed, clock_now_us(), jobs->keys_arena, &learnt);
    if (err != OK)
        log_warn("wechat", "the platform certificate %s is not believed: %s", sealed->serial, err_code(err));
    else if (learnt)
        log_info("wechat", "the platform certificate %s is believed from now on", sealed->serial);
}

/* -- what came, one after the other -------------------------------------------------------------------------------- */

static void put_next(struct certificates *it);

static void put(void *context, enum err err, const struct row *rows)
{
    struct certificates *it = context;
    bool known;
    if (err == OK)
        err = store_put_certificate_read(rows, it->arena, &known);
    if (err != OK) {
        end(it, err);
        return;
    }
    it->next++;
    put_next(it);
}

static enum err put_one(struct certificates *it, const struct wechat_sealed *sealed)
{
    const struct jobs *jobs = it->jobs;
    struct certificate certificate;
    TRY(wechat_open_certificate(wechat_of(it), sealed, it->arena, &certificate));
    const struct rail_certificate row = {certificate.serial, sealed->nonce, sealed->associated_data,
                                         sealed->ciphertext};
    learn(it, sealed);
    return store_put_certificate(jobs->db, RAIL, &row, certificate.not_after_us, jobs->settings->database_call_ms, put,
                                 it);
}

static void put_next(struct certificates *it)
{
    if (it->next == it->count) {
        expiry_watch_gather(it->jobs->watch);
        end(it, OK);
        return;
    }
    enum err err = put_one(it, &it->items[it->next]);
    if (err != OK)
        end(it, err);
}

/* -- the gateway --------------------------------------------------------------------------------------------------- */

static enum err read_answer(struct certificates *it, const struct http_answer *answer)
{
    struct fault fault;
    fault_init(&fault, it->arena);
    const struct wechat_headers headers = {
        .timestamp = http_answer_header(answer, "Wechatpay-Timestamp"),
        .nonce = http_answer_header(answer, "Wechatpay-Nonce"),
        .signature = http_answer_header(answer, "Wechatpay-Signature"),
        .serial = http_answer_header(answer, "Wechatpay-Serial"),
    };
    ENSURE(answer->status == HTTP_OK, ERR_GATEWAY_UNAVAILABLE);
    TRY(wechat_verify(wechat_of(it), &headers, answer->body, clock_now_us(), it->arena, &fault));
    return wechat_read_certificates(answer->body, it->arena, &fault, &it->items, &it->count);
}

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct certificates *it = context;
    it->count = it->next = 0;
    if (err == OK)
        err = read_answer(it, answer);
    if (err == OK)
        put_next(it);
    else
        end(it, err);
}

static enum err ask(struct certificates *it)
{
    struct jobs *jobs = it->jobs;
    struct wechat_request request;
    TRY(wechat_certificates(wechat_of(it), clock_now_us(), it->arena, &request));
    const struct http_header headers[] = {
        {"Authorization", request.authorization},
        {"Accept", "application/json"},
        {"User-Agent", "Xuqi/" XUQI_VERSION},
    };
    const struct http_request call = {
        .method = request.method,
        .url = request.url,
        .headers = headers,
        .header_count = ARRAY_SIZE(headers),
        .timeout_ms = jobs->settings->remote_call_ms,
        .answer_max = ANSWER_SIZE_MAX,
    };
    return http_start(jobs->http, &call, it->arena, answered, it);
}

/* -- what was there already ---------------------------------------------------------------------------------------- */

static void known(void *context, enum err err, const struct row *rows)
{
    struct certificates *it = context;
    struct rail_certificates list = {0};
    if (err == OK)
        err = store_get_certificates_read(rows, it->arena, &list);
    for (size_t i = 0; err == OK && i < list.count; i++) {
        const struct rail_certificate *row = &list.items[i];
        const struct wechat_sealed sealed = {row->serial, row->nonce, row->associated_data, row->ciphertext};
        learn(it, &sealed);
    }
    if (err == OK)
        err = ask(it);
    if (err != OK)
        end(it, err);
}

static void look(void *context)
{
    struct certificates *it = context;
    const struct jobs *jobs = it->jobs;
    if (wechat_of(it) == NULL || !wechat_uses_certificates(wechat_of(it)))
        return; /* until a reload says otherwise */
    it->arena = arena_new();
    it->looking = true;
    enum err err = store_get_certificates(jobs->db, RAIL, jobs->settings->database_call_ms, known, it);
    if (err != OK)
        end(it, err);
}

void certificates_look(struct certificates *it)
{
    if (it->looking)
        it->again = true;
    else
        loop_timer_start(it->timer, 1);
}

struct certificates *certificates_new(struct jobs *jobs)
{
    struct certificates *it = mem_alloc(sizeof(*it));
    *it = (struct certificates){.jobs = jobs};
    it->timer = loop_timer_new(jobs->loop, look, it);
    loop_timer_start(it->timer, FIRST_AFTER_MS);
    return it;
}

void certificates_free(struct certificates *it)
{
    if (it == NULL)
        return;
    loop_timer_free(it->timer);
    arena_free(it->arena);
    mem_free(it);
}
