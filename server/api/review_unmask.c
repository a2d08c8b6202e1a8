/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/review/cases/{no}/unmasking: named personal data of a case in plain, once, for the reviewer who holds it
 * and says why. The procedure writes down who, what and why before anything is opened; nobody keeps the answer. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "store/review.h"

#include <string.h>

#define REASON_LENGTH_MIN 5
#define REASON_LENGTH_MAX 200

/* The closed list; the same in the table unmasking. */
static const char *const known_fields[] = {
    "agent.name",        "agent.id_number",        "agent.mobile",        "agent.email",
    "agent.address",     "recipient.name",         "recipient.mobile",    "recipient.address",
    "legal_person.name", "legal_person.id_number", "legal_person.mobile", "basic_account.number",
};

struct unmasking {
    struct request *req;
    const char *fields[ARRAY_SIZE(known_fields)];
    size_t count;
};

static const char *known(const char *name)
{
    for (size_t i = 0; name != NULL && i < ARRAY_SIZE(known_fields); i++)
        if (strcmp(known_fields[i], name) == 0)
            return known_fields[i];
    return NULL;
}

static bool listed(const struct unmasking *unmasking, const char *field)
{
    for (size_t i = 0; i < unmasking->count; i++)
        if (unmasking->fields[i] == field)
            return true;
    return false;
}

static enum err read_fields(const struct json *list, struct fault *fault, struct unmasking *out)
{
    for (size_t i = 0; i < json_length(list); i++) {
        const char *field = known(json_text(json_item(list, i)));
        if (field == NULL || listed(out, field)) {
            fault_field(fault, "fields", "value",
                        "应为agent.name、agent.id_number、agent.mobile、agent.email、agent.address、recipient.name、"
                        "recipient.mobile、recipient.address、legal_person.name、legal_person.id_number、"
                        "legal_person.mobile、basic_account.number，每项至多一次",
                        "Must be agent.name, agent.id_number, agent.mobile, agent.email, agent.address, "
                        "recipient.name, recipient.mobile, recipient.address, legal_person.name, "
                        "legal_person.id_number, legal_person.mobile or basic_account.number, each once at most");
            break;
        }
        out->fields[out->count++] = field;
    }
    if (out->count == 0 && fault_check(fault) == OK)
        fault_field(fault, "fields", "required", "请选择要查看的项目", "Name what you need to see");
    return fault_check(fault);
}

static enum err check_reason(const char *reason, struct fault *fault)
{
    const char *begin = reason + strspn(reason, " ");
    if (utf8_length(begin) < REASON_LENGTH_MIN)
        fault_field(fault, "reason", "length", "请写明查看原因（5至200个字），原因会记入审计",
                    "Say why in 5 to 200 characters; it is written into the audit trail");
    return fault_check(fault);
}

static enum err open_personal(const struct unmasking *unmasking, const struct row *rows, struct json *values)
{
    struct request *req = unmasking->req;
    struct arena *arena = request_arena(req);
    struct unmasked_case it;
    struct bytes plain;
    struct fault fault; /* what we sealed ourselves is not the caller's to mend */
    fault_init(&fault, arena);
    TRY(store_unmask_case_read(rows, arena, &it));
    ENSURE(it.personal_sealed.size > 0, ERR_PERSONAL_DATA_ERASED);
    TRY(unseal(api_server(req)->seal_keys, arena, "renewal.personal", it.evidence_sha256, it.personal_sealed, &plain));
    AUTO_JSON *document = NULL;
    ENSURE(json_parse((const char *)plain.data, plain.size, &fault, &document) == OK, ERR_SEAL_BROKEN);
    for (size_t i = 0; i < unmasking->count; i++) {
        const char *text = json_text_at(document, unmasking->fields[i]);
        json_put_text(values, unmasking->fields[i], text == NULL ? "" : text);
    }
    return OK;
}

static void unmasked(void *context, enum err err, const struct row *rows)
{
    const struct unmasking *unmasking = context;
    struct request *req = unmasking->req;
    struct json *values = json_new_object();
    if (err == OK)
        err = open_personal(unmasking, rows, values);
    if (err != OK) {
        json_free(values);
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put(body, "values", values);
    request_add_header(req, "Cache-Control", "no-store");
    request_reply_json(req, 200, body);
}

enum err api_review_unmask(struct request *req)
{
    AUTO_JSON *document = NULL;
    const struct json *list = NULL;
    const char *reason = NULL;
    const struct json_field fields[] = {
        {"fields", FIELD_ARRAY, .into = &list},
        {"reason", FIELD_TEXT, .into = &reason, .length_max = REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct unmasking *unmasking = ARENA_NEW(request_arena(req), struct unmasking);
    unmasking->req = req;
    enum err wrong = read_fields(list, request_fault(req), unmasking);
    TRY(check_reason(reason, request_fault(req)));
    TRY(wrong);
    const struct case_unmasking asked = {.token_digest = access_staff_digest(req),
                                         .renewal_no = request_path_part(req, "no"),
                                         .fields = unmasking->fields,
                                         .field_count = unmasking->count,
                                         .reason = reason + strspn(reason, " "),
                                         .per_day = api_server(req)->settings->staff_unmasking_per_day};
    return store_unmask_case(api_server(req)->db, &asked, api_call_ms(req), unmasked, unmasking);
}
