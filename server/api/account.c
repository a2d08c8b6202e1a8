/* SPDX-License-Identifier: Apache-2.0 */
/* 金融认证. PUT /api/v1/renewals/{no}/account: where the 0.01 yuan goes, corrected or once more. POST …/confirmation:
 * the code in its remark. Both answer the renewal's progress. */
#include "api/account.h"

#include "api/handlers.h"
#include "api/renewal_progress.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/account_verification.h"
#include "domain/application.h"
#include "domain/identity.h"
#include "pki/code.h"
#include "store/payout.h"

#include <string.h>

#define TYPED_MAX  100 /* characters: a remark may be copied whole */
#define NAME_MAX   100
#define DIGITS_MAX 60

struct correcting {
    struct request *req;
    struct application application; /* its basic account alone */
};

/* -- where it stands -------------------------------------------------------------------------------------------------
 */

static int64_t left(int64_t limit, int64_t used)
{
    return used < limit ? limit - used : 0;
}

static void put_reason(struct json *json, const struct account_verification *it)
{
    const struct account_reason *why = it->reason[0] == '\0' ? NULL : account_reason(it->reason);
    reply_put_text(json, "reason", it->reason);
    reply_put_text(json, "reason_text", why == NULL ? "" : why->zh);
    reply_put_text(json, "reason_text_en", why == NULL ? "" : why->en);
}

static void put_hint(struct json *json, const struct account_verification *it, int64_t payouts_left)
{
    bool over = strcmp(it->state, "failed") == 0 && payouts_left == 0;
    json_put_text(json, "hint", over ? account_no_payout_left.fix_zh : account_hint_zh(it));
    json_put_text(json, "hint_en", over ? account_no_payout_left.fix_en : account_hint_en(it));
}

void account_put_state(const struct settings *settings, struct arena *arena, struct json *body, const char *words)
{
    struct account_verification it = account_verification_read(arena, words);
    if (it.state[0] == '\0') {
        json_put(body, "account_verification", NULL);
        return;
    }
    struct json *json = json_new_object();
    int64_t payouts_left = left(settings->account_payouts, it.payouts);
    json_put_text(json, "state", it.state);
    json_put_text(json, "state_name", account_state_zh(&it));
    reply_put_text(json, "mode", it.mode);
    reply_put_text(json, "proof", it.proof);
    put_reason(json, &it);
    put_hint(json, &it, payouts_left);
    reply_put_text(json, "account", it.masked);
    reply_put_text(json, "payout", it.payout);
    json_put_integer(json, "tries_left", left(settings->account_tries, it.tries));
    json_put_integer(json, "payouts_left", payouts_left);
    reply_put_instant(arena, json, "expires_at", it.expires_us);
    json_put(body, "account_verification", json);
}

/* -- the account -----------------------------------------------------------------------------------------------------
 */

static void put(void *context, enum err err, const struct row *rows)
{
    const struct correcting *it = context;
    if (err == OK)
        err = store_put_account_read(rows, request_arena(it->req));
    if (err == OK)
        err = api_renewal_progress(it->req);
    if (err != OK)
        request_fail(it->req, err);
}

static enum err check(const struct correcting *it, const struct account_facts *facts)
{
    struct request *req = it->req;
    const struct application_basis basis = {.platform = platform_find(api_server(req)->platforms, facts->platform),
                                            .organisation = facts->organisation,
                                            .subject = "",
                                            .now_us = clock_now_us()};
    ENSURE(basis.platform != NULL, ERR_PLATFORM_UNKNOWN);
    return application_check_account(&it->application, &basis, request_fault(req));
}

static enum err keep(struct correcting *it)
{
    struct request *req = it->req;
    const struct api_server *server = api_server(req);
    struct arena *arena = request_arena(req);
    const char *renewal_no = request_path_part(req, "no");
    const struct application_account *account = &it->application.basic_account;
    struct bytes text;
    text.data = (const uint8_t *)json_finish(application_personal(&it->application), arena, &text.size);
    const char *whole = arena_format(arena, "%s %s %s %s", account->number, account->bank_code, account->name,
                                     account->bank_name);
    const struct account_correction correction = {
        .renewal_no = renewal_no,
        .sealed = seal(server->seal_keys, arena, "account.correction", bytes_of_text(renewal_no), text),
        .whole_index = seal_index(server->seal_keys, arena, "account.whole", whole),
        .payee_index = seal_index(server->seal_keys, arena, "payout.account", account->number),
        .masked = mask_account(arena, account->number),
        .payouts = server->settings->account_payouts,
        .per_account = server->settings->account_payouts_of_account};
    return store_put_account(server->db, &correction, api_call_ms(req), put, it);
}

static void got_facts(void *context, enum err err, const struct row *rows)
{
    struct correcting *it = context;
    struct account_facts facts;
    if (err == OK)
        err = store_get_account_facts_read(rows, request_arena(it->req), &facts);
    if (err == OK)
        err = check(it, &facts);
    if (err == OK)
        err = keep(it);
    if (err != OK)
        request_fail(it->req, err);
}

enum err api_account_put(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct arena *arena = request_arena(req);
    const char *name = "", *number = "", *bank_name = "", *bank_code = "";
    const struct json_field fields[] = {
        {"name", FIELD_TEXT, .into = &name, .length_max = NAME_MAX},
        {"number", FIELD_TEXT, .into = &number, .length_max = DIGITS_MAX},
        {"bank_name", FIELD_TEXT, .into = &bank_name, .length_max = NAME_MAX},
        {"bank_code", FIELD_TEXT, .into = &bank_code, .length_max = DIGITS_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct correcting *it = ARENA_NEW(arena, struct correcting);
    *it = (struct correcting){.req = req, .application = application_empty};
    it->application.basic_account = (struct application_account){.name = arena_text(arena, name),
                                                                 .number = account_canonical(arena, number),
                                                                 .bank_name = arena_text(arena, bank_name),
                                                                 .bank_code = identity_canonical(arena, bank_code)};
    return store_get_account_facts(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), got_facts, it);
}

/* -- the code --------------------------------------------------------------------------------------------------------
 */

static void confirmed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t tries_left = 0;
    if (err == OK)
        err = store_confirm_account_read(rows, request_arena(req), &tries_left);
    if (err == ERR_ACCOUNT_CODE_WRONG)
        fault_extend(request_fault(req), "account",
                     arena_format(request_arena(req), "{\"tries_left\": %lld}", (long long)tries_left));
    if (err == OK)
        err = api_renewal_progress(req);
    if (err != OK)
        request_fail(req, err);
}

enum err api_account_confirm(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *typed = "";
    const struct json_field fields[] = {{"code", FIELD_TEXT, .into = &typed, .length_max = TYPED_MAX}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    const struct api_server *server = api_server(req);
    struct arena *arena = request_arena(req);
    const char *renewal_no = request_path_part(req, "no"), *code = account_code_in(arena, typed);
    if (code == NULL) {
        fault_field(request_fault(req), "code", "digits", "请填写0.01元入账附言开头的6位数字",
                    "Enter the six digits that the remark of the 0.01 yuan begins with");
        return ERR_FIELDS_INVALID;
    }
    return store_confirm_account(server->db, renewal_no,
                                 code_digest(server->seal_keys, arena, "account", renewal_no, code),
                                 server->settings->account_tries, api_call_ms(req), confirmed, req);
}
