/* SPDX-License-Identifier: Apache-2.0 */
#include "api/review_write.h"

#include "api/access.h"
#include "api/reply.h"

#include <string.h>

#define KEY_LENGTH_MIN 8
#define KEY_LENGTH_MAX 64
#define KEY_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"

/* As it is, or in quotes, as draft-ietf-httpapi-idempotency-key-header wants it. */
static enum err read_key(struct request *req, const char **key)
{
    const char *text = request_header(req, "idempotency-key");
    *key = "";
    if (text == NULL)
        return OK;
    size_t size = strlen(text);
    if (size >= 2 && text[0] == '"' && text[size - 1] == '"') {
        text++;
        size -= 2;
    }
    if (size < KEY_LENGTH_MIN || size > KEY_LENGTH_MAX || strspn(text, KEY_CHARACTERS) < size) {
        fault_field(request_fault(req), "Idempotency-Key", "value", "应为8至64位字母、数字、_或-，每个请求各不相同",
                    "Must be 8 to 64 letters, digits, _ or -, another one for each request");
        return ERR_FIELDS_INVALID;
    }
    *key = arena_text_n(request_arena(req), text, size);
    return OK;
}

enum err review_read_write(struct request *req, int64_t version, struct review_write *out)
{
    struct review_write write = {.token_digest = access_staff_digest(req), .renewal_no = "", .version = version};
    TRY(read_key(req, &write.key));
    TRY(reply_check_version(req, version, 0));
    *out = write;
    return OK;
}

static void say_change(struct request *req, const struct row *rows)
{
    struct review_change change;
    store_review_change_read(rows, request_arena(req), &change);
    reply_say_changed(req, change.by, change.at_us, change.step);
}

void review_fail(struct request *req, enum err err, const struct row *rows)
{
    if (err == ERR_CASE_CHANGED && rows != NULL)
        say_change(req, rows);
    request_fail(req, err);
}
