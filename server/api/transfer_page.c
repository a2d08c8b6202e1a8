/* SPDX-License-Identifier: Apache-2.0 */
/* How bank transfers are shown to the payer, in the words of the guides: 查询结果, 账户余额, 银行转账结果. */
#include "api/reply.h"
#include "api/server.h"
#include "api/transfer.h"
#include "domain/money.h"

#include <string.h>

/* THE table of what a declared transfer can be. */
static const struct {
    const char *state, *code, *zh, *reason_zh, *reason_en;
} states[] = {
    {"matched", "transfer_found", "已查验", "款项已到账，已用于本单，多出部分记入账户余额",
     "The money has come and counts for this order; what is more is credit"},
    {"waiting", "transfer_not_arrived", "未到账", "银行流水中还没有这笔款项，到账后自动核验，请勿重复转账",
     "Not on the bank's statement yet; it is matched by itself when it comes, do not pay again"},
    {"differs", "transfer_amount_differs", "金额不符",
     "该账户有到账款项，但金额与填写的不一致，请核对后删除本条并重新填写",
     "Money came from this account, but another amount: check it, delete this row and write it again"},
    {"used", "transfer_used", "已使用", "相符的款项已用于其他业务；如是另一笔转账，到账后自动核验",
     "The money that agrees has been used; if this is another transfer, it is matched when it comes"},
    {"ambiguous", "transfer_ambiguous", "待财务核实", "有不止一笔款项相符，由财务人员核实，无需重复提交",
     "More than one line agrees: finance looks at it, there is nothing to do"},
};

static size_t state_of(const char *state)
{
    size_t i = 0;
    while (i + 1 < ARRAY_SIZE(states) && strcmp(states[i].state, state) != 0)
        i++;
    return i;
}

static struct json *item_json(struct request *req, const struct transfer_item *item)
{
    size_t state = state_of(item->state);
    struct json *row = json_new_object();
    json_put_integer(row, "id", item->id);
    json_put_text(row, "payer_account", item->account_masked);
    json_put_text(row, "payer_name", item->name_masked);
    json_put_integer(row, "amount_fen", item->amount_fen);
    json_put_text(row, "transferred_on", item->transferred_on);
    json_put_text(row, "state", item->state);
    json_put_text(row, "state_name", states[state].zh);
    json_put_text(row, "code", states[state].code);
    json_put_text(row, "reason", states[state].reason_zh);
    json_put_text(row, "reason_en", states[state].reason_en);
    if (item->bank_amount_fen > 0)
        json_put_integer(row, "bank_amount_fen", item->bank_amount_fen);
    else
        json_put_text(row, "bank_amount_fen", NULL);
    reply_put_text(row, "bank_booked_on", item->bank_booked_on);
    reply_put_time(req, row, "declared_at", item->declared_at_us);
    reply_put_time(req, row, "checked_at", item->checked_at_us);
    return row;
}

/* 7443 9001 8260 0096 874, as people copy it. */
static const char *grouped(struct arena *arena, const char *number)
{
    const char *text = "";
    for (size_t i = 0; number[i] != '\0'; i += strnlen(number + i, 4))
        text = arena_format(arena, "%s%s%.4s", text, i == 0 ? "" : " ", number + i);
    return text;
}

struct json *transfer_accounts_json(struct arena *arena, const struct platform *platform)
{
    struct json *accounts = json_new_array();
    for (unsigned i = 0; platform != NULL && i < platform->bank_accounts_count; i++) {
        const struct platform_bank_account *account = &platform->bank_accounts[i];
        struct json *row = json_new_object();
        json_put_text(row, "holder", account->holder);
        json_put_text(row, "number", account->number);
        json_put_text(row, "number_grouped", grouped(arena, account->number));
        json_put_text(row, "bank", account->bank);
        json_append(accounts, row);
    }
    return accounts;
}

static void put_result(struct json *body, const struct transfer_page *page)
{
    bool paid = strcmp(page->order_state, "paid") == 0;
    const char *code = paid ? "success" : page->received_fen > 0 ? "partly" : page->count > 0 ? "pending" : "none";
    const char *name = paid ? "成功" : page->received_fen > 0 ? "部分到账" : page->count > 0 ? "核验中" : "未核验";
    json_put_text(body, "result", code);
    json_put_text(body, "result_name", name);
}

struct json *transfer_page_json(struct request *req, const struct transfer_page *page)
{
    struct json *body = json_new_object(), *transfers = json_new_array();
    bool owing = page->credit_usable;
    for (size_t i = 0; i < page->count; i++)
        json_append(transfers, item_json(req, &page->items[i]));
    json_put_text(body, "renewal_no", page->renewal_no);
    json_put_text(body, "order_no", page->order_no);
    reply_put_state(body, page->status);
    json_put_integer(body, "amount_fen", page->amount_fen);
    json_put_integer(body, "received_fen", page->received_fen);
    json_put_integer(body, "owed_fen", owing ? page->amount_fen - page->received_fen : 0);
    json_put_integer(body, "credit_fen", page->credit_fen);
    json_put_boolean(body, "credit_usable", owing && page->credit_fen > 0);
    put_result(body, page);
    json_put(body, "transfers", transfers);
    return body;
}
