/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/platform_file.h"

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "domain/money.h"
#include "domain/payment_method.h"
#include "domain/platform_check.h"
#include "domain/platform_fees.h"
#include "domain/term.h"

#include <string.h>
#include <unistd.h>

#define AGREEMENT_SIZE_MAX (256 * 1024)
#define DAYS_MAX           3650
#define DIGITS             "0123456789"

/* -- as written -------------------------------------------------------------------------------------------------- */

/* What the file holds that the platform holds in another form: amounts are written in yuan. */
struct written {
    struct platform platform;
    struct platform_fees_written *fees;
    unsigned fees_count;
    int64_t tax_rate_percent;
    const char *review_risk_amount;
};

static const char *check_version(const char *text)
{
    return client_version_valid(text) ? NULL : "is not a version; numbers and points, like 4.7.6";
}

static const char *check_url(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0 ? NULL
                                                                                 : "is not an address; http(s)://…";
}

static const char *check_identifier(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0' && text[0] != '.'
               ? NULL
               : "is not an identifier; lower-case letters, digits and -";
}

static const char *check_account(const char *text)
{
    size_t size = strlen(text);
    return strspn(text, DIGITS) == size && size >= 8 && size <= 32 ? NULL : "is not an account number; 8 to 32 digits";
}

/* -- the tables -------------------------------------------------------------------------------------------------- */

static const char *const proof_words[] = {[PROOF_CURRENT_KEY] = "current_key",
                                          [PROOF_PORTAL_ACCOUNT] = "portal_account",
                                          [PROOF_SMS_CODE] = "sms_code",
                                          [PROOF_PORTAL_TOKEN] = "portal_token",
                                          NULL};
static const char *const material_words[] = {"application_form", "business_licence", "agent_id", "authorisation", NULL};
static const char *const identity_words[] = {"id_photos", "liveness", "telecom", NULL};
static const char *const review_words[] = {
    [REVIEW_AUTOMATIC] = "automatic", [REVIEW_ONE] = "one", [REVIEW_TWO] = "two", NULL};
static const char *const review_risk_words[] = {
    [REVIEW_AUTOMATIC] = "as_kind", [REVIEW_ONE] = "one", [REVIEW_TWO] = "two", NULL};
static const char *const review_order_words[] = {
    [REVIEW_SEQUENTIAL] = "sequential", [REVIEW_PARALLEL] = "parallel", NULL};
static const char *const account_words[] = {
    [ACCOUNT_NEVER] = "never", [ACCOUNT_WHEN_PAID_ONLINE] = "when_paid_online", [ACCOUNT_ALWAYS] = "always", NULL};
static const char *const confirmation_words[] = {"code_entry", "payout_success", NULL};
static const char *const invoice_words[] = {"none", "electronic", "paper_fixed", NULL};
static const char *const moment_words[] = {"after_payment", "on_approval", "after_install", NULL};

static const char *const block_words[] = {
    [PLATFORM_ABSENT] = "absent", [PLATFORM_OPTIONAL] = "optional", [PLATFORM_REQUIRED] = "required", NULL};
static const char *const field_words[] = {[PLATFORM_ABSENT] = "absent",
                                          [PLATFORM_OPTIONAL] = "optional",
                                          [PLATFORM_REQUIRED] = "required",
                                          [PLATFORM_WHEN_EXPIRED] = "when_expired",
                                          NULL};

#define AT(member)      YAML_AT(struct written, platform.member)
#define LIST_AT(member) YAML_LIST_AT(struct written, platform.member, platform.member##_count)
#define SECTION(name, table)                                                                                           \
    {                                                                                                                  \
        .key = name, .kind = YAML_MAPPING, YAML_FIELDS(struct written, table)                                          \
    }
#define SHORT_TEXT(name, member)                                                                                       \
    {                                                                                                                  \
        .key = name, .kind = YAML_TEXT, AT(member), .max = 100                                                         \
    }
#define SENTENCE(name, member)                                                                                         \
    {                                                                                                                  \
        .key = name, .kind = YAML_TEXT, AT(member), .optional = true, .max = 300                                       \
    }
#define DAYS(name, member, least)                                                                                      \
    {                                                                                                                  \
        .key = name, .kind = YAML_INTEGER, AT(member), .min = least, .max = DAYS_MAX                                   \
    }
#define CHECKED(name, member, how)                                                                                     \
    {                                                                                                                  \
        .key = name, .kind = YAML_TEXT, AT(member), .optional = true, .check = how                                     \
    }

static const struct yaml_field name_fields[] = {SHORT_TEXT("zh", name_zh), SHORT_TEXT("en", name_en)};
static const struct yaml_field contact_fields[] = {
    SHORT_TEXT("hotline", contact.hotline),
    {.key = "qq", .kind = YAML_TEXT, AT(contact.qq), .optional = true, .max = 20},
    SHORT_TEXT("company", contact.company),
};
static const struct yaml_field client_fields[] = {
    SHORT_TEXT("name", client.name),
    CHECKED("minimum_version", client.minimum_version, check_version),
    CHECKED("minimum_version_expired", client.minimum_version_expired, check_version),
    CHECKED("download_url", client.download_url, check_url),
};
static const struct yaml_field window_fields[] = {
    {.key = "unexpired", .kind = YAML_BOOLEAN, AT(window.unexpired)},
    {.key = "expired", .kind = YAML_BOOLEAN, AT(window.expired)},
    DAYS("opens_days_before", window.opens_days_before, -1),
    DAYS("closes_days_after", window.closes_days_after, -1),
    SENTENCE("elsewhere_zh", window.elsewhere_zh),
    SENTENCE("elsewhere_en", window.elsewhere_en),
};
static const struct yaml_field portal_fields[] = {
    {.key = "jwks_file", .kind = YAML_TEXT, AT(portal.jwks_file), .max = 200},
    {.key = "issuer", .kind = YAML_TEXT, AT(portal.issuer), .max = 200},
    {.key = "audience", .kind = YAML_TEXT, AT(portal.audience), .max = 200},
};
#define AGREEMENT(member)                                                                                              \
    {                                                                                                                  \
        {.key = "id", .kind = YAML_TEXT, AT(member.id), .max = 64, .check = check_identifier},                         \
            {.key = "version", .kind = YAML_TEXT, AT(member.version), .max = 32, .check = check_identifier},           \
            SHORT_TEXT("title", member.title),                                                                         \
            {.key = "file", .kind = YAML_TEXT, AT(member.file), .max = 100, .check = check_identifier},                \
    }
static const struct yaml_field agreement_fields[] = AGREEMENT(agreement);
static const struct yaml_field privacy_notice_fields[] = AGREEMENT(privacy_notice);
static const struct yaml_field sensitive_consent_fields[] = AGREEMENT(sensitive_consent);
static const struct yaml_field material_fields[] = {
    {.key = "always", .kind = YAML_WORD_TEXTS, LIST_AT(materials), .optional = true, .words = material_words},
    {.key = "expired", .kind = YAML_WORD_TEXTS, LIST_AT(materials_expired), .optional = true, .words = material_words},
};
static const struct yaml_field review_fields[] = {
    {.key = "kind", .kind = YAML_WORD, AT(review), .words = review_words},
    {.key = "working_days", .kind = YAML_INTEGER, AT(review_days), .optional = true, .min = 0, .max = 60},
    {.key = "risk",
     .kind = YAML_WORD,
     AT(review_risk),
     .optional = true,
     .standard = "as_kind",
     .words = review_risk_words},
    {.key = "risk_amount",
     .kind = YAML_TEXT,
     YAML_AT(struct written, review_risk_amount),
     .optional = true,
     .check = platform_check_yuan},
    {.key = "order",
     .kind = YAML_WORD,
     AT(review_order),
     .optional = true,
     .standard = "sequential",
     .words = review_order_words},
    {.key = "approval_days", .kind = YAML_INTEGER, AT(review_approval_days), .optional = true, .min = 0, .max = 60},
    {.key = "sample_percent", .kind = YAML_INTEGER, AT(review_sample_percent), .optional = true, .min = 0, .max = 100},
    {.key = "sample_last", .kind = YAML_INTEGER, AT(review_sample_last), .optional = true, .min = 0, .max = 1000},
    {.key = "wrong_percent", .kind = YAML_INTEGER, AT(review_wrong_percent), .optional = true, .min = 0, .max = 100},
};
static const struct yaml_field account_fields[] = {
    {.key = "when", .kind = YAML_WORD, AT(account_verification), .words = account_words},
    {.key = "confirmation",
     .kind = YAML_WORD_TEXT,
     AT(account_confirmation),
     .optional = true,
     .words = confirmation_words},
};
static const struct yaml_field form_fields[] = {
    {.key = "agent_address",
     .kind = YAML_WORD,
     AT(form.agent_address),
     .optional = true,
     .standard = "optional",
     .words = field_words},
    {.key = "organisation", .kind = YAML_WORD, AT(form.organisation), .optional = true, .words = block_words},
    {.key = "legal_person", .kind = YAML_WORD, AT(form.legal_person), .optional = true, .words = block_words},
    {.key = "basic_account", .kind = YAML_WORD, AT(form.basic_account), .optional = true, .words = block_words},
    {.key = "organisation_as_certificate",
     .kind = YAML_BOOLEAN,
     AT(form.organisation_as_certificate),
     .optional = true},
};
static const struct yaml_field invoice_fields[] = {
    {.key = "kinds", .kind = YAML_WORD_TEXTS, LIST_AT(invoice_kinds), .words = invoice_words},
    {.key = "moment", .kind = YAML_WORD_TEXT, AT(invoice_moment), .words = moment_words},
    {.key = "title_from_organisation", .kind = YAML_BOOLEAN, AT(invoice_title_from_organisation), .optional = true},
};
static const struct yaml_field recipient_fields[] = {
    {.key = "required", .kind = YAML_BOOLEAN, AT(recipient_required)},
    {.key = "courier", .kind = YAML_TEXT, AT(courier), .optional = true, .max = 20},
};
static const struct yaml_field bank_account_fields[] = {
    {.key = "holder", .kind = YAML_TEXT, YAML_AT(struct platform_bank_account, holder), .max = 100},
    {.key = "number", .kind = YAML_TEXT, YAML_AT(struct platform_bank_account, number), .check = check_account},
    {.key = "bank", .kind = YAML_TEXT, YAML_AT(struct platform_bank_account, bank), .max = 100},
};

static const struct yaml_field finance_fields[] = {
    {.key = "match_two_people", .kind = YAML_BOOLEAN, AT(match_two_people), .optional = true},
};

static const struct yaml_field platform_fields[] = {
    SECTION("name", name_fields),
    SECTION("contact", contact_fields),
    SECTION("client", client_fields),
    SECTION("window", window_fields),
    {.key = "proofs", .kind = YAML_WORDS, LIST_AT(proofs), .words = proof_words},
    {.key = "portal", .kind = YAML_MAPPING, .optional = true, YAML_FIELDS(struct written, portal_fields)},
    SECTION("agreement", agreement_fields),
    SECTION("privacy_notice", privacy_notice_fields),
    SECTION("sensitive_consent", sensitive_consent_fields),
    {.key = "fees",
     .kind = YAML_MAPPINGS,
     YAML_LIST_AT(struct written, fees, fees_count),
     YAML_FIELDS(struct platform_fees_written, platform_fees_fields)},
    {.key = "tax_rate_percent", .kind = YAML_INTEGER, YAML_AT(struct written, tax_rate_percent), .min = 0, .max = 20},
    {.key = "payment_methods", .kind = YAML_WORD_TEXTS, LIST_AT(payment_methods), .words = payment_method_words},
    SECTION("materials", material_fields),
    {.key = "identity_steps",
     .kind = YAML_WORD_TEXTS,
     LIST_AT(identity_steps),
     .optional = true,
     .words = identity_words},
    SECTION("review", review_fields),
    SECTION("account_verification", account_fields),
    SECTION("form", form_fields),
    SECTION("invoice", invoice_fields),
    {.key = "profile", .kind = YAML_TEXT, AT(profile), .max = 64, .check = check_identifier},
    {.key = "open_per_organisation",
     .kind = YAML_INTEGER,
     AT(open_per_organisation),
     .optional = true,
     .min = 0,
     .max = 10000},
    SECTION("recipient", recipient_fields),
    {.key = "bank_accounts",
     .kind = YAML_MAPPINGS,
     LIST_AT(bank_accounts),
     .optional = true,
     YAML_FIELDS(struct platform_bank_account, bank_account_fields)},
    {.key = "finance", .kind = YAML_MAPPING, .optional = true, YAML_FIELDS(struct written, finance_fields)},
    {.key = "unpaid_close_days", .kind = YAML_INTEGER, AT(unpaid_close_days), .min = 1, .max = 365},
    {.key = "notices", .kind = YAML_TEXTS, LIST_AT(notices_zh), .optional = true, .max = 0},
};

/* -- what is to be accepted -------------------------------------------------------------------------------------- */

static void take_text(const struct platform_source *source, struct yaml_file *file, const char *key,
                      const struct agreement_names *names, struct platform_agreement *agreement)
{
    const char *folder = settings_path(source->arena, source->settings, source->settings->config_agreements);
    const char *path = file_path(source->arena, folder, agreement->file);
    struct bytes content;
    if (access(path, R_OK) != 0 || file_read(source->arena, path, AGREEMENT_SIZE_MAX, &content) != OK) {
        yaml_fault(file, key, "%s cannot be read; a text file of at most %d bytes", path, AGREEMENT_SIZE_MAX);
    } else if (content.size == 0 || !utf8_valid((const char *)content.data, content.size)) {
        yaml_fault(file, key, "%s is empty or not UTF-8; save it in UTF-8", path);
    } else {
        agreement->text = agreement_fill(source->arena, (const char *)content.data, names);
        if (agreement->text == NULL)
            yaml_fault(file, key, "%s has a brace that is no placeholder; known: {company} {platform} {hotline}", path);
        else
            agreement->sha256 = hex_encode(source->arena,
                                           source->digest(source->arena, bytes_of_text(agreement->text)));
    }
}

static void take_agreements(const struct platform_source *source, struct yaml_file *file, struct platform *platform)
{
    const struct agreement_names names = {platform->contact.company, platform->name_zh, platform->contact.hotline};
    if (names.company == NULL || names.platform == NULL || names.hotline == NULL)
        return; /* reported already */
    take_text(source, file, "agreement.file", &names, &platform->agreement);
    take_text(source, file, "privacy_notice.file", &names, &platform->privacy_notice);
    take_text(source, file, "sensitive_consent.file", &names, &platform->sensitive_consent);
}

enum err platform_file_load(const struct platform_source *source, const char *id, const char *path,
                            struct platform *out)
{
    struct yaml_file *file = NULL;
    struct written written = {0};
    TRY(yaml_open(source->arena, path, source->report, source->context, &file));
    TRY(yaml_bind(file, platform_fields, ARRAY_SIZE(platform_fields), &written));
    struct platform platform = written.platform;
    platform.id = arena_text(source->arena, id);
    platform.path = arena_text(source->arena, path);
    platform.file = file;
    platform.version = hex_encode(source->arena, source->digest(source->arena, yaml_content(file)));
    platform.tax_rate_permyriad = written.tax_rate_percent * 100;
    /* The table's check has let the amount through. */
    if (written.review_risk_amount == NULL || !money_parse_yuan(written.review_risk_amount, &platform.review_risk_fen))
        platform.review_risk_fen = 0;
    platform_fees_take(file, source->arena, written.fees, written.fees_count, &platform);
    platform_check(file, source->settings, &platform);
    take_agreements(source, file, &platform);
    TRY(yaml_check(file));
    *out = platform;
    return OK;
}
