/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences say what the forms' own hints say, and what is wrong; never what was typed. */
#include "domain/form_check.h"

#include "base/text.h"
#include "domain/identity.h"

#include <string.h>

#define AGE_MIN     18 /* Civil Code art. 17, 18: full capacity */
#define NAME_MIN    2
#define ADDRESS_MIN 5
#define BANK_MIN    4

/* -- identity numbers -------------------------------------------------------------------------------------------- */

static void check_resident_id(const struct form_check *check, const char *path, const char *id)
{
    int age = resident_id_age(id, check->basis->now_us);
    if (strlen(id) != 18)
        fault_field(check->fault, path, "length", "身份证号码应为18位，必须填写真实有效的身份证号码",
                    "A resident ID number has 18 characters");
    else if (age < 0)
        fault_field(check->fault, path, "check_digit",
                    "身份证号码有误（校验码、出生日期或地区不符），必须填写真实有效的身份证号码",
                    "Not a resident ID number: its check digit, birth date or region is wrong");
    else if (age < AGE_MIN)
        fault_field(check->fault, path, "under_age", "须年满18周岁", "Must be at least 18 years old");
}

static void check_uscc(const struct form_check *check, const char *path, const char *code)
{
    if (strlen(code) != 18)
        fault_field(check->fault, path, "length", "统一社会信用代码应为18位",
                    "A unified social credit code has 18 characters");
    else if (!uscc_valid(code))
        fault_field(check->fault, path, "check_digit", "统一社会信用代码有误（校验码不符），请按营业执照仔细核对",
                    "Not a unified social credit code: its check digit is wrong");
    else if (!uscc_inner_valid(code))
        form_warn(check, path, "inner_check_digit");
}

static void check_organisation_code(const struct form_check *check, const char *path, const char *code)
{
    if (strlen(code) != 9)
        fault_field(check->fault, path, "length", "组织机构代码应为9位（连字符可不写）",
                    "An organisation code has 9 characters, its hyphen aside");
    else if (!organisation_code_valid(code))
        fault_field(check->fault, path, "check_digit", "组织机构代码有误（校验码不符），请仔细核对",
                    "Not an organisation code: its check digit is wrong");
}

/* Other scripts are let through: a military ID is 军字第1234567号. */
static bool only_letters_and_digits(const char *text)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text & 0x80) == 0 && !(*text >= '0' && *text <= '9') && !(*text >= 'A' && *text <= 'Z'))
            return false;
    return true;
}

static void check_document(const struct form_check *check, const char *path, const struct form_choice *type,
                           const char *number)
{
    size_t length = utf8_length(number);
    if (length < type->length_min || length > type->length_max)
        fault_field(
            check->fault, path, "length",
            arena_format(check->fault->arena, "证件号码应为%zu至%zu位，必须填写真实有效的证件号码", type->length_min,
                         type->length_max),
            arena_format(check->fault->arena, "Must have %zu to %zu characters", type->length_min, type->length_max));
    else if (!only_letters_and_digits(number))
        fault_field(check->fault, path, "characters", "证件号码只能含有字母和数字",
                    "Only letters and digits are allowed");
}

/* By the kind of document beside it; an unknown kind is told at its own field. */
static void check_identity(const struct form_check *check, const struct application_field *field, const char *number)
{
    const char *member = application_field_member(field);
    const char *type_name = arena_format(check->fault->arena, "%.*sid_type", (int)(member - field->name), field->name);
    const char *word = application_field_value(application_field_find(type_name), check->application);
    const struct form_choice *type = form_choice_find(type_name, word);
    if (type == NULL)
        return;
    if (strcmp(word, "resident_id") == 0)
        check_resident_id(check, field->name, number);
    else if (strcmp(word, "uscc") == 0)
        check_uscc(check, field->name, number);
    else if (strcmp(word, "organisation_code") == 0)
        check_organisation_code(check, field->name, number);
    else
        check_document(check, field->name, type, number);
}

static void check_choice(const struct form_check *check, const struct application_field *field, const char *word)
{
    if (form_choice_find(field->name, word) != NULL)
        return;
    if (application_field_in(field, "organisation"))
        fault_field(check->fault, field->name, "unknown",
                    "没有这种证件类型，请选择统一社会信用代码、组织机构代码或其他",
                    "Must be uscc, organisation_code or other");
    else
        fault_field(check->fault, field->name, "unknown",
                    "没有这种证件类型，请选择身份证、护照、军人身份证、港澳或台湾居民来往内地通行证",
                    "Must be resident_id, passport, military, hk_macau or taiwan");
}

/* -- the bank ---------------------------------------------------------------------------------------------------- */

/* The list of branches decides; a wrong check digit is a hint only, since a few old codes have one. */
static void check_bank_code(const struct form_check *check, const char *path, const char *code)
{
    if (strlen(code) != 12 || strspn(code, "0123456789") != 12)
        fault_field(check->fault, path, "length", "联行号应为12位数字，请从搜索结果中选择开户行",
                    "A CNAPS code has 12 digits; choose the branch from the list");
    else if (!cnaps_valid(code))
        form_warn(check, path, "check_digit");
}

static void check_tax_id(const struct form_check *check, const char *path, const char *tax_id)
{
    if (!tax_id_valid(tax_id))
        fault_field(check->fault, path, "check_digit",
                    "纳税人识别号有误，请仔细核对：应为15、17、18或20位，18位的校验码须相符",
                    "Not a taxpayer number: 15, 17, 18 or 20 characters, and with 18 a right check digit");
    else if (tax_id_doubtful(tax_id))
        form_warn(check, path, "check_digit");
}

/* -- by kind ----------------------------------------------------------------------------------------------------- */

static void least(const struct form_check *check, const char *path, const char *value, size_t length, const char *zh,
                  const char *en)
{
    if (utf8_length(value) < length)
        fault_field(check->fault, path, "length", zh, en);
}

void form_check_value(const struct form_check *check, const struct application_field *field, const char *value)
{
    const char *path = field->name;
    switch (field->kind) {
    case FORM_CHOICE:
        check_choice(check, field, value);
        return;
    case FORM_IDENTITY:
        check_identity(check, field, value);
        return;
    case FORM_NAME:
        least(check, path, value, NAME_MIN, "请填写真实姓名（至少2个字）", "Must have at least 2 characters");
        return;
    case FORM_ORGANISATION:
    case FORM_TITLE:
        least(check, path, value, NAME_MIN, "请填写单位全称（至少2个字）", "Must be the full name");
        return;
    case FORM_BANK:
        least(check, path, value, BANK_MIN, "请填写开户行全称，并从搜索结果中选择",
              "Must be the branch's full name, chosen from the list");
        return;
    case FORM_ADDRESS:
        least(check, path, value, ADDRESS_MIN, "请详细填写日常真实的通信地址（5至200个字）",
              "Must be a full postal address of 5 to 200 characters");
        return;
    case FORM_MOBILE:
        if (!mobile_valid(value))
            fault_field(check->fault, path, "mobile", "应为11位中国大陆手机号码。手机号码必须无误，否则接收不到通知",
                        "Must be a mobile number of mainland China, 11 digits: notices are sent to it");
        return;
    case FORM_EMAIL:
        if (!email_valid(value))
            fault_field(check->fault, path, "email", "邮箱格式有误，如name@example.com。邮箱必须无误，否则接收不到通知",
                        "Must be an address like name@example.com: notices are sent to it");
        return;
    case FORM_ACCOUNT:
        if (!account_valid(value))
            fault_field(check->fault, path, "account_number", "银行账号应为8至32位数字，请按开户许可证仔细核对",
                        "An account number has 8 to 32 digits");
        return;
    case FORM_BANK_CODE:
        check_bank_code(check, path, value);
        return;
    case FORM_TAX_ID:
        check_tax_id(check, path, value);
        return;
    case FORM_TERM:
    case FORM_KIND_COUNT:
        return;
    }
}
