/* SPDX-License-Identifier: Apache-2.0 */
/* An application as JSON: read, completed, held against each platform's kind of form, its personal data sealed and read
 * again. */
#include "fuzz.h"

#include "base/clock.h"
#include "base/json.h"
#include "domain/application.h"

#include <string.h>

#define NOW_US (INT64_C(1795237509) * CLOCK_SECOND_US) /* 2026-11-21 13:05:09 in Beijing */

static const char *invoice_kinds[] = {"none", "electronic", "paper_fixed"};
static struct platform_term terms[] = {{.months = 12, .total_fen = 20000}};
static struct platform_fees fees[] = {{.effective_from = "2020-01-01", .note = "", .terms = terms, .terms_count = 1}};
static const struct platform platform = {
    .id = "web-hall",
    .agreement = {.id = "netca-eca", .version = "2026-11-01", .sha256 = "00ff"},
    .privacy_notice = {.id = "privacy", .version = "2026-11-21", .sha256 = "11ff"},
    .sensitive_consent = {.id = "sensitive", .version = "2026-11-21", .sha256 = "22ff"},

    .fees = fees,
    .fees_count = 1,
    .invoice_kinds = invoice_kinds,
    .invoice_kinds_count = ARRAY_SIZE(invoice_kinds),
    .recipient_required = true,
    .invoice_title_from_organisation = true,
    .form = {.agent_address = PLATFORM_REQUIRED,
             .organisation = PLATFORM_OPTIONAL,
             .legal_person = PLATFORM_OPTIONAL,
             .basic_account = PLATFORM_OPTIONAL}};

void fuzz_start(void)
{
}

static void seal_again(const struct application *application, struct arena *arena)
{
    struct application again = application_empty;
    size_t size;
    char *text = json_finish(application_personal(application), arena, &size);
    HOLDS(application_personal_read(text, size, arena, &again) == OK);
    HOLDS(strcmp(again.agent.id_number, application->agent.id_number) == 0);
    HOLDS(strcmp(again.agent.name, application->agent.name) == 0);
    HOLDS(strcmp(again.recipient.mobile, application->recipient.mobile) == 0);
    HOLDS(strcmp(again.basic_account.number, application->basic_account.number) == 0);
}

static void judge(const struct json *document, struct arena *arena)
{
    struct fault *fault = fuzz_fault(arena);
    struct application application;
    fuzz_fill(&application, sizeof(application));
    if (application_read(document, arena, fault, &application) != OK) {
        HOLDS(fuzz_untouched(&application, sizeof(application)));
        HOLDS(fault->field_count > 0);
        return;
    }
    const struct application_basis basis = {.platform = &platform,
                                            .organisation = "示例有限公司",
                                            .subject = "CN=示例有限公司",
                                            .expired = application.term_months % 2 == 1,
                                            .now_us = NOW_US};
    struct application_warnings warnings = {0};
    application_complete(&application, &basis);
    if (application_check(&application, &basis, fault, &warnings) == OK)
        HOLDS(fault->field_count == 0);
    HOLDS(warnings.count <= APPLICATION_WARNINGS_MAX);
    seal_again(&application, arena);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    AUTO_JSON *document = NULL;
    if (json_parse((const char *)input.data, input.size, fuzz_fault(arena), &document) == OK)
        judge(document, arena);
    struct application sealed = application_empty;
    if (application_personal_read((const char *)input.data, input.size, arena, &sealed) == OK)
        HOLDS(sealed.agent.name != NULL);
}
