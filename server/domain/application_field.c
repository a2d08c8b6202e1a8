/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/application_field.h"

#include "domain/identity.h"

#include <string.h>

#define NAME_MAX_CHARACTERS 50
#define COMPANY_MAX         100
#define ADDRESS_MAX         200
#define EMAIL_MAX           254
#define ID_MAX              30 /* numbers as typed, with spaces */
#define MOBILE_MAX          20
#define TAX_ID_MAX          40
#define ACCOUNT_MAX         60
#define WORD_MAX            20

#define AT(member) .offset = offsetof(struct application, member)

#define ID_HELP_ZH     "必须填写真实有效的身份证号码"
#define ID_HELP_EN     "Must be the true number of a valid document"
#define MOBILE_HELP_ZH "手机号码必须无误，否则接收不到通知"
#define MOBILE_HELP_EN "Must be right: notices are sent to it"

/* clang-format off */
static const struct application_field fields[] = {
    {"term_months", "续期时间", "Term", "选择要续期的时间，续期时间不同对应不同的收费", "The price depends on it", FORM_TERM, FORM_REQUIRED, .correctable = false},

    {"agent.id_type", "经办人证件类型", "Agent's document", "", "", FORM_CHOICE, FORM_REQUIRED, AT(agent.id_type), WORD_MAX, true},
    {"agent.id_number", "经办人证件号码", "Agent's document number", ID_HELP_ZH, ID_HELP_EN, FORM_IDENTITY, FORM_REQUIRED, AT(agent.id_number), ID_MAX, true},
    {"agent.name", "经办人姓名", "Agent's name", "", "", FORM_NAME, FORM_REQUIRED, AT(agent.name), NAME_MAX_CHARACTERS, true},
    {"agent.mobile", "手机号码", "Mobile number", MOBILE_HELP_ZH, MOBILE_HELP_EN, FORM_MOBILE, FORM_REQUIRED, AT(agent.mobile), MOBILE_MAX, true},
    {"agent.email", "经办人email", "Agent's e-mail", "邮箱必须无误，否则接收不到通知", MOBILE_HELP_EN, FORM_EMAIL, FORM_REQUIRED, AT(agent.email), EMAIL_MAX, true},
    {"agent.address", "经办人地址", "Agent's address", "此处地址填写您日常的真实的通信地址", "The postal address in daily use", FORM_ADDRESS, FORM_BY_PLATFORM, AT(agent.address), ADDRESS_MAX, true},

    {"recipient.name", "姓名", "Recipient's name", "", "", FORM_NAME, FORM_REQUIRED, AT(recipient.name), NAME_MAX_CHARACTERS, true},
    {"recipient.mobile", "手机", "Recipient's mobile number", "", "", FORM_MOBILE, FORM_REQUIRED, AT(recipient.mobile), MOBILE_MAX, true},
    {"recipient.address", "地址", "Recipient's address", "用于收取数字证书发票快递，请详细填写日常通信地址！此处地址填写您日常的真实的通信地址", "The invoice is sent there: the full postal address in daily use", FORM_ADDRESS, FORM_REQUIRED, AT(recipient.address), ADDRESS_MAX, true},

    {"organisation.name", "企业名称", "Organisation's name", "机构信息与续期证书所有者信息填写一致", "As in the certificate that is renewed", FORM_ORGANISATION, FORM_REQUIRED, AT(organisation.name), COMPANY_MAX, true},
    {"organisation.id_type", "机构证件类型", "Organisation's document", "", "", FORM_CHOICE, FORM_REQUIRED, AT(organisation.id_type), WORD_MAX, true},
    {"organisation.id_number", "机构证件号码", "Organisation's document number", "机构信息与续期证书所有者信息填写一致", "As in the certificate that is renewed", FORM_IDENTITY, FORM_REQUIRED, AT(organisation.id_number), ID_MAX, true},
    {"organisation.address", "单位地址", "Organisation's address", "", "", FORM_ADDRESS, FORM_OPTIONAL, AT(organisation.address), ADDRESS_MAX, true},

    {"legal_person.name", "法人姓名", "Legal representative's name", "", "", FORM_NAME, FORM_REQUIRED, AT(legal_person.name), NAME_MAX_CHARACTERS, true},
    {"legal_person.id_type", "法人证件类型", "Legal representative's document", "", "", FORM_CHOICE, FORM_OPTIONAL, AT(legal_person.id_type), WORD_MAX, true},
    {"legal_person.id_number", "身份证号码", "Legal representative's document number", ID_HELP_ZH, ID_HELP_EN, FORM_IDENTITY, FORM_REQUIRED, AT(legal_person.id_number), ID_MAX, true},
    {"legal_person.mobile", "移动电话", "Legal representative's mobile number", "", "", FORM_MOBILE, FORM_REQUIRED, AT(legal_person.mobile), MOBILE_MAX, true},

    {"basic_account.name", "基本户名称", "Name of the basic account", "须与企业名称一致", "The organisation's name", FORM_ORGANISATION, FORM_REQUIRED, AT(basic_account.name), COMPANY_MAX, true},
    {"basic_account.bank_name", "基本户开户行", "Branch of the basic account", "请正确选择搜索下拉框弹出的基本户开户行信息，例如：中国工商银行，输入“工商”关键字即可", "Search by a word of its name and choose from the list", FORM_BANK, FORM_REQUIRED, AT(basic_account.bank_name), COMPANY_MAX, true},
    {"basic_account.bank_code", "开户行联行号", "CNAPS code of the branch", "选择开户行后自动填写", "Comes with the branch chosen", FORM_BANK_CODE, FORM_REQUIRED, AT(basic_account.bank_code), WORD_MAX, true},
    {"basic_account.number", "基本户账号", "Number of the basic account", "", "", FORM_ACCOUNT, FORM_REQUIRED, AT(basic_account.number), ACCOUNT_MAX, true},

    {"invoice.kind", "发票类型", "Kind of invoice", "", "", FORM_CHOICE, FORM_REQUIRED, AT(invoice_kind), WORD_MAX, false},
    {"invoice.tax_id", "纳税人识别号", "Taxpayer number", "仔细填写开具电子发票的税号", "Must be right: an invoice is not made again", FORM_TAX_ID, FORM_BY_PLATFORM, AT(invoice_tax_id), TAX_ID_MAX, true},
    {"invoice.title", "发票抬头", "Invoice title", "请仔细复核开票信息是否正确，一旦发票已开具，不接受任何重新开票的申请", "Must be right: an invoice is not made again", FORM_TITLE, FORM_BY_PLATFORM, AT(invoice_title), COMPANY_MAX, true},
};

static const struct form_block blocks[] = {
    {"agent", "经办人信息", "Agent"},
    {"recipient", "收件人信息", "Recipient"},
    {"organisation", "机构信息", "Organisation"},
    {"legal_person", "法人信息", "Legal representative"},
    {"basic_account", "金融认证信息", "Basic account"},
    {"invoice", "发票信息", "Invoice"},
};

/* Kinds of identity document; only the resident ID has a published check digit. */
static const struct form_choice person_documents[] = {
    {"resident_id", "居民身份证", "Resident ID card", 18, 18},
    {"passport", "护照", "Passport", 5, 20},
    {"military", "军官证", "Military ID", 6, 20},
    {"hk_macau", "港澳居民来往内地通行证", "Hong Kong or Macau resident's permit", 8, 11},
    {"taiwan", "台湾居民来往大陆通行证", "Taiwan resident's permit", 8, 12},
};

static const struct form_choice organisation_documents[] = {
    {"uscc", "统一社会信用代码", "Unified social credit code", 18, 18},
    {"organisation_code", "组织机构代码", "Organisation code", 9, 9},
    {"other", "其他", "Other", 5, 30},
};
/* clang-format on */

/* -- looking up -------------------------------------------------------------------------------------------------- */

size_t application_field_count(void)
{
    return ARRAY_SIZE(fields);
}

const struct application_field *application_field_at(size_t index)
{
    return &fields[index];
}

const struct application_field *application_field_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

bool application_field_in(const struct application_field *field, const char *block)
{
    size_t size = strlen(block);
    return strncmp(field->name, block, size) == 0 && field->name[size] == '.';
}

const char *application_field_member(const struct application_field *field)
{
    const char *dot = strchr(field->name, '.');
    return dot == NULL ? field->name : dot + 1;
}

size_t form_block_count(void)
{
    return ARRAY_SIZE(blocks);
}

const struct form_block *form_block_at(size_t index)
{
    return &blocks[index];
}

enum platform_demand form_block_demand(const struct form_block *block, const struct platform *platform)
{
    const struct platform_form *form = &platform->form;
    const struct {
        const char *block;
        enum platform_demand demand;
    } configured[] = {
        {"recipient", platform->recipient_required ? PLATFORM_REQUIRED : PLATFORM_OPTIONAL},
        {"organisation", form->organisation},
        {"legal_person", form->legal_person},
        {"basic_account", form->basic_account},
    };
    for (size_t i = 0; i < ARRAY_SIZE(configured); i++)
        if (strcmp(configured[i].block, block->name) == 0)
            return configured[i].demand;
    return PLATFORM_REQUIRED;
}

bool form_block_given(const char *block, const struct application *application)
{
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        if (application_field_in(&fields[i], block) && application_field_value(&fields[i], application)[0] != '\0')
            return true;
    return false;
}

const struct form_choice *form_choices(const struct application_field *field, size_t *count)
{
    bool organisation = application_field_in(field, "organisation");
    bool document = field->kind == FORM_CHOICE && strcmp(application_field_member(field), "id_type") == 0;
    *count = !document ? 0 : organisation ? ARRAY_SIZE(organisation_documents) : ARRAY_SIZE(person_documents);
    return organisation ? organisation_documents : person_documents;
}

const struct form_choice *form_choice_find(const char *field, const char *word)
{
    size_t count;
    const struct form_choice *choices = form_choices(application_field_find(field), &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(choices[i].word, word) == 0)
            return &choices[i];
    return NULL;
}

/* -- values ------------------------------------------------------------------------------------------------------ */

static const char **place(const struct application_field *field, struct application *application)
{
    return (const char **)(void *)((char *)application + field->offset);
}

const char *application_field_value(const struct application_field *field, const struct application *application)
{
    return *(const char *const *)(const void *)((const char *)application + field->offset);
}

void application_field_set(const struct application_field *field, struct application *application, const char *value)
{
    *place(field, application) = value;
}

/* Names, addresses and titles keep their inner spaces; those around them are typing. */
static const char *trimmed(struct arena *arena, const char *text)
{
    text += strspn(text, " ");
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == ' ')
        size--;
    return arena_text_n(arena, text, size);
}

const char *application_field_canonical(const struct application_field *field, struct arena *arena, const char *value)
{
    switch (field->kind) {
    case FORM_IDENTITY: /* an organisation code is written with a hyphen before its check digit */
        return application_field_in(field, "organisation") ? account_canonical(arena, value)
                                                           : identity_canonical(arena, value);
    case FORM_TAX_ID:
        return identity_canonical(arena, value);
    case FORM_ACCOUNT:
    case FORM_BANK_CODE:
        return account_canonical(arena, value);
    case FORM_MOBILE:
        return mobile_canonical(arena, value);
    default:
        return trimmed(arena, value);
    }
}

const char *application_field_shown(const struct application_field *field, struct arena *arena, const char *value)
{
    switch (field->kind) {
    case FORM_NAME:
        return mask_name(arena, value);
    case FORM_IDENTITY: /* an organisation's number is in a public register */
        return application_field_in(field, "organisation") ? value : mask_id(arena, value);
    case FORM_MOBILE:
        return mask_mobile(arena, value);
    case FORM_EMAIL:
        return mask_email(arena, value);
    case FORM_ADDRESS:
        return mask_address(arena, value);
    case FORM_ACCOUNT:
        return mask_account(arena, value);
    default:
        return value;
    }
}

const char *form_kind_word(enum form_kind kind)
{
    static const char *const words[FORM_KIND_COUNT] = {
        [FORM_TERM] = "term",          [FORM_CHOICE] = "choice",       [FORM_NAME] = "name",
        [FORM_MOBILE] = "mobile",      [FORM_IDENTITY] = "id_number",  [FORM_ORGANISATION] = "organisation",
        [FORM_EMAIL] = "email",        [FORM_ADDRESS] = "address",     [FORM_ACCOUNT] = "account_number",
        [FORM_BANK] = "bank",          [FORM_BANK_CODE] = "bank_code", [FORM_TAX_ID] = "tax_id",
        [FORM_TITLE] = "invoice_title"};
    return words[kind];
}
