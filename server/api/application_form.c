/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/renewals/{no}/application_form.pdf: the form to print, sign, seal, scan and upload. It holds personal
 * data in clear, for who holds the renewal's access token; each making is on the audit trail. */
#include "documents/application_form.h"

#include "api/handlers.h"
#include "api/server.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "domain/application_field.h"
#include "domain/money.h"
#include "store/material.h"

#define VERSION_DIGITS 12 /* as many of the rules' digest as people compare */

/* What a thread of the pool works on: an arena of its own, since the request's belongs to the loop. */
struct layout {
    struct request *req;
    struct arena *arena;
    struct application_form form;
    struct bytes pdf;
    enum err err;
};

/* -- personal data ----------------------------------------------------------------------------------------------- */

static const char *document_zh(const char *field, const char *word)
{
    const struct form_choice *choice = form_choice_find(field, word);
    return choice == NULL ? word : choice->zh;
}

static struct form_person person_of(const struct application_person *person)
{
    return (struct form_person){
        .name = person->name,
        .id_type = document_zh("agent.id_type", person->id_type),
        .id_number = person->id_number,
        .mobile = person->mobile,
        .email = person->email,
        .address = person->address,
    };
}

static enum err open_personal(struct request *req, const struct form_facts *facts, struct application_form *form)
{
    struct arena *arena = request_arena(req);
    struct bytes plain;
    struct application personal;
    ENSURE(facts->personal_sealed.size > 0, ERR_PERSONAL_DATA_ERASED);
    TRY(unseal(api_server(req)->seal_keys, arena, "renewal.personal", facts->evidence_sha256, facts->personal_sealed,
               &plain));
    TRY(application_personal_read((const char *)plain.data, plain.size, arena, &personal));
    form->agent = person_of(&personal.agent);
    form->recipient = person_of(&personal.recipient);
    form->legal_person = person_of(&personal.legal_person);
    form->organisation = (struct form_organisation){
        .name = personal.organisation.name,
        .id_type = document_zh("organisation.id_type", personal.organisation.id_type),
        .id_number = personal.organisation.id_number,
        .address = personal.organisation.address,
    };
    form->basic_account = (struct form_account){
        .name = personal.basic_account.name,
        .number = personal.basic_account.number,
        .bank_name = personal.basic_account.bank_name,
        .bank_code = personal.basic_account.bank_code,
    };
    return OK;
}

/* -- the form ---------------------------------------------------------------------------------------------------- */

/* "2026-11-21 13:04:05": as people write times. */
static const char *time_text(struct arena *arena, int64_t unix_us)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format_plain(unix_us, text);
    return arena_text(arena, text);
}

/* The rules' version as the administration's page shows it, and the correction whose content this is: a form that was
 * printed before either changed is known by it. */
static const char *edition_text(struct arena *arena, const struct form_facts *facts)
{
    const char *corrected = facts->corrections > 0
                                ? arena_format(arena, "，第%lld次更正后", (long long)facts->corrections)
                                : "";
    return arena_format(arena, "%.*s%s", VERSION_DIGITS, facts->platform_version, corrected);
}

static enum err read_form(struct request *req, const struct row *rows, struct application_form *form)
{
    struct arena *arena = request_arena(req);
    struct form_facts facts;
    TRY(store_get_application_form_read(rows, arena, &facts));
    const struct platform *platform = platform_find(api_server(req)->platforms, facts.platform);
    *form = (struct application_form){
        .renewal_no = request_path_part(req, "no"),
        .platform = platform == NULL ? facts.platform : platform->name_zh,
        .company = platform == NULL ? "" : platform->contact.company,
        .subject = facts.subject,
        .certificate_serial = facts.certificate_serial,
        .old_not_after = time_text(arena, facts.old_not_after_us),
        .term = arena_format(arena, "%lld个月", (long long)facts.term_months),
        .fee = arena_format(arena, "%s 元", money_text_yuan(arena, facts.amount_fen)),
        .not_after = time_text(arena, facts.not_after_us),
        .submitted_at = time_text(arena, facts.submitted_at_us),
        .edition = edition_text(arena, &facts),
    };
    return open_personal(req, &facts, form);
}

static void lay_out(void *context)
{
    struct layout *layout = context;
    layout->err = application_form_pdf(layout->arena, &layout->form, &layout->pdf);
}

static void laid_out(void *context)
{
    struct layout *layout = context;
    struct request *req = layout->req;
    if (layout->err == OK) {
        request_add_header(req, "Cache-Control", "private, no-store");
        request_add_header(req, "Content-Disposition",
                           arena_format(request_arena(req), "inline; filename=\"%s.pdf\"", layout->form.renewal_no));
        request_reply(req, 200, "application/pdf", layout->pdf);
    }
    arena_free(TAKE(layout->arena));
    if (layout->err != OK)
        request_fail(req, layout->err);
}

static void facts_read(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct layout *layout = ARENA_NEW(request_arena(req), struct layout);
    layout->req = req;
    if (err == OK)
        err = read_form(req, rows, &layout->form);
    if (err == OK) {
        layout->arena = arena_new();
        err = offload_submit(api_server(req)->offload, lay_out, laid_out, layout);
    }
    if (err == OK)
        return;
    arena_free(TAKE(layout->arena));
    request_fail(req, err);
}

enum err api_application_form(struct request *req)
{
    return store_get_application_form(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), facts_read,
                                      req);
}
