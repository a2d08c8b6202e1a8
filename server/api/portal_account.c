/* SPDX-License-Identifier: Apache-2.0 */
/* Registering with the web hall, and a new password: both for who has the code that was sent to the number. The
 * password is hashed on a pool thread first, whatever the code is worth: the time tells nothing. */
#include "api/handlers.h"
#include "api/portal.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "pki/code.h"
#include "pki/password.h"

#include <string.h>

#define NAME_MIN   4
#define NAME_MAX   32
#define MOBILE_MAX 20
#define LETTERS    "abcdefghijklmnopqrstuvwxyz"
#define DIGITS     "0123456789"

struct portal_form {
    struct request *req;
    struct portal_mobile mobile;
    struct bytes digest; /* of the code */
    const char *name;    /* "" for a new password only */
    const char *password;
    struct arena *hash_arena; /* the pool thread's */
    const char *hash;
    const char *token;
};

/* The table's own rule (portal_account.name): a letter, so that no name is somebody's number. */
static void check_name(struct request *req, const char *name)
{
    size_t size = strlen(name);
    bool good = size >= NAME_MIN && size <= NAME_MAX && strspn(name, LETTERS DIGITS "_.-") == size &&
                strcspn(name, LETTERS) < size && strcspn(name, "_.-") > 0;
    if (!good)
        fault_field(
            request_fault(req), "name", "name", "帐号名为4至32个小写字母、数字、_ . -，至少含一个字母",
            "4 to 32 lower-case letters, digits and _ . -, at least one letter, beginning with a letter or digit");
}

/* -- writing ----------------------------------------------------------------------------------------------------- */

static void registered(void *context, enum err err, const struct row *rows)
{
    struct portal_form *form = context;
    portal_reply_opened(form->req, err, rows, form->token);
}

static void changed(void *context, enum err err, const struct row *rows)
{
    struct portal_form *form = context;
    struct request *req = form->req;
    if (err == OK)
        err = store_change_portal_password_read(rows, request_arena(req));
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "status", "changed");
    request_reply_json(req, 200, body);
}

static void hash_password(void *context)
{
    struct portal_form *form = context;
    form->hash = password_hash(form->hash_arena, form->password);
}

static enum err write_form(struct portal_form *form)
{
    struct request *req = form->req;
    struct db *db = api_server(req)->db;
    if (form->name[0] == '\0')
        return store_change_portal_password(db, form->mobile.index, form->digest, form->hash, api_call_ms(req), changed,
                                            form);
    struct portal_seat seat = portal_new_seat(req, &form->token);
    return store_register_portal(db, &form->mobile, form->digest, form->name, form->hash, &seat, api_call_ms(req),
                                 registered, form);
}

static void password_hashed(void *context)
{
    struct portal_form *form = context;
    enum err err = write_form(form);
    arena_free(form->hash_arena);
    if (err != OK)
        request_fail(form->req, err);
}

static enum err hash_then_write(struct portal_form *form)
{
    form->hash_arena = arena_new();
    enum err err = offload_submit(api_server(form->req)->offload, hash_password, password_hashed, form);
    if (err != OK)
        arena_free(form->hash_arena);
    return err;
}

/* -- reading ----------------------------------------------------------------------------------------------------- */

struct typed {
    const char *mobile, *code, *password, *name;
};

static enum err take(struct request *req, const struct typed *typed, const char *purpose, struct portal_form **out)
{
    struct arena *arena = request_arena(req);
    struct portal_form *form = ARENA_NEW(arena, struct portal_form);
    const char *mobile;
    portal_check_password(req, typed->password);
    TRY(portal_read_mobile(req, typed->mobile, &form->mobile, &mobile));
    TRY(fault_check(request_fault(req)));
    form->req = req;
    form->digest = code_digest(api_server(req)->seal_keys, arena, purpose, mobile, typed->code);
    form->name = arena_text(arena, typed->name);
    form->password = arena_text(arena, typed->password);
    *out = form;
    return OK;
}

enum err api_portal_register(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct typed typed = {0};
    struct portal_form *form = NULL;
    const struct json_field fields[] = {
        {"mobile", FIELD_TEXT, .into = &typed.mobile, .length_max = MOBILE_MAX},
        {"code", FIELD_TEXT, .into = &typed.code, .length_max = CODE_DIGITS},
        {"name", FIELD_TEXT, .into = &typed.name, .length_max = NAME_MAX},
        {"password", FIELD_TEXT, .into = &typed.password, .length_max = PASSWORD_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    check_name(req, typed.name);
    TRY(take(req, &typed, "register", &form));
    return hash_then_write(form);
}

enum err api_portal_password(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct typed typed = {.name = ""};
    struct portal_form *form = NULL;
    const struct json_field fields[] = {
        {"mobile", FIELD_TEXT, .into = &typed.mobile, .length_max = MOBILE_MAX},
        {"code", FIELD_TEXT, .into = &typed.code, .length_max = CODE_DIGITS},
        {"password", FIELD_TEXT, .into = &typed.password, .length_max = PASSWORD_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(take(req, &typed, "password", &form));
    return hash_then_write(form);
}
