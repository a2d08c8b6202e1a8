/* SPDX-License-Identifier: Apache-2.0 */
/* What finance says and no machine knows: what became of a payment or a refund that neither gateway nor statement
 * explains. Two people must say it alike. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/refund_desk.h"

#include <string.h>

#define NUMBER_LENGTH_MAX   40
#define TXN_LENGTH_MAX      64
#define EVIDENCE_LENGTH_MAX 500

static void resolved(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    bool done = false;
    if (err == OK)
        err = store_resolve_unknown_read(rows, request_arena(req), &done);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "number", request_path_part(req, "number"));
    json_put_text(body, "state", done ? "resolved" : "proposed");
    request_reply_json(req, 200, body);
}

static enum err check_resolution(struct request *req, const struct resolution *said)
{
    struct fault *fault = request_fault(req);
    if (strcmp(said->kind, "payment") != 0 && strcmp(said->kind, "refund") != 0)
        fault_field(fault, "kind", "value", "应为payment或refund", "Must be payment or refund");
    if (said->happened != (said->gateway_txn[0] != '\0'))
        fault_field(fault, "gateway_txn", "value", "已成功的须填写渠道流水号，未成功的不填",
                    "The gateway's number when it happened, and only then");
    if (text_blank(said->evidence))
        fault_field(fault, "evidence", "required", "请写明凭证：来源、日期、编号",
                    "Name the evidence: source, date, number");
    return fault_check(fault);
}

enum err api_unknown_resolve(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct resolution said = {
        .token_digest = access_staff_digest(req), .number = request_path_part(req, "number"), .gateway_txn = ""};
    const struct json_field fields[] = {
        {"kind", FIELD_TEXT, .into = &said.kind, .length_max = NUMBER_LENGTH_MAX},
        {"happened", FIELD_BOOLEAN, .into = &said.happened},
        {"gateway_txn", FIELD_TEXT, .optional = true, .into = &said.gateway_txn, .length_max = TXN_LENGTH_MAX},
        {"evidence", FIELD_TEXT, .into = &said.evidence, .length_max = EVIDENCE_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_resolution(req, &said));
    return store_resolve_unknown(api_server(req)->db, &said, api_call_ms(req), resolved, req);
}
