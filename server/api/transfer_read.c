/* SPDX-License-Identifier: Apache-2.0 */
/* What a payer writes into a row of 核验转账信息: 付款账号, 付款账户名, 转账金额, 付款日期, 备注说明. */
#include "api/transfer.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/identity.h"
#include "domain/money.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX       122 /* of a bank: china.md's DLOUTTRN, recAccountName */
#define REMARK_MAX     200
#define AMOUNT_FEN_MAX 100000000000
#define DAYS_BACK_MAX  366
#define DAY_US         86400000000
#define BEIJING_US     28800000000

static const char *at(struct arena *arena, const char *path, const char *name)
{
    return arena_format(arena, "%s.%s", path, name);
}

/* 2026-11-21, a day that exists; as days since 1970-01-01. */
static bool read_day(const char *text, int64_t *day)
{
    char midnight[CLOCK_TEXT_SIZE];
    int64_t unix_us;
    if (strlen(text) != 10)
        return false;
    snprintf(midnight, sizeof(midnight), "%s 00:00:00", text);
    if (!clock_parse_plain(midnight, &unix_us))
        return false;
    *day = (unix_us + BEIJING_US) / DAY_US;
    return true;
}

static void check_day(struct arena *arena, const char *path, const char *text, int64_t now_us, struct fault *fault,
                      int64_t *day)
{
    int64_t today = (now_us + BEIJING_US) / DAY_US;
    if (!read_day(text, day))
        fault_field(fault, at(arena, path, "transferred_on"), "date", "请填写付款日期，如2026-11-21",
                    "Must be a date like 2026-11-21");
    else if (*day > today)
        fault_field(fault, at(arena, path, "transferred_on"), "future", "付款日期不能晚于今天",
                    "Must not be after today");
    else if (*day < today - DAYS_BACK_MAX)
        fault_field(fault, at(arena, path, "transferred_on"), "past", "付款日期不能早于一年前",
                    "Must not be more than a year ago");
}

static void check_payer(struct arena *arena, const char *path, const struct transfer_written *it, struct fault *fault)
{
    if (!account_valid(it->account))
        fault_field(fault, at(arena, path, "payer_account"), "account", "请填写完整的付款账号，8至32位数字",
                    "Must be the whole account number, 8 to 32 digits");
    if (utf8_length(it->name) < 2)
        fault_field(fault, at(arena, path, "payer_name"), "required", "请填写付款账户名，与银行账户一致",
                    "Say the account's name as the bank has it");
    if (it->amount_fen < 1 || it->amount_fen > AMOUNT_FEN_MAX)
        fault_field(fault, at(arena, path, "amount_fen"), "range", "转账金额应大于0，以分为单位",
                    "Must be more than 0, in fen");
}

/* Without the white space around it. */
static const char *trimmed(struct arena *arena, const char *text)
{
    text += strspn(text, " \t");
    size_t size = strlen(text);
    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
        size--;
    return arena_text_n(arena, text, size);
}

enum err transfer_read(struct arena *arena, const struct json *object, const char *path, int64_t now_us,
                       struct fault *fault, struct transfer_written *out)
{
    const char *account = "", *name = "", *remark = "", *day = "";
    struct transfer_written it = {0};
    const struct json_field fields[] = {
        {"payer_account", FIELD_TEXT, .into = &account, .length_max = 64},
        {"payer_name", FIELD_TEXT, .into = &name, .length_max = NAME_MAX},
        {"amount_fen", FIELD_INTEGER, .into = &it.amount_fen},
        {"transferred_on", FIELD_TEXT, .into = &day, .length_max = 10},
        {"remark", FIELD_TEXT, .optional = true, .into = &remark, .length_max = REMARK_MAX},
    };
    TRY(json_read(object, path, fields, ARRAY_SIZE(fields), fault));
    it.account = account_canonical(arena, account);
    it.name = trimmed(arena, name);
    it.remark = trimmed(arena, remark);
    check_payer(arena, path, &it, fault);
    check_day(arena, path, day, now_us, fault, &it.day);
    TRY(fault_check(fault));
    *out = it;
    return OK;
}
