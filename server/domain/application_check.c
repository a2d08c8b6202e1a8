/* SPDX-License-Identifier: Apache-2.0 */
/* The form against the platform's rules. The sentences say what the forms' own hints say, and what is wrong. */
#include "base/text.h"
#include "domain/application.h"
#include "domain/identity.h"

#include <string.h>

#define AGENT_AGE_MIN 18 /* Civil Code art. 17, 18: full capacity */
#define NAME_MIN      2
#define ADDRESS_MIN   5
#define TITLE_MIN     2

/* -- checking: people -------------------------------------------------------------------------------------------- */

/* Kinds of identity document; only the resident ID has a published check digit. */
static const struct id_type {
    const char *word;
    size_t length_min, length_max;
} id_types[] = {
    {"resident_id", 18, 18}, {"passport", 5, 20}, {"military", 6, 20}, {"hk_macau", 8, 11}, {"taiwan", 8, 12},
};

static const struct id_type *id_type_find(const char *word)
{
    for (size_t i = 0; i < ARRAY_SIZE(id_types); i++)
        if (strcmp(id_types[i].word, word) == 0)
            return &id_types[i];
    return NULL;
}

static void check_resident_id(const char *id, int64_t now_us, struct fault *fault)
{
    int age = resident_id_age(id, now_us);
    if (strlen(id) != 18)
        fault_field(fault, "agent.id_number", "length", "身份证号码应为18位，必须填写真实有效的身份证号码",
                    "A resident ID number has 18 characters");
    else if (age < 0)
        fault_field(fault, "agent.id_number", "check_digit",
                    "身份证号码有误（校验码、出生日期或地区不符），必须填写真实有效的身份证号码",
                    "Not a resident ID number: its check digit, birth date or region is wrong");
    else if (age < AGENT_AGE_MIN)
        fault_field(fault, "agent.id_number", "under_age", "经办人须年满18周岁", "The agent must be at least 18");
}

static bool only_letters_and_digits(const char *text)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text & 0x80) == 0 && !(*text >= '0' && *text <= '9') && !(*text >= 'A' && *text <= 'Z'))
            return false;
    return true;
}

static void check_identity(const struct application_person *agent, int64_t now_us, struct fault *fault)
{
    const struct id_type *type = id_type_find(agent->id_type);
    if (type == NULL) {
        fault_field(fault, "agent.id_type", "unknown",
                    "没有这种证件类型，请选择身份证、护照、军人身份证、港澳或台湾居民来往内地通行证",
                    "Must be resident_id, passport, military, hk_macau or taiwan");
        return;
    }
    if (type == &id_types[0]) {
        check_resident_id(agent->id_number, now_us, fault);
        return;
    }
    size_t length = utf8_length(agent->id_number);
    if (length < type->length_min || length > type->length_max)
        fault_field(fault, "agent.id_number", "length",
                    arena_format(fault->arena, "证件号码应为%zu至%zu位，必须填写真实有效的证件号码", type->length_min,
                                 type->length_max),
                    arena_format(fault->arena, "Must have %zu to %zu characters", type->length_min, type->length_max));
    else if (!only_letters_and_digits(agent->id_number))
        fault_field(fault, "agent.id_number", "characters", "证件号码只能含有字母和数字",
                    "Only letters and digits are allowed");
}

static void check_name(const char *name, const char *path, struct fault *fault)
{
    if (utf8_length(name) < NAME_MIN)
        fault_field(fault, path, "length", "请填写真实姓名（至少2个字）", "Must have at least 2 characters");
}

static void check_mobile(const char *mobile, const char *path, struct fault *fault)
{
    if (!mobile_valid(mobile))
        fault_field(fault, path, "mobile", "应为11位中国大陆手机号码。手机号码必须无误，否则接收不到通知",
                    "Must be a mobile number of mainland China, 11 digits: notices are sent to it");
}

static void check_address(const char *address, const char *path, struct fault *fault)
{
    size_t length = utf8_length(address);
    if (length < ADDRESS_MIN)
        fault_field(fault, path, "length", "请详细填写日常真实的通信地址（5至200个字）",
                    "Must be a full postal address of 5 to 200 characters");
}

static void check_agent(const struct application_person *agent, int64_t now_us, struct fault *fault)
{
    check_identity(agent, now_us, fault);
    check_name(agent->name, "agent.name", fault);
    check_mobile(agent->mobile, "agent.mobile", fault);
    if (!email_valid(agent->email))
        fault_field(fault, "agent.email", "email", "邮箱格式有误，如name@example.com。邮箱必须无误，否则接收不到通知",
                    "Must be an address like name@example.com: notices are sent to it");
    if (agent->address[0] != '\0')
        check_address(agent->address, "agent.address", fault);
}

static void check_recipient(const struct application_person *recipient, bool required, struct fault *fault)
{
    bool given = recipient->name[0] != '\0' || recipient->mobile[0] != '\0' || recipient->address[0] != '\0';
    if (!given && required)
        fault_field(fault, "recipient", "required", "请填写收件人姓名、手机和地址",
                    "Name, mobile and address of the recipient are required");
    if (!given)
        return;
    check_name(recipient->name, "recipient.name", fault);
    check_mobile(recipient->mobile, "recipient.mobile", fault);
    check_address(recipient->address, "recipient.address", fault);
}

/* -- checking: the rest ------------------------------------------------------------------------------------------ */

static void check_tax_id(const char *tax_id, bool required, struct fault *fault)
{
    if (tax_id[0] == '\0' && required)
        fault_field(fault, "invoice.tax_id", "required", "请填写纳税人识别号（统一社会信用代码）",
                    "The taxpayer number is required for this invoice");
    else if (tax_id[0] != '\0' && !tax_id_valid(tax_id))
        fault_field(fault, "invoice.tax_id", "check_digit",
                    "纳税人识别号有误，请仔细核对：应为15、17、18或20位，18位的校验码须相符",
                    "Not a taxpayer number: 15, 17, 18 or 20 characters, and with 18 a right check digit");
}

static void check_invoice(const struct application *application, const struct platform *platform, struct fault *fault)
{
    const char *kind = application->invoice_kind;
    bool takes_none = platform_takes(platform->invoice_kinds, platform->invoice_kinds_count, "none");
    if (kind[0] == '\0' && takes_none)
        return;
    if (!platform_takes(platform->invoice_kinds, platform->invoice_kinds_count, kind)) {
        fault_field(fault, "invoice.kind", kind[0] == '\0' ? "required" : "not_offered",
                    kind[0] == '\0' ? "请选择发票类型" : "该平台不提供此类发票，请选择页面列出的发票类型",
                    kind[0] == '\0' ? "Choose a kind of invoice" : "This platform does not offer this kind of invoice");
        return;
    }
    if (strcmp(kind, "none") == 0)
        return;
    bool electronic = strcmp(kind, "electronic") == 0;
    check_tax_id(application->invoice_tax_id, electronic, fault);
    if (application->invoice_title[0] == '\0' ? electronic : utf8_length(application->invoice_title) < TITLE_MIN)
        fault_field(fault, "invoice.title", "required", "请填写发票抬头（单位全称）。请仔细核对，发票开具后不能重开",
                    "The invoice title, the buyer's full name, is required; an invoice is not made again");
}

static void check_term(const struct application *application, const struct platform *platform, int64_t now_us,
                       struct fault *fault)
{
    if (platform_term(platform_fees_at(platform, now_us), application->term_months) == NULL)
        fault_field(fault, "term_months", "not_offered", "该平台不提供此续期时间，请选择页面列出的续期时间",
                    "This platform does not offer this term");
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

enum err application_check(const struct application *application, const struct platform *platform, int64_t now_us,
                           struct fault *fault)
{
    check_term(application, platform, now_us, fault);
    check_agent(&application->agent, now_us, fault);
    check_recipient(&application->recipient, platform->recipient_required, fault);
    check_invoice(application, platform, fault);
    TRY(fault_check(fault));
    return check_accepted(application, platform);
}
