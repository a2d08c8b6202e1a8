/* SPDX-License-Identifier: Apache-2.0 */
/* The connection string, taken apart: libpq tries the hosts of a list one after another without a limit of its own, so
 * we name one host at a time; and what this program needs of a session is added. */
#include "base/log.h"
#include "store/db_internal.h"

#include <stdio.h>
#include <string.h>

#define SETTINGS_MAX 64
#define STRING(x)    STRING_(x)
#define STRING_(x)   #x

DEFINE_CLEANUP(PQconninfoOption, PQconninfoFree)

struct conninfo {
    struct arena *arena;
    const char *keywords[SETTINGS_MAX + 1], *values[SETTINGS_MAX + 1];
    size_t count;
    unsigned hosts;
};

/* Used unless the connection string says otherwise. A silent peer is noticed within seconds; a server that has become
 * a standby is passed over. */
static const char *const defaults[][2] = {
    {"fallback_application_name", "xuqid"}, {"gssencmode", "disable"}, {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},           {"keepalives_count", "3"}, {"tcp_user_timeout", "5000"},
    {"target_session_attrs", "read-write"},
};

static const char session_options[] = "-c search_path=xuqi,pg_temp"
                                      " -c default_transaction_isolation=read\\ committed"
                                      " -c idle_in_transaction_session_timeout=" STRING(
                                          DB_IDLE_TRANSACTION_S) "s"
                                                                 " -c TimeZone=Asia/Shanghai";

static const char *value_of(const struct conninfo *conninfo, const char *keyword)
{
    for (size_t i = 0; i < conninfo->count; i++)
        if (strcmp(conninfo->keywords[i], keyword) == 0)
            return conninfo->values[i];
    return NULL;
}

static void set(struct conninfo *conninfo, const char *keyword, const char *value)
{
    size_t i = 0;
    while (i < conninfo->count && strcmp(conninfo->keywords[i], keyword) != 0)
        i++;
    if (i == SETTINGS_MAX)
        return; /* libpq 15 knows 43 */
    conninfo->keywords[i] = arena_text(conninfo->arena, keyword);
    conninfo->values[i] = arena_text(conninfo->arena, value);
    conninfo->count += i == conninfo->count;
}

static unsigned list_length(const char *list)
{
    unsigned length = 1;
    for (; list != NULL && *list != '\0'; list++)
        length += *list == ',';
    return length;
}

static void add_ours(struct conninfo *conninfo)
{
    for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
        if (value_of(conninfo, defaults[i][0]) == NULL)
            set(conninfo, defaults[i][0], defaults[i][1]);
    const char *options = value_of(conninfo, "options");
    /* the later one wins: the operator's */
    set(conninfo, "options", arena_format(conninfo->arena, "%s %s", session_options, options != NULL ? options : ""));
    set(conninfo, "client_encoding", "UTF8");
}

enum err conninfo_parse(const char *text, struct conninfo **out)
{
    char *error = NULL;
    AUTO(PQconninfoOption) *options = PQconninfoParse(text, &error);
    if (options == NULL) {
        log_error("db", "the connection string cannot be read"); /* libpq's message may quote a password */
        PQfreemem(error);
        return ERR_DB_UNAVAILABLE;
    }
    struct conninfo *conninfo = mem_alloc(sizeof(*conninfo));
    conninfo->arena = arena_new();
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
        if (option->val != NULL)
            set(conninfo, option->keyword, option->val);
    add_ours(conninfo);
    unsigned names = list_length(value_of(conninfo, "host")), addresses = list_length(value_of(conninfo, "hostaddr"));
    conninfo->hosts = names > addresses ? names : addresses;
    *out = conninfo;
    return OK;
}

void conninfo_free(struct conninfo *conninfo)
{
    if (conninfo == NULL)
        return;
    arena_free(conninfo->arena);
    mem_free(conninfo);
}

unsigned conninfo_hosts(const struct conninfo *conninfo)
{
    return conninfo->hosts;
}

/* The list's element, or the list's only one. */
static const char *element(struct arena *arena, const char *list, unsigned index)
{
    if (list == NULL || strchr(list, ',') == NULL)
        return list;
    for (; index > 0 && strchr(list, ',') != NULL; index--)
        list = strchr(list, ',') + 1;
    return arena_text_n(arena, list, strcspn(list, ","));
}

PGconn *conninfo_connect(const struct conninfo *conninfo, unsigned host)
{
    static const char *const lists[] = {"host", "hostaddr", "port"};
    const char *values[SETTINGS_MAX + 1];
    memcpy(values, conninfo->values, sizeof(values));
    struct arena *arena = arena_new();
    for (size_t i = 0; i < conninfo->count; i++)
        for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
            if (strcmp(conninfo->keywords[i], lists[l]) == 0)
                values[i] = element(arena, values[i], host);
    PGconn *pg = PQconnectStartParams(conninfo->keywords, values, 0);
    arena_free(arena);
    return pg;
}
