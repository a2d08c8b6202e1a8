/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/problem.h"

#include "base/json.h"
#include "base/log.h"
#include "edge/message.h"
#include "edge/reply.h"
#include "edge/state.h"

#include <string.h>

#define LOGGED_PATH_MAX 64

/* -- the document ------------------------------------------------------------------------------------------------ */

static struct json *fields_json(const struct fault *fault)
{
    struct json *fields = json_new_array();
    for (size_t i = 0; i < fault->field_count; i++) {
        struct json *field = json_new_object();
        json_put_text(field, "path", fault->fields[i].path);
        json_put_text(field, "code", fault->fields[i].code);
        json_put_text(field, "message", fault->fields[i].zh);
        json_put_text(field, "message_en", fault->fields[i].en);
        json_append(fields, field);
    }
    return fields;
}

static void put_extension(struct json *problem, const struct fault *fault)
{
    struct json *value = NULL;
    if (fault != NULL && fault->extension != NULL &&
        json_parse(fault->extension, strlen(fault->extension), NULL, &value) == OK)
        json_put(problem, fault->extension_name, value);
}

char *problem_text(struct arena *arena, enum err err, const struct fault *fault, const char *request_id, size_t *size)
{
    const struct err_info *info = err_info(err);
    struct json *problem = json_new_object();
    json_put_text(problem, "type", "about:blank");
    json_put_text(problem, "title", info->zh);
    json_put_text(problem, "title_en", info->en);
    json_put_integer(problem, "status", info->status);
    json_put_text(problem, "code", info->code);
    if (fault != NULL && fault->detail_zh != NULL) {
        json_put_text(problem, "detail", fault->detail_zh);
        json_put_text(problem, "detail_en", fault->detail_en);
    }
    json_put_text(problem, "fix", info->fix_zh);
    json_put_text(problem, "fix_en", info->fix_en);
    if (fault != NULL && fault->field_count > 0)
        json_put(problem, "fields", fields_json(fault));
    put_extension(problem, fault);
    json_put_text(problem, "request_id", request_id);
    return json_finish(problem, arena, size);
}

/* -- the log ----------------------------------------------------------------------------------------------------- */

static enum log_level level_of(enum err err)
{
    static const enum log_level levels[] = {
        [ERR_CALLER] = LOG_INFO, [ERR_LATER] = LOG_WARN, [ERR_OUTSIDE] = LOG_WARN, [ERR_OURS] = LOG_ERROR};
    return levels[err_info(err)->category];
}

/* The name of an unknown field is the client's own text: a mobile number as likely as anything. */
static const char *safe_path(struct arena *arena, const char *path, const char *code)
{
    if (strcmp(code, "unknown_field") == 0)
        return "?";
    char *safe = arena_text_n(arena, path, strnlen(path, LOGGED_PATH_MAX));
    for (char *c = safe; *c != '\0'; c++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.[]-", *c) == NULL)
            *c = '?';
    return safe;
}

static const char *fields_text(struct arena *arena, const struct fault *fault)
{
    const char *text = "";
    for (size_t i = 0; fault != NULL && i < fault->field_count; i++)
        text = arena_format(arena, "%s%s%s:%s", text,
                            i > 0 ? "," : " fields=", safe_path(arena, fault->fields[i].path, fault->fields[i].code),
                            fault->fields[i].code);
    return text;
}

/* The route's pattern, not the path: paths hold numbers of people's business. */
static void log_problem(struct request *req, enum err err, const struct fault *fault)
{
    const struct err_info *info = err_info(err);
    log_line(level_of(err), "edge", "request=%s method=%s route=%s code=%s status=%d%s", req->id, req->method,
             req->route != NULL ? req->route->path : "-", info->code, info->status, fields_text(req->arena, fault));
}

/* -- sending ----------------------------------------------------------------------------------------------------- */

static void add_headers(struct request *req, enum err err)
{
    int status = err_info(err)->status;
    if (status == 503 || status == 429)
        request_add_header(req, "Retry-After", "1");
    if (status == 405 && req->allow != NULL)
        request_add_header(req, "Allow", req->allow);
    if (status == 401)
        request_add_header(req, "WWW-Authenticate", "Bearer realm=\"xuqi\""); /* RFC 9110 15.5.2 */
}

void problem_send(struct request *req, enum err err, const struct fault *fault)
{
    log_problem(req, err, fault);
    add_headers(req, err);
    size_t size;
    char *text = problem_text(req->arena, err, fault, req->id, &size);
    reply_send(req, err_info(err)->status, "application/problem+json", (struct bytes){(uint8_t *)text, size});
}

static bool answered_by_other(struct request *req, enum err err)
{
    const struct edge *edge = req->edge;
    if (edge == NULL || edge->options.refused == NULL || !req->handled || req->refusing)
        return false;
    req->refusing = true;
    return edge->options.refused(req, err);
}

void request_fail(struct request *req, enum err err)
{
    if (answered_by_other(req, err))
        return;
    reply_begin(req);
    problem_send(req, err, &req->fault);
    reply_end(req);
}
