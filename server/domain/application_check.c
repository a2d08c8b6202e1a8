/* SPDX-License-Identifier: Apache-2.0 */
/* The form against the platform's rules: what is asked for, field by field, and what must agree. */
#include "domain/form_check.h"
#include "domain/identity.h"
#include "domain/money.h"
#include "domain/term.h"

#include <string.h>

/* -- blocks and fields ------------------------------------------------------------------------------------------- */

static bool electronic(const struct application *application)
{
    return strcmp(application->invoice_kind, "electronic") == 0;
}

static enum platform_demand demand_of(const struct form_check *check, const struct application_field *field)
{
    if (field->demand != FORM_BY_PLATFORM)
        return field->demand == FORM_REQUIRED ? PLATFORM_REQUIRED : PLATFORM_OPTIONAL;
    if (application_field_in(field, "invoice"))
        return electronic(check->application) ? PLATFORM_REQUIRED : PLATFORM_OPTIONAL;
    enum platform_demand demand = check->basis->platform->form.agent_address;
    if (demand != PLATFORM_WHEN_EXPIRED)
        return demand;
    return check->basis->expired ? PLATFORM_REQUIRED : PLATFORM_OPTIONAL;
}

static void not_asked(const struct form_check *check, const char *path)
{
    fault_field(check->fault, path, "not_asked", "该平台的申请表没有这一项，请勿填写",
                "This platform's form does not ask for it; leave it out");
}

static void check_field(const struct form_check *check, const struct application_field *field)
{
    const char *value = application_field_value(field, check->application);
    enum platform_demand demand = demand_of(check, field);
    if (value[0] != '\0' && demand == PLATFORM_ABSENT)
        not_asked(check, field->name);
    else if (value[0] != '\0')
        form_check_value(check, field, value);
    else if (demand == PLATFORM_REQUIRED)
        fault_field(check->fault, field->name, "required",
                    arena_format(check->fault->arena, "请填写%s", field->label_zh),
                    arena_format(check->fault->arena, "%s: required", field->label_en));
}

static void check_block(const struct form_check *check, const struct form_block *block)
{
    enum platform_demand demand = form_block_demand(block, check->basis->platform);
    bool given = form_block_given(block->name, check->application);
    if (given && demand == PLATFORM_ABSENT)
        not_asked(check, block->name);
    else if (!given && demand == PLATFORM_REQUIRED)
        fault_field(check->fault, block->name, "required",
                    arena_format(check->fault->arena, "请填写%s", block->label_zh),
                    arena_format(check->fault->arena, "%s: required", block->label_en));
    for (size_t i = 0; given && demand != PLATFORM_ABSENT && i < application_field_count(); i++)
        if (application_field_in(application_field_at(i), block->name))
            check_field(check, application_field_at(i));
}

/* -- the invoice ------------------------------------------------------------------------------------------------- */

static void check_no_invoice(const struct form_check *check)
{
    static const char *const members[] = {"invoice.tax_id", "invoice.title"};
    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        if (application_field_value(application_field_find(members[i]), check->application)[0] != '\0')
            fault_field(check->fault, members[i], "not_allowed", "选择无需发票的，不能填写开票信息",
                        "Leave it out where no invoice is wanted");
}

static void check_invoice(const struct form_check *check)
{
    const struct platform *platform = check->basis->platform;
    const char *kind = check->application->invoice_kind;
    bool takes_none = platform_takes(platform->invoice_kinds, platform->invoice_kinds_count, "none");
    bool none = strcmp(kind, "none") == 0 || (kind[0] == '\0' && takes_none);
    if (!platform_takes(platform->invoice_kinds, platform->invoice_kinds_count, kind) && !(none && takes_none)) {
        fault_field(check->fault, "invoice.kind", kind[0] == '\0' ? "required" : "not_offered",
                    kind[0] == '\0' ? "请选择发票类型" : "该平台不提供此类发票，请选择页面列出的发票类型",
                    kind[0] == '\0' ? "Choose a kind of invoice" : "This platform does not offer this kind of invoice");
        return;
    }
    if (none) {
        check_no_invoice(check);
        return;
    }
    check_field(check, application_field_find("invoice.tax_id"));
    check_field(check, application_field_find("invoice.title"));
}

/* -- what must agree --------------------------------------------------------------------------------------------- */

static void differs_from_certificate(const struct form_check *check, const char *path)
{
    if (!check->basis->platform->form.organisation_as_certificate)
        form_warn(check, path, "differs_from_certificate");
    else
        fault_field(check->fault, path, "differs_from_certificate",
                    "机构信息（企业名称、机构证件号码）须与续期证书所有者信息一致",
                    "The organisation must be the owner of the certificate that is renewed");
}

/* The number against the certificate's, where its subject carries one. */
static bool number_agrees(const struct form_check *check, const char *in_certificate)
{
    const struct application_organisation *organisation = &check->application->organisation;
    if (strcmp(organisation->id_type, "uscc") == 0)
        return strcmp(organisation->id_number, in_certificate) == 0;
    if (strcmp(organisation->id_type, "organisation_code") == 0)
        return strlen(organisation->id_number) != 9 || strncmp(organisation->id_number, in_certificate + 8, 9) == 0;
    return true;
}

static void check_organisation(const struct form_check *check)
{
    const struct application_organisation *organisation = &check->application->organisation;
    const struct application_basis *basis = check->basis;
    struct arena *arena = check->fault->arena;
    if (!form_block_given("organisation", check->application))
        return;
    if (organisation->name[0] != '\0' && basis->organisation[0] != '\0' &&
        !organisation_same(arena, organisation->name, basis->organisation))
        differs_from_certificate(check, "organisation.name");
    const char *in_certificate = uscc_in(arena, basis->subject);
    if (organisation->id_number[0] != '\0' && in_certificate[0] != '\0' && !number_agrees(check, in_certificate))
        differs_from_certificate(check, "organisation.id_number");
}

/* Paying into the account of another name would verify somebody else: where the account is verified that is refused. */
static void check_account(const struct form_check *check)
{
    const struct application *application = check->application;
    const char *owner = check->basis->organisation[0] != '\0' ? check->basis->organisation
                                                              : application->organisation.name;
    const char *name = application->basic_account.name;
    if (name[0] == '\0' || owner[0] == '\0' || organisation_same(check->fault->arena, name, owner))
        return;
    if (check->basis->platform->account_verification == ACCOUNT_NEVER)
        form_warn(check, "basic_account.name", "differs_from_organisation");
    else
        fault_field(check->fault, "basic_account.name", "differs_from_organisation",
                    "基本户名称须与单位名称一致：金融认证打款到本单位的基本户",
                    "The account must be the organisation's own: it is verified by a payment into it");
}

static void check_reachable(const struct form_check *check)
{
    const struct platform *platform = check->basis->platform;
    if (platform_takes(platform->identity_steps, platform->identity_steps_count, "telecom") &&
        mobile_virtual(check->application->agent.mobile))
        form_warn(check, "agent.mobile", "virtual_operator");
}

static void check_buyer(const struct form_check *check)
{
    const struct application *application = check->application;
    if (electronic(application) && application->invoice_tax_id[0] != '\0' &&
        strcmp(application->organisation.id_type, "uscc") == 0 &&
        strcmp(application->organisation.id_number, application->invoice_tax_id) != 0)
        form_warn(check, "invoice.tax_id", "differs_from_organisation");
}

/* -- all --------------------------------------------------------------------------------------------------------- */

/* Whether the platform sells such a term is for the database to say, with its price. */
static void check_term(const struct form_check *check)
{
    int64_t months = check->application->term_months;
    if (months < 1 || months > TERM_MONTHS_MAX)
        fault_field(check->fault, "term_months", "not_offered", "该平台不提供此续期时间，请选择页面列出的续期时间",
                    "This platform does not offer this term");
    if (check->application->quote_version < 0)
        fault_field(check->fault, "quote_version", "range", "应为平台收费标准中的quote_version",
                    "Must be a quote_version of the platform's terms");
    if (check->application->amount_shown_fen < 0 || check->application->amount_shown_fen > MONEY_MAX_FEN)
        fault_field(check->fault, "amount_fen", "range", "应为显示给用户的金额（分）",
                    "Must be the amount shown, in fen");
}

/* PIPL art. 14, 17, 29: told and agreed to, each by itself and in the version that is in force. */
static enum err check_accepted(const struct application *application, const struct platform *platform)
{
    static const struct {
        enum err missing, changed;
    } refusals[AGREEMENT_KINDS] = {
        [AGREEMENT_SERVICE] = {ERR_AGREEMENT_CHANGED, ERR_AGREEMENT_CHANGED}, /* missing: a field is required */
        [AGREEMENT_PRIVACY_NOTICE] = {ERR_PRIVACY_NOTICE_MISSING, ERR_PRIVACY_NOTICE_CHANGED},
        [AGREEMENT_SENSITIVE_CONSENT] = {ERR_SENSITIVE_CONSENT_MISSING, ERR_SENSITIVE_CONSENT_CHANGED},
    };
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++) {
        ENSURE(agreement_given(&application->accepted[kind]), refusals[kind].missing);
        ENSURE(agreement_current(&application->accepted[kind], platform_agreement_of(platform, kind)),
               refusals[kind].changed);
    }
    return OK;
}

enum err application_check_invoice(const struct application *application, const struct application_basis *basis,
                                   struct fault *fault)
{
    struct application_warnings unused = {.count = 0};
    const struct form_check check = {application, basis, fault, &unused};
    check_invoice(&check);
    return fault_check(fault);
}

enum err application_check_account(const struct application *application, const struct application_basis *basis,
                                   struct fault *fault)
{
    struct application_warnings unused = {.count = 0};
    const struct form_check check = {application, basis, fault, &unused};
    for (size_t i = 0; i < form_block_count(); i++)
        if (strcmp(form_block_at(i)->name, "basic_account") == 0)
            check_block(&check, form_block_at(i));
    check_account(&check);
    return fault_check(fault);
}

enum err application_check(const struct application *application, const struct application_basis *basis,
                           struct fault *fault, struct application_warnings *warnings)
{
    const struct form_check check = {application, basis, fault, warnings};
    warnings->count = 0;
    check_term(&check);
    for (size_t i = 0; i < form_block_count(); i++)
        if (strcmp(form_block_at(i)->name, "invoice") != 0)
            check_block(&check, form_block_at(i));
    check_invoice(&check);
    check_organisation(&check);
    check_account(&check);
    check_buyer(&check);
    check_reachable(&check);
    TRY(fault_check(fault));
    return check_accepted(application, basis->platform);
}
