/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/files.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/connection.h"
#include "edge/message.h"
#include "edge/state.h"
#include "edge/target.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX (8 * 1024 * 1024)
#define ASSETS        "assets"

DEFINE_CLEANUP(DIR, closedir)

struct file {
    struct file *next;
    const char *name; /* below the root: "portal.html", "assets/index-1a2b3c.js" */
    const char *type;
    struct bytes content, gzip; /* gzip.data NULL: none */
};

struct files {
    struct arena *arena;
    struct files_options options;
    struct file *first;
};

/* -- reading ----------------------------------------------------------------------------------------------------- */

static const char *type_of(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".ttf", "font/ttf"},
        {".pfb", "application/octet-stream"},   /* a standard font of PDF */
        {".bcmap", "application/octet-stream"}, /* a character map of PDF.js */
    };
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < ARRAY_SIZE(types); i++)
        if (strcmp(ending, types[i].ending) == 0)
            return types[i].type;
    return NULL; /* what no page asks for is not served */
}

static struct file *find(const struct files *files, const char *name)
{
    for (struct file *file = files->first; file != NULL; file = file->next)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static enum err read_one(struct files *files, const char *name)
{
    const char *type = type_of(name);
    if (type == NULL)
        return OK;
    struct file *file = ARENA_NEW(files->arena, struct file);
    const char *path = file_path(files->arena, files->options.root, name);
    const char *gzip = arena_format(files->arena, "%s.gz", path);
    *file = (struct file){.next = files->first, .name = name, .type = type};
    TRY(file_read(files->arena, path, FILE_SIZE_MAX, &file->content));
    if (exists(gzip))
        TRY(file_read(files->arena, gzip, FILE_SIZE_MAX, &file->gzip));
    files->first = file;
    return OK;
}

/* folder: "" for the root itself. Only what lies in it: the build makes no deeper ones. */
static enum err read_folder(struct files *files, const char *folder)
{
    const char *path = file_path(files->arena, files->options.root, folder);
    AUTO(DIR) *entries = opendir(path);
    if (entries == NULL) {
        log_error("edge", "%s: %m; the pages are built by cmake (XUQI_WEB)", path);
        return ERR_SETTINGS_INVALID;
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (entry->d_type != DT_REG || entry->d_name[0] == '.')
            continue;
        const char *slash = folder[0] == '\0' ? "" : "/";
        TRY(read_one(files, arena_format(files->arena, "%s%s%s", folder, slash, entry->d_name)));
    }
    return OK;
}

static enum err check_documents(const struct files *files)
{
    for (size_t i = 0; i < files->options.document_count; i++) {
        const char *name = files->options.documents[i].file;
        if (find(files, name) == NULL) {
            log_error("edge", "%s: no %s among the built pages", files->options.root, name);
            return ERR_SETTINGS_INVALID;
        }
    }
    return OK;
}

static enum err read_all(struct files *files)
{
    TRY(read_folder(files, ""));
    TRY(read_folder(files, ASSETS));
    return check_documents(files);
}

enum err files_open(const struct files_options *options, struct files **out)
{
    struct arena *arena = arena_new();
    struct files *files = ARENA_NEW(arena, struct files);
    *files = (struct files){.arena = arena, .options = *options};
    enum err err = read_all(files);
    if (err == OK)
        *out = files;
    else
        arena_free(arena);
    return err;
}

void files_free(struct files *files)
{
    if (files != NULL)
        arena_free(files->arena);
}

/* -- finding ----------------------------------------------------------------------------------------------------- */

static const char *path_of(const struct target *target, struct arena *arena)
{
    const char *path = "";
    for (size_t i = 0; i < target->segment_count; i++)
        path = arena_format(arena, "%s/%s", path, target->segments[i]);
    return path;
}

static bool is_below(const char *path, const char *document)
{
    size_t length = strlen(document);
    if (strncmp(path, document, length) != 0)
        return false;
    return path[length] == '\0' || (path[length] == '/' && length > 1);
}

static const struct file *find_document(const struct files *files, const char *path)
{
    for (size_t i = 0; i < files->options.document_count; i++)
        if (is_below(path, files->options.documents[i].path))
            return find(files, files->options.documents[i].file);
    return NULL;
}

/* Documents are found by where they stand, assets and the few files beside the documents by their names. */
static const struct file *find_target(const struct files *files, const struct target *target, struct arena *arena)
{
    const char *path = path_of(target, arena);
    const struct file *document = find_document(files, path);
    if (document != NULL || path[0] == '\0')
        return document;
    const struct file *file = find(files, path + 1);
    bool is_html = file != NULL && strcmp(file->type, type_of(".html")) == 0;
    return is_html ? NULL : file;
}

/* -- answering --------------------------------------------------------------------------------------------------- */

static void add_document_headers(struct request *req, const struct files *files)
{
    request_add_header(req, "Content-Security-Policy", files->options.policy);
    request_add_header(req, "Referrer-Policy", "no-referrer"); /* addresses of pages carry business numbers */
    request_add_header(req, "Cross-Origin-Opener-Policy", "same-origin");
    request_add_header(req, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
}

static bool wants_gzip(const struct request *req)
{
    const char *accepted = request_header(req, "accept-encoding");
    return accepted != NULL && strstr(accepted, "gzip") != NULL && strstr(accepted, "gzip;q=0") == NULL;
}

static enum err answer(struct request *req)
{
    const struct files *files = req->edge->files[req->connection->listener];
    const struct file *file = req->file;
    bool is_asset = strncmp(file->name, ASSETS "/", strlen(ASSETS "/")) == 0;
    bool gzip = file->gzip.data != NULL && wants_gzip(req);
    if (is_asset)
        request_add_header(req, "Cache-Control", "public, max-age=31536000, immutable");
    else
        add_document_headers(req, files);
    if (file->gzip.data != NULL)
        request_add_header(req, "Vary", "Accept-Encoding");
    if (gzip)
        request_add_header(req, "Content-Encoding", "gzip");
    request_reply(req, 200, file->type, gzip ? file->gzip : file->content);
    return OK;
}

const struct route *files_route(struct request *req)
{
    static const struct route page = {"GET", "(page)", ACCESS_PUBLIC, NULL, 0, answer, LISTENER_PUBLIC};
    const struct files *files = req->edge->files[req->connection->listener];
    if (files == NULL || (!req->head_only && strcmp(req->method, "GET") != 0))
        return NULL;
    req->file = find_target(files, &req->target, req->arena);
    return req->file != NULL ? &page : NULL;
}
