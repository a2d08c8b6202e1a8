/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/phone: what a telephone does with the link that the applicant's page showed it. The first device that opens a
 * link has it: it names itself by a secret it has made, in the opening and afterwards in X-Xuqi-Device, so that a
 * reload or a lost answer costs nothing and a second telephone is told. */
#include "store/phone.h"
#include "api/access.h"
#include "api/handlers.h"
#include "api/identity.h"
#include "api/material.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "pki/digest.h"

#include <string.h>

#define DEVICE_LENGTH_MIN 22 /* 128 bits in base64url */
#define DEVICE_LENGTH_MAX 86
#define TAIL_LENGTH       4

struct phone {
    struct request *req;
    struct phone_key key;
    struct phone_tasks tasks;
    struct material_sealing sealing;
};

/* -- who ----------------------------------------------------------------------------------------------------------- */

static enum err set_device(struct phone *phone, const char *device)
{
    size_t length = device == NULL ? 0 : strlen(device);
    bool plain = device != NULL &&
                 strspn(device, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == length;
    if (!plain || length < DEVICE_LENGTH_MIN || length > DEVICE_LENGTH_MAX) {
        fault_field(request_fault(phone->req), "device", "format", "应为22至86位base64url字符，由手机随机生成",
                    "Must be 22 to 86 characters of base64url, made at random by the phone");
        return ERR_FIELDS_INVALID;
    }
    phone->key.device_digest = sha256(request_arena(phone->req), bytes_of_text(device));
    return OK;
}

static struct phone *phone_new(struct request *req)
{
    struct phone *phone = ARENA_NEW(request_arena(req), struct phone);
    *phone = (struct phone){.req = req, .key = {.token_digest = access_phone_digest(req)}};
    return phone;
}

static enum err phone_of(struct request *req, struct phone **out)
{
    struct phone *phone = phone_new(req);
    TRY(set_device(phone, request_header(req, "x-xuqi-device")));
    *out = phone;
    return OK;
}

static enum err look(struct phone *phone, db_done *done)
{
    return store_get_phone_tasks(api_server(phone->req)->db, &phone->key, api_call_ms(phone->req), done, phone);
}

/* -- what is asked ------------------------------------------------------------------------------------------------- */

static struct json *photo_json(const char *side, bool uploaded)
{
    struct json *photo = json_new_object();
    json_put_text(photo, "side", side);
    json_put_boolean(photo, "uploaded", uploaded);
    return photo;
}

/* The end of the number, so that people see it is theirs; no other data leaves towards a telephone. */
static struct json *tasks_json(struct request *req, const struct phone_tasks *tasks)
{
    const struct platform *platform = platform_find(api_server(req)->platforms, tasks->platform);
    struct json *body = json_new_object(), *photos = json_new_array();
    size_t length = strlen(tasks->renewal_no);
    json_put_text(body, "renewal_tail", tasks->renewal_no + (length > TAIL_LENGTH ? length - TAIL_LENGTH : 0));
    json_put_text(body, "platform_name", platform == NULL ? tasks->platform : platform->name_zh);
    json_append(photos, photo_json("front", tasks->has_front));
    json_append(photos, photo_json("back", tasks->has_back));
    json_put(body, "photos", photos);
    json_put_boolean(body, "liveness", tasks->asks_liveness);
    json_put_boolean(body, "finished", tasks->finished);
    reply_put_time(req, body, "expires_at", tasks->expires_at_us);
    return body;
}

static void show_tasks(void *context, enum err err, const struct row *rows)
{
    struct phone *phone = context;
    struct request *req = phone->req;
    if (err == OK)
        err = store_get_phone_tasks_read(rows, request_arena(req), &phone->tasks);
    if (err == OK)
        request_reply_json(req, 200, tasks_json(req, &phone->tasks));
    else
        request_fail(req, err);
}

enum err api_phone_tasks(struct request *req)
{
    struct phone *phone;
    TRY(phone_of(req, &phone));
    return look(phone, show_tasks);
}

static void opened(void *context, enum err err, const struct row *rows)
{
    struct phone *phone = context;
    if (err == OK)
        err = store_open_phone_link_read(rows, request_arena(phone->req));
    if (err == OK)
        err = look(phone, show_tasks);
    if (err != OK)
        request_fail(phone->req, err);
}

enum err api_phone_open(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *device = NULL;
    const struct json_field fields[] = {{"device", FIELD_TEXT, .into = &device, .length_max = DEVICE_LENGTH_MAX}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct phone *phone = phone_new(req);
    TRY(set_device(phone, device));
    return store_open_phone_link(api_server(req)->db, &phone->key, api_server(req)->settings->identity_phone_link_s,
                                 api_call_ms(req), opened, phone);
}

/* -- photos -------------------------------------------------------------------------------------------------------- */

static void put(void *context, enum err err, const struct row *rows)
{
    struct phone *phone = context;
    material_sealed_end(&phone->sealing, err, rows);
}

static enum err keep(struct material_sealing *sealing)
{
    struct phone *phone = sealing->context;
    return store_put_phone_photo(api_server(phone->req)->db, &phone->key, &sealing->out, api_call_ms(phone->req), put,
                                 phone);
}

/* Before the work is begun: most links that are over are told so here. */
static void may_put(void *context, enum err err, const struct row *rows)
{
    struct phone *phone = context;
    struct request *req = phone->req;
    if (err == OK)
        err = store_get_phone_tasks_read(rows, request_arena(req), &phone->tasks);
    if (err == OK && phone->tasks.finished)
        err = ERR_PHONE_LINK_OVER;
    if (err == OK) {
        phone->sealing.out.renewal_no = phone->tasks.renewal_no;
        err = material_seal(&phone->sealing);
    }
    if (err != OK)
        request_fail(req, err);
}

enum err api_phone_photo(struct request *req)
{
    struct phone *phone;
    const char *side = request_path_part(req, "side");
    bool front = strcmp(side, "front") == 0;
    ENSURE(front || strcmp(side, "back") == 0, ERR_NOT_FOUND);
    TRY(phone_of(req, &phone));
    phone->sealing = (struct material_sealing){.req = req, .next = keep, .context = phone};
    phone->sealing.out.kind = front ? "id_photo_front" : "id_photo_back";
    phone->sealing.out.page = 1;
    phone->sealing.out.content_type = material_media_type(req);
    return look(phone, may_put);
}

/* -- the rest ------------------------------------------------------------------------------------------------------ */

static void may_ask_liveness(void *context, enum err err, const struct row *rows)
{
    struct phone *phone = context;
    if (err == OK)
        err = store_get_phone_tasks_read(rows, request_arena(phone->req), &phone->tasks);
    if (err == OK)
        err = identity_ask_liveness(phone->req, phone->tasks.renewal_no);
    if (err != OK)
        request_fail(phone->req, err);
}

enum err api_phone_liveness(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct phone *phone;
    TRY(reply_read_body(req, &document, NULL, 0));
    TRY(phone_of(req, &phone));
    return look(phone, may_ask_liveness);
}

static void finished(void *context, enum err err, const struct row *rows)
{
    struct phone *phone = context;
    struct request *req = phone->req;
    const char *missing = "";
    if (err == OK)
        err = store_finish_phone_link_read(rows, request_arena(req), &missing);
    if (err == OK)
        err = look(phone, show_tasks);
    if (err == OK)
        return;
    material_name_missing(req, missing);
    request_fail(req, err);
}

enum err api_phone_finish(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct phone *phone;
    TRY(reply_read_body(req, &document, NULL, 0));
    TRY(phone_of(req, &phone));
    return store_finish_phone_link(api_server(req)->db, &phone->key, api_call_ms(req), finished, phone);
}
