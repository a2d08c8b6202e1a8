/* SPDX-License-Identifier: Apache-2.0 */
/* Invoices at the finance desk. They are made elsewhere; here is noted under which number, step by step. */
#include "api/access.h"
#include "api/finance_list.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/invoice.h"

#include <string.h>

#define NUMBER_LENGTH_MAX 40
#define REASON_LENGTH_MAX 500

/* -- finding them -------------------------------------------------------------------------------------------------- */

static const char *const invoice_states[] = {"due", "issued", "reversed", "all", NULL};

static bool invoices_on_approval(const struct platform *platform)
{
    return strcmp(platform->invoice_moment, "on_approval") == 0;
}

static bool invoices_after_install(const struct platform *platform)
{
    return strcmp(platform->invoice_moment, "after_install") == 0;
}

enum err api_finance_invoices(struct request *req)
{
    struct finance_query query;
    TRY(finance_read_query(req, invoice_states, FINANCE_PAGE_MAX, FINANCE_PAGE_STANDARD, &query));
    query.words = text_trimmed(request_arena(req), query.words, strlen(query.words));
    const struct platforms *platforms = api_server(req)->platforms;
    struct invoice_moments moments;
    moments.approved = platforms_that(request_arena(req), platforms, invoices_on_approval, &moments.approved_count);
    moments.installed = platforms_that(request_arena(req), platforms, invoices_after_install, &moments.installed_count);
    return store_list_invoices(api_server(req)->db, &query, &moments, api_call_ms(req), finance_listed,
                               finance_listing(req, &finance_invoice_table, "invoices"));
}

enum err api_order_invoice_records(struct request *req)
{
    const struct finance_query query = {.token_digest = access_staff_digest(req),
                                        .order_no = request_path_part(req, "no")};
    return store_list_invoice_records(api_server(req)->db, &query, api_call_ms(req), finance_listed,
                                      finance_listing(req, &order_invoice_record_table, "records"));
}

/* -- noting one ---------------------------------------------------------------------------------------------------- */

static const char *state_zh(const char *state)
{
    return strcmp(state, "issued") == 0 ? "已开具" : "已红冲，红字发票";
}

/* Which number stands in the way: whoever holds the paper compares the two. */
static void say_recorded(struct request *req, const struct invoice_record *it)
{
    struct arena *arena = request_arena(req);
    if (it->at_us == 0)
        return;
    const char *by = it->by[0] == '\0' ? "-" : it->by, *at = clock_text(arena, it->at_us);
    fault_say(request_fault(req),
              arena_format(arena, "该订单现在登记为%s %s，由%s于%s登记", state_zh(it->state), it->number, by, at),
              arena_format(arena, "The order is noted as %s under %s, by %s at %s", it->state, it->number, by, at));
    reply_say_changed(req, it->by, it->at_us, it->step);
}

static void noted(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct invoice_record it = {.at_us = 0};
    if (err == OK)
        err = store_note_invoice_read(rows, request_arena(req), &it);
    if (err == ERR_INVOICE_RECORDED || err == ERR_INVOICE_CHANGED)
        say_recorded(req, &it);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "order_no", request_path_part(req, "no"));
    json_put_text(body, "state", it.state);
    json_put_text(body, "number", it.number);
    reply_put_text(body, "recorded_by", it.by);
    reply_put_time(req, body, "recorded_at", it.at_us);
    request_reply_json(req, 200, body);
}

static enum err check_note(struct request *req, const struct invoice_note *note)
{
    struct fault *fault = request_fault(req);
    if (strcmp(note->state, "issued") != 0 && strcmp(note->state, "reversed") != 0)
        fault_field(fault, "state", "value", "应为issued或reversed", "Must be issued or reversed");
    if (note->number[0] == '\0')
        fault_field(fault, "number", "required", "请填写发票号码", "Give the invoice's number");
    if (note->corrects[0] != '\0' && text_blank(note->reason))
        fault_field(fault, "reason", "required", "请写明更正原因", "Say why it is corrected");
    if (note->corrects[0] == '\0' && note->reason[0] != '\0')
        fault_field(fault, "corrects", "required", "更正时请写明原来登记的号码", "Name the number that is corrected");
    return fault_check(fault);
}

enum err api_order_invoice(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct invoice_note note = {.token_digest = access_staff_digest(req),
                                .order_no = request_path_part(req, "no"),
                                .corrects = "",
                                .reason = ""};
    const struct json_field fields[] = {
        {"state", FIELD_TEXT, .into = &note.state, .length_max = NUMBER_LENGTH_MAX},
        {"number", FIELD_TEXT, .into = &note.number, .length_max = NUMBER_LENGTH_MAX},
        {"corrects", FIELD_TEXT, .optional = true, .into = &note.corrects, .length_max = NUMBER_LENGTH_MAX},
        {"reason", FIELD_TEXT, .optional = true, .into = &note.reason, .length_max = REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    note.number = text_trimmed(request_arena(req), note.number, strlen(note.number));
    note.corrects = text_trimmed(request_arena(req), note.corrects, strlen(note.corrects));
    TRY(check_note(req, &note));
    return store_note_invoice(api_server(req)->db, &note, api_call_ms(req), noted, req);
}
