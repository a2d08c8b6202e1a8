/* SPDX-License-Identifier: Apache-2.0 */
#include "api/events.h"

#include "api/renewal_progress.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "edge/stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_SIZE       20  /* 01 + date + 7 or 8 digits, and its end */
#define READS_MAX         256 /* under way at once; more changes are found at the next look */
#define VERSION_NONE      0   /* of no renewal: the next look finds a change */
#define LAST_EVENT_ID_MAX 19

struct watcher {
    struct watcher *next, *previous; /* of the same renewal */
    struct events *events;
    struct topic *topic;
    struct stream *stream;
    int64_t sent; /* the version the reader has */
};

struct topic {
    struct topic *next_in_bucket;
    struct topic *next, *previous;
    struct watcher *watchers;
    size_t count;
    int64_t version; /* that all watchers have, but those that lag behind */
    bool reading;
    char renewal_no[NUMBER_SIZE];
};

struct events {
    struct db *db;
    const struct settings *settings;
    struct loop_timer *timer;
    bool asking, waiting; /* a look is under way; the timer runs */
    bool blind;           /* the last look failed */
    bool more;            /* it found more than could be read at once */
    size_t watchers, topics_count, reads;
    struct topic *topics;
    struct topic **buckets;
    size_t bucket_mask;
};

/* One renewal being read again. It may have no watcher any more when the answer comes. */
struct reading {
    struct events *events;
    char renewal_no[NUMBER_SIZE];
};

/* -- the renewals watched ---------------------------------------------------------------------------------------- */

/* FNV-1a; the numbers are ours, so nobody chooses them to meet. */
static struct topic **place_of(const struct events *events, const char *renewal_no)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *c = renewal_no; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    struct topic **place = &events->buckets[hash & events->bucket_mask];
    while (*place != NULL && strcmp((*place)->renewal_no, renewal_no) != 0)
        place = &(*place)->next_in_bucket;
    return place;
}

static struct topic *topic_get(struct events *events, const char *renewal_no, int64_t version)
{
    struct topic **place = place_of(events, renewal_no);
    if (*place != NULL)
        return *place;
    struct topic *topic = *place = mem_alloc(sizeof(*topic));
    topic->version = version;
    snprintf(topic->renewal_no, sizeof(topic->renewal_no), "%s", renewal_no);
    topic->next = events->topics;
    if (events->topics != NULL)
        events->topics->previous = topic;
    events->topics = topic;
    events->topics_count++;
    return topic;
}

static void topic_free(struct events *events, struct topic *topic)
{
    struct topic **place = place_of(events, topic->renewal_no);
    *place = topic->next_in_bucket;
    if (topic->previous != NULL)
        topic->previous->next = topic->next;
    else
        events->topics = topic->next;
    if (topic->next != NULL)
        topic->next->previous = topic->previous;
    events->topics_count--;
    mem_free(topic);
}

size_t events_watched(const struct events *events)
{
    return events->topics_count;
}

/* -- telling ----------------------------------------------------------------------------------------------------- */

static struct bytes message(const struct settings *settings, struct arena *arena,
                            const struct renewal_progress *progress)
{
    size_t size;
    const char *data = json_finish(progress_json(settings, arena, progress), arena, &size);
    return bytes_of_text(
        arena_format(arena, "id: %" PRId64 "\nevent: progress\ndata: %s\n\n", progress->version, data));
}

static void tell(const struct settings *settings, struct topic *topic, struct arena *arena,
                 const struct renewal_progress *progress)
{
    struct bytes piece = message(settings, arena, progress);
    topic->version = progress->version;
    for (struct watcher *watcher = topic->watchers; watcher != NULL; watcher = watcher->next)
        if (watcher->sent != progress->version && stream_send(watcher->stream, piece))
            watcher->sent = progress->version;
}

/* As long as more is known to have changed the next look does not wait. */
static void look_at_once(struct events *events)
{
    if (!events->more || events->asking || events->reads > READS_MAX / 2)
        return;
    events->more = false;
    events->waiting = true;
    loop_timer_start(events->timer, 0);
}

static void read_again(void *context, enum err err, const struct row *rows)
{
    struct reading *reading = context;
    struct events *events = reading->events;
    struct arena *arena = arena_new();
    struct topic *topic = *place_of(events, reading->renewal_no);
    struct renewal_progress progress;
    events->reads--;
    if (topic != NULL)
        topic->reading = false;
    if (err == OK)
        err = store_get_progress_read(rows, arena, &progress);
    if (err == OK && topic != NULL)
        tell(events->settings, topic, arena, &progress);
    else if (err != OK)
        events->more = false; /* the database is busy or away: at its own pace */
    look_at_once(events);
    arena_free(arena);
    mem_free(reading);
}

/* What cannot be asked now still has its old version: the next look finds it again. */
static void read_topic(struct events *events, struct topic *topic)
{
    if (topic->reading)
        return;
    if (events->reads == READS_MAX) {
        events->more = true;
        return;
    }
    struct reading *reading = mem_alloc(sizeof(*reading));
    reading->events = events;
    memcpy(reading->renewal_no, topic->renewal_no, sizeof(reading->renewal_no));
    if (store_get_progress(events->db, reading->renewal_no, events->settings->database_call_ms, read_again, reading) !=
        OK) {
        mem_free(reading);
        return;
    }
    topic->reading = true;
    events->reads++;
}

/* -- looking ----------------------------------------------------------------------------------------------------- */

static void look_again(struct events *events, int64_t after_ms)
{
    if (events->asking || events->waiting || events->topics == NULL)
        return;
    events->waiting = true;
    loop_timer_start(events->timer, after_ms);
}

static void note_outage(struct events *events, enum err err)
{
    if (err != OK && !events->blind)
        log_warn("events", "changes of renewals cannot be seen: %s", err_code(err));
    else if (err == OK && events->blind)
        log_info("events", "changes of renewals are seen again");
    events->blind = err != OK;
}

static void looked(void *context, enum err err, const struct row *rows)
{
    struct events *events = context;
    struct arena *arena = arena_new();
    struct renewal_changes changes = {0};
    events->asking = false;
    if (err == OK)
        err = store_find_changes_read(rows, arena, &changes);
    note_outage(events, err);
    for (size_t i = 0; i < changes.count; i++) {
        struct topic *topic = *place_of(events, changes.items[i].renewal_no);
        if (topic != NULL)
            read_topic(events, topic);
    }
    arena_free(arena);
    look_again(events, events->settings->web_stream_poll_ms);
}

static void look(void *context)
{
    struct events *events = context;
    events->waiting = false;
    size_t count = 0;
    const char **numbers = mem_alloc((events->topics_count + 1) * sizeof(*numbers));
    int64_t *versions = mem_alloc((events->topics_count + 1) * sizeof(*versions));
    for (struct topic *topic = events->topics; topic != NULL; topic = topic->next, count++) {
        numbers[count] = topic->renewal_no;
        versions[count] = topic->version;
    }
    enum err err = OK;
    if (count > 0)
        err = store_find_changes(events->db, numbers, versions, count, events->settings->database_call_ms, looked,
                                 events);
    events->asking = count > 0 && err == OK;
    mem_free(numbers);
    mem_free(versions);
    note_outage(events, err);
    look_again(events, events->settings->web_stream_poll_ms);
}

/* -- watchers ---------------------------------------------------------------------------------------------------- */

/* It missed something while its last piece was on the way. */
static void watcher_ready(void *context)
{
    struct watcher *watcher = context;
    watcher->topic->version = VERSION_NONE;
}

static void watcher_ended(void *context)
{
    struct watcher *watcher = context;
    struct topic *topic = watcher->topic;
    if (watcher->previous != NULL)
        watcher->previous->next = watcher->next;
    else
        topic->watchers = watcher->next;
    if (watcher->next != NULL)
        watcher->next->previous = watcher->previous;
    watcher->events->watchers--;
    if (--topic->count == 0)
        topic_free(watcher->events, topic);
    mem_free(watcher);
}

static const struct stream_handler watcher_handler = {.ready = watcher_ready, .ended = watcher_ended};

static void link_watcher(struct topic *topic, struct watcher *watcher)
{
    watcher->topic = topic;
    watcher->next = topic->watchers;
    if (topic->watchers != NULL)
        topic->watchers->previous = watcher;
    topic->watchers = watcher;
    topic->count++;
    watcher->events->watchers++;
    if (watcher->sent != topic->version) /* one of the two is old */
        topic->version = VERSION_NONE;
}

/* WHATWG HTML 9.2.3: what it got last. Anything that is not a version of ours is as good as nothing. */
static bool reader_has(const struct request *req, int64_t version)
{
    const char *last = request_header(req, "last-event-id");
    char text[LAST_EVENT_ID_MAX + 2];
    snprintf(text, sizeof(text), "%" PRId64, version);
    return last != NULL && strcmp(last, text) == 0;
}

void events_watch(struct events *events, struct request *req, const struct renewal_progress *progress)
{
    bool has = reader_has(req, progress->version);
    struct bytes first = message(events->settings, request_arena(req), progress);
    struct watcher *watcher = mem_alloc(sizeof(*watcher));
    watcher->events = events;
    watcher->stream = request_reply_stream(req, &watcher_handler, watcher);
    if (watcher->stream == NULL) {
        mem_free(watcher);
        return;
    }
    if (has || stream_send(watcher->stream, first))
        watcher->sent = progress->version;
    link_watcher(topic_get(events, progress->renewal_no, watcher->sent), watcher);
    look_again(events, events->settings->web_stream_poll_ms);
}

enum err events_admit(const struct events *events, const char *renewal_no, struct fault *fault)
{
    if (events->watchers >= (size_t)events->settings->web_streams)
        return fault_explain(fault, ERR_BUSY, "等待进度的页面过多，请稍后刷新", "Too many pages wait; reload shortly");
    const struct topic *topic = *place_of(events, renewal_no);
    if (topic != NULL && topic->count >= (size_t)events->settings->web_streams_per_renewal)
        return fault_explain(fault, ERR_RATE_LIMITED, "该业务单打开的页面过多，请关闭一些",
                             "This renewal is open in too many pages; close some");
    return OK;
}

/* -- life -------------------------------------------------------------------------------------------------------- */

struct events *events_new(struct loop *loop, struct db *db, const struct settings *settings)
{
    struct events *events = mem_alloc(sizeof(*events));
    size_t buckets = 64;
    while (buckets < (size_t)settings->web_streams)
        buckets *= 2;
    *events = (struct events){.db = db, .settings = settings, .bucket_mask = buckets - 1};
    events->buckets = mem_alloc(buckets * sizeof(struct topic *));
    events->timer = loop_timer_new(loop, look, events);
    return events;
}

void events_free(struct events *events)
{
    if (events == NULL)
        return;
    loop_timer_free(events->timer);
    mem_free(events->buckets);
    mem_free(events);
}
