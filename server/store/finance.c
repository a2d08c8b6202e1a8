/* SPDX-License-Identifier: Apache-2.0 */
/* THE tables of what each list of the finance desk holds: one row per column, in the order of its statement. */
#include "store/finance.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#include <string.h>

#define TABLE(columns)                                                                                                 \
    {                                                                                                                  \
        columns, ARRAY_SIZE(columns)                                                                                   \
    }

const struct db_statement finance_lines = {
    .name = "finance_lines",
    .kind = DB_READ,
    .sql = "select outcome, line_id, account_no, bank, booked_on, direction, kind, amount_fen,"
           " taken_fen, suspended_fen, returned_fen, payer_account, payer_name, payer_bank,"
           " remark, bank_ref, matched_orders, rules, best_order, best_payer, best_owed_fen,"
           " best_score, best_reasons from xuqi.finance_lines($1, $2, $3, $4, $5, $6, $7)",
    .params = "btiiiit",
    .columns = "titttttiiiitttttttttiit",
};

static const struct finance_column finance_lines_columns[] = {
    {"line_id", FINANCE_NUMBER, "流水编号"},
    {"account_no", FINANCE_TEXT, "收款账号"},
    {"bank", FINANCE_TEXT, "开户行"},
    {"booked_on", FINANCE_TEXT, "记账日期"},
    {"direction", FINANCE_TEXT, "方向"},
    {"kind", FINANCE_TEXT, "类型"},
    {"amount_fen", FINANCE_NUMBER, "金额"},
    {"taken_fen", FINANCE_NUMBER, "已使用金额"},
    {"suspended_fen", FINANCE_NUMBER, "挂账金额"},
    {"returned_fen", FINANCE_NUMBER, "退回金额"},
    {"payer_account", FINANCE_TEXT, "对方账号"},
    {"payer_name", FINANCE_TEXT, "对方户名"},
    {"payer_bank", FINANCE_TEXT, "对方开户行"},
    {"remark", FINANCE_TEXT, "附言"},
    {"bank_ref", FINANCE_TEXT, "银行流水号"},
    {"matched_orders", FINANCE_WORDS, "已匹配订单"},
    {"rules", FINANCE_WORDS, "匹配规则"},
    {"best_order", FINANCE_TEXT, "最可能的订单"},
    {"best_payer", FINANCE_TEXT, "该订单付款人"},
    {"best_owed_fen", FINANCE_NUMBER, "该订单应付金额"},
    {"best_score", FINANCE_NUMBER, NULL},
    {"best_reasons", FINANCE_WORDS, "依据"},
};
const struct finance_table finance_line_table = TABLE(finance_lines_columns);

const struct db_statement finance_orders = {
    .name = "finance_orders",
    .kind = DB_READ,
    .sql = "select outcome, order_no, renewal_no, platform, payer, amount_fen, funded_fen,"
           " credit_fen, created_at, declared, declared_states, best_line, best_payer,"
           " best_free_fen, best_score, best_reasons from xuqi.finance_orders($1, $2, $3, $4)",
    .params = "btti",
    .columns = "tttttiiizititiit",
};

static const struct finance_column finance_orders_columns[] = {
    {"order_no", FINANCE_TEXT, "订单编号"},
    {"renewal_no", FINANCE_TEXT, "业务单号"},
    {"platform", FINANCE_TEXT, "平台"},
    {"payer", FINANCE_TEXT, "付款人"},
    {"amount_fen", FINANCE_NUMBER, "应付金额"},
    {"received_fen", FINANCE_NUMBER, "已到账金额"},
    {"credit_fen", FINANCE_NUMBER, "账户余额"},
    {"created_at", FINANCE_TIME, "创建时间"},
    {"declared", FINANCE_NUMBER, "申报转账笔数"},
    {"declared_states", FINANCE_WORDS, "核验结果"},
    {"best_line", FINANCE_NUMBER, "最可能的流水"},
    {"best_payer", FINANCE_TEXT, "该流水户名"},
    {"best_free_fen", FINANCE_NUMBER, "该流水可用金额"},
    {"best_score", FINANCE_NUMBER, NULL},
    {"best_reasons", FINANCE_WORDS, "依据"},
};
const struct finance_table finance_order_table = TABLE(finance_orders_columns);

const struct db_statement finance_candidates = {
    .name = "finance_candidates",
    .kind = DB_READ,
    .sql = "select outcome, order_no, renewal_no, platform, payer, amount_fen, owed_fen, score,"
           " reasons from xuqi.finance_candidates($1, $2, $3)",
    .params = "bii",
    .columns = "tttttiiit",
};

static const struct finance_column finance_candidates_columns[] = {
    {"order_no", FINANCE_TEXT, NULL}, {"renewal_no", FINANCE_TEXT, NULL},   {"platform", FINANCE_TEXT, NULL},
    {"payer", FINANCE_TEXT, NULL},    {"amount_fen", FINANCE_NUMBER, NULL}, {"owed_fen", FINANCE_NUMBER, NULL},
    {"score", FINANCE_NUMBER, NULL},  {"reasons", FINANCE_WORDS, NULL},
};
const struct finance_table finance_candidate_table = TABLE(finance_candidates_columns);

const struct db_statement finance_order_candidates = {
    .name = "finance_order_candidates",
    .kind = DB_READ,
    .sql = "select outcome, line_id, booked_on, payer_account, payer_name, remark, amount_fen,"
           " free_fen, score, reasons from xuqi.finance_order_candidates($1, $2, $3)",
    .params = "bti",
    .columns = "tittttiiit",
};

static const struct finance_column finance_order_candidates_columns[] = {
    {"line_id", FINANCE_NUMBER, NULL},  {"booked_on", FINANCE_TEXT, NULL}, {"payer_account", FINANCE_TEXT, NULL},
    {"payer_name", FINANCE_TEXT, NULL}, {"remark", FINANCE_TEXT, NULL},    {"amount_fen", FINANCE_NUMBER, NULL},
    {"free_fen", FINANCE_NUMBER, NULL}, {"score", FINANCE_NUMBER, NULL},   {"reasons", FINANCE_WORDS, NULL},
};
const struct finance_table finance_order_candidate_table = TABLE(finance_order_candidates_columns);

const struct db_statement finance_matches = {
    .name = "finance_matches",
    .kind = DB_READ,
    .sql = "select outcome, match_id, line_id, booked_on, payer_name, payer_account, line_fen,"
           " order_no, renewal_no, payer, fen, rule, reason, made_by, made_at, undone_at,"
           " undone_by, undo_reason from xuqi.finance_matches($1, $2, $3, $4, $5, $6, $7)",
    .params = "bitiiii",
    .columns = "tiitttitttitttzztt",
};

static const struct finance_column finance_matches_columns[] = {
    {"match_id", FINANCE_NUMBER, "匹配编号"},
    {"line_id", FINANCE_NUMBER, "流水编号"},
    {"booked_on", FINANCE_TEXT, "记账日期"},
    {"payer_name", FINANCE_TEXT, "对方户名"},
    {"payer_account", FINANCE_TEXT, "对方账号"},
    {"line_fen", FINANCE_NUMBER, "流水金额"},
    {"order_no", FINANCE_TEXT, "订单编号"},
    {"renewal_no", FINANCE_TEXT, "业务单号"},
    {"payer", FINANCE_TEXT, "付款人"},
    {"amount_fen", FINANCE_NUMBER, "匹配金额"},
    {"rule", FINANCE_TEXT, "规则"},
    {"reason", FINANCE_TEXT, "依据"},
    {"made_by", FINANCE_TEXT, "匹配人"},
    {"made_at", FINANCE_TIME, "匹配时间"},
    {"undone_at", FINANCE_TIME, "撤销时间"},
    {"undone_by", FINANCE_TEXT, "撤销人"},
    {"undo_reason", FINANCE_TEXT, "撤销原因"},
};
const struct finance_table finance_match_table = TABLE(finance_matches_columns);

const struct db_statement finance_requests = {
    .name = "finance_requests",
    .kind = DB_READ,
    .sql = "select outcome, request_id, kind, line_id, order_no, match_id, fen, reason, state,"
           " two_people, asked_by, asked_at, decided_by, decided_at, released from"
           " xuqi.finance_requests($1, $2, $3, $4)",
    .params = "btii",
    .columns = "tititiittotztzo",
};

static const struct finance_column finance_requests_columns[] = {
    {"request_id", FINANCE_NUMBER, NULL}, {"kind", FINANCE_TEXT, NULL},       {"line_id", FINANCE_NUMBER, NULL},
    {"order_no", FINANCE_TEXT, NULL},     {"match_id", FINANCE_NUMBER, NULL}, {"amount_fen", FINANCE_NUMBER, NULL},
    {"reason", FINANCE_TEXT, NULL},       {"state", FINANCE_TEXT, NULL},      {"two_people", FINANCE_FLAG, NULL},
    {"asked_by", FINANCE_TEXT, NULL},     {"asked_at", FINANCE_TIME, NULL},   {"decided_by", FINANCE_TEXT, NULL},
    {"decided_at", FINANCE_TIME, NULL},   {"released", FINANCE_FLAG, NULL},
};
const struct finance_table finance_request_table = TABLE(finance_requests_columns);

const struct db_statement finance_changes = {
    .name = "finance_changes",
    .kind = DB_READ,
    .sql = "select outcome, change_id, account_no, reason, state, raised_at, line_id, booked_on, direction, amount_fen,"
           " payer_account, payer_name, remark, bank_ref, taken_fen, said_booked_on, said_direction, said_amount_fen,"
           " said_payer_account, said_payer_name, said_remark, said_kind, request_id, settled_by, settled_at, note,"
           " accepted_line_id from xuqi.finance_changes($1, $2, $3, $4)",
    .params = "btii",
    .columns = "titttzittittttittittttitzti",
};

static const struct finance_column finance_changes_columns[] = {
    {"change_id", FINANCE_NUMBER, "编号"},
    {"account_no", FINANCE_TEXT, "收款账号"},
    {"reason", FINANCE_TEXT, "原因"},
    {"state", FINANCE_TEXT, "状态"},
    {"raised_at", FINANCE_TIME, "提出时间"},
    {"line_id", FINANCE_NUMBER, "流水编号"},
    {"booked_on", FINANCE_TEXT, "记账日期"},
    {"direction", FINANCE_TEXT, "方向"},
    {"amount_fen", FINANCE_NUMBER, "金额"},
    {"payer_account", FINANCE_TEXT, "对方账号"},
    {"payer_name", FINANCE_TEXT, "对方户名"},
    {"remark", FINANCE_TEXT, "附言"},
    {"bank_ref", FINANCE_TEXT, "银行流水号"},
    {"taken_fen", FINANCE_NUMBER, "已使用金额"},
    {"said_booked_on", FINANCE_TEXT, "银行现记账日期"},
    {"said_direction", FINANCE_TEXT, "银行现方向"},
    {"said_amount_fen", FINANCE_NUMBER, "银行现金额"},
    {"said_payer_account", FINANCE_TEXT, "银行现对方账号"},
    {"said_payer_name", FINANCE_TEXT, "银行现对方户名"},
    {"said_remark", FINANCE_TEXT, "银行现附言"},
    {"said_kind", FINANCE_TEXT, NULL},
    {"request_id", FINANCE_NUMBER, NULL},
    {"settled_by", FINANCE_TEXT, "处理人"},
    {"settled_at", FINANCE_TIME, "处理时间"},
    {"note", FINANCE_TEXT, "处理说明"},
    {"accepted_line_id", FINANCE_NUMBER, "接受后的流水编号"},
};
const struct finance_table finance_change_table = TABLE(finance_changes_columns);

const struct db_statement payout_export = {
    .name = "payout_export",
    .kind = DB_WRITE,
    .sql = "select outcome, client_id, from_account, payee_account, payee_name, payee_bank, amount_fen, remark, state"
           " from xuqi.payout_export($1, $2)",
    .params = "bt",
    .columns = "ttttttitt",
};

static const struct finance_column payout_export_columns[] = {
    {"client_id", FINANCE_TEXT, "付款编号"},      {"from_account", FINANCE_TEXT, "付款账号"},
    {"payee_account", FINANCE_TEXT, "收款账号"},  {"payee_name", FINANCE_TEXT, "收款户名"},
    {"payee_bank", FINANCE_TEXT, "收款开户行"},   {"amount_fen", FINANCE_NUMBER, "金额"},
    {"remark", FINANCE_TEXT, "附言（请勿改动）"}, {"state", FINANCE_TEXT, "状态"},
};
const struct finance_table payout_export_table = TABLE(payout_export_columns);

const struct db_statement finance_change_ask = {
    .name = "finance_change_ask",
    .kind = DB_WRITE,
    .sql = "select outcome, request_id from xuqi.finance_change_ask($1, $2, $3, $4, $5, $6)",
    .params = "bttitT",
    .columns = "ti",
};

const struct db_statement finance_ask = {
    .name = "finance_ask",
    .kind = DB_WRITE,
    .sql = "select outcome, request_id from xuqi.finance_ask($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    .params = "bttitiitT",
    .columns = "ti",
};

const struct db_statement finance_decide = {
    .name = "finance_decide",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.finance_decide($1, $2, $3)",
    .params = "bio",
    .columns = "t",
};

/* -- lists --------------------------------------------------------------------------------------------------------- */

enum err store_list_finance_lines(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                                  void *context)
{
    const struct db_param params[] = {
        db_bytes(query->token_digest), db_text(query->state),   db_integer(query->from_day), db_integer(query->to_day),
        db_integer(query->before),     db_integer(query->size), db_text(query->words)};
    return db_call(db, &finance_lines, params, deadline_ms, done, context);
}

enum err store_list_finance_orders(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                                   void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->state), db_text(query->after),
                                      db_integer(query->size)};
    return db_call(db, &finance_orders, params, deadline_ms, done, context);
}

enum err store_list_finance_matches(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_integer(query->line_id),
                                      db_text(query->order_no),      db_integer(query->from_day),
                                      db_integer(query->to_day),     db_integer(query->before),
                                      db_integer(query->size)};
    return db_call(db, &finance_matches, params, deadline_ms, done, context);
}

enum err store_list_finance_requests(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                     db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->state), db_integer(query->before),
                                      db_integer(query->size)};
    return db_call(db, &finance_requests, params, deadline_ms, done, context);
}

enum err store_list_finance_changes(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->state), db_integer(query->before),
                                      db_integer(query->size)};
    return db_call(db, &finance_changes, params, deadline_ms, done, context);
}

enum err store_export_payouts(struct db *db, struct bytes token_digest, const char *key, int64_t deadline_ms,
                              db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(key)};
    return db_call(db, &payout_export, params, deadline_ms, done, context);
}

enum err store_list_candidates(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_integer(query->line_id),
                                      db_integer(query->size)};
    return db_call(db, &finance_candidates, params, deadline_ms, done, context);
}

enum err store_list_order_candidates(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                     db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->order_no), db_integer(query->size)};
    return db_call(db, &finance_order_candidates, params, deadline_ms, done, context);
}

static struct finance_value read_value(struct reader *reader, const struct finance_column *column)
{
    struct finance_value value = {.null = row_is_null(reader->rows, reader->row, reader->column), .text = ""};
    if (column->kind == FINANCE_NUMBER)
        value.number = next_integer(reader);
    else if (column->kind == FINANCE_FLAG)
        value.number = next_boolean(reader);
    else if (column->kind == FINANCE_TIME)
        value.number = next_time(reader);
    else
        value.text = next_text(reader);
    return value;
}

enum err store_list_finance_read(const struct row *rows, struct arena *arena, const struct finance_table *table,
                                 struct finance_page *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct finance_value *values = arena_alloc(arena, count * table->count * sizeof(*values));
    for (size_t i = 0; i < count; i++) {
        reader = reader_at(rows, i, arena);
        reader.column = 1; /* behind the outcome */
        for (size_t j = 0; j < table->count; j++)
            values[i * table->count + j] = read_value(&reader, &table->columns[j]);
    }
    *out = (struct finance_page){table, values, count};
    return OK;
}

/* -- requests ------------------------------------------------------------------------------------------------------ */

enum err store_ask_finance(struct db *db, const struct finance_asking *asking, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {
        db_bytes(asking->token_digest),
        db_text(asking->key),
        db_text(asking->kind),
        db_integer(asking->line_id),
        db_text(asking->order_no),
        db_integer(asking->match_id),
        db_integer(asking->fen),
        db_text(asking->reason),
        db_texts(asking->two_people, asking->two_people_count),
    };
    return db_call(db, &finance_ask, params, deadline_ms, done, context);
}

enum err store_ask_finance_change(struct db *db, const struct finance_change_asking *asking, int64_t deadline_ms,
                                  db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(asking->token_digest), db_text(asking->key),
        db_text(asking->kind),          db_integer(asking->change_id),
        db_text(asking->reason),        db_texts(asking->two_people, asking->two_people_count)};
    return db_call(db, &finance_change_ask, params, deadline_ms, done, context);
}

static const char *const states[] = {"done", "asked", "refused"};

enum err store_ask_finance_read(const struct row *rows, struct arena *arena, const char **state, int64_t *request_id)
{
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, states, ARRAY_SIZE(states), &reader, &which));
    *state = states[which];
    *request_id = next_integer(&reader);
    return OK;
}

enum err store_decide_finance(struct db *db, struct bytes token_digest, int64_t request_id, bool approve,
                              int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(request_id), db_boolean(approve)};
    return db_call(db, &finance_decide, params, deadline_ms, done, context);
}

enum err store_decide_finance_read(const struct row *rows, struct arena *arena, const char **state)
{
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, states, ARRAY_SIZE(states), &reader, &which));
    *state = states[which];
    return OK;
}
