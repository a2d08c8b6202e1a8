/* SPDX-License-Identifier: Apache-2.0 */
/* THE tables of what the desk reads of the books: one row per column, in the order of its statement. */
#include "store/ledger_desk.h"

#include "store/statements_internal.h"

#define TABLE(columns)                                                                                                 \
    {                                                                                                                  \
        columns, ARRAY_SIZE(columns)                                                                                   \
    }

const struct db_statement ledger_balances = {
    .name = "ledger_balances",
    .kind = DB_READ,
    .sql = "select outcome, kind, owner, normal_side, name_zh, name_en, meaning_zh, meaning_en, opening_fen, debit_fen,"
           " credit_fen, closing_fen from xuqi.ledger_balances($1, $2, $3, $4, $5)",
    .params = "biitt",
    .columns = "ttttttttiiii",
};

static const struct finance_column balance_columns[] = {
    {"kind", FINANCE_TEXT, "科目代码"},
    {"owner", FINANCE_TEXT, "明细"},
    {"normal_side", FINANCE_TEXT, NULL},
    {"name", FINANCE_TEXT, "科目"},
    {"name_en", FINANCE_TEXT, NULL},
    {"meaning", FINANCE_TEXT, NULL},
    {"meaning_en", FINANCE_TEXT, NULL},
    {"opening_fen", FINANCE_NUMBER, "期初余额（借方为正）"},
    {"debit_fen", FINANCE_NUMBER, "借方"},
    {"credit_fen", FINANCE_NUMBER, "贷方"},
    {"closing_fen", FINANCE_NUMBER, "期末余额（借方为正）"},
};
const struct finance_table ledger_balance_table = TABLE(balance_columns);

const struct db_statement ledger_transfers = {
    .name = "ledger_transfers",
    .kind = DB_READ,
    .sql = "select outcome, transfer_id, posting_id, event_type, event_key, event_at, posted_by, owner, debit_fen,"
           " credit_fen, other_kind, other_owner, reverses from xuqi.ledger_transfers($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "bttiitii",
    .columns = "tiittzttiitti",
};

static const struct finance_column transfer_columns[] = {
    {"transfer_id", FINANCE_NUMBER, "分录编号"},
    {"posting_id", FINANCE_NUMBER, "凭证编号"},
    {"event_type", FINANCE_TEXT, "事项"},
    {"event_key", FINANCE_TEXT, "事项编号"},
    {"event_at", FINANCE_TIME, "时间"},
    {"posted_by", FINANCE_TEXT, "记账人"},
    {"owner", FINANCE_TEXT, "明细"},
    {"debit_fen", FINANCE_NUMBER, "借方"},
    {"credit_fen", FINANCE_NUMBER, "贷方"},
    {"other_kind", FINANCE_TEXT, "对方科目"},
    {"other_owner", FINANCE_TEXT, "对方明细"},
    {"reverses", FINANCE_NUMBER, "冲销的凭证"},
};
const struct finance_table ledger_transfer_table = TABLE(transfer_columns);

const struct db_statement ledger_posting = {
    .name = "ledger_posting",
    .kind = DB_READ,
    .sql = "select outcome, posting_id, event_type, event_key, event_at, occurred_at, posted_by, reverses, reversed_by,"
           " renewal_no, platform, held_by, reversal_state from xuqi.ledger_posting($1, $2)",
    .params = "bi",
    .columns = "tittzztiitttt",
};

static const struct finance_column posting_columns[] = {
    {"posting_id", FINANCE_NUMBER, NULL}, {"event_type", FINANCE_TEXT, NULL},    {"event_key", FINANCE_TEXT, NULL},
    {"event_at", FINANCE_TIME, NULL},     {"occurred_at", FINANCE_TIME, NULL},   {"posted_by", FINANCE_TEXT, NULL},
    {"reverses", FINANCE_NUMBER, NULL},   {"reversed_by", FINANCE_NUMBER, NULL}, {"renewal_no", FINANCE_TEXT, NULL},
    {"platform", FINANCE_TEXT, NULL},     {"held_by", FINANCE_TEXT, NULL},       {"reversal_state", FINANCE_TEXT, NULL},
};
const struct finance_table ledger_posting_table = TABLE(posting_columns);

const struct db_statement ledger_legs = {
    .name = "ledger_legs",
    .kind = DB_READ,
    .sql = "select outcome, leg, debit, debit_owner, credit, credit_owner, amount_fen from xuqi.ledger_legs($1, $2)",
    .params = "bi",
    .columns = "titttti",
};

static const struct finance_column leg_columns[] = {
    {"leg", FINANCE_NUMBER, NULL},  {"debit", FINANCE_TEXT, NULL},        {"debit_owner", FINANCE_TEXT, NULL},
    {"credit", FINANCE_TEXT, NULL}, {"credit_owner", FINANCE_TEXT, NULL}, {"amount_fen", FINANCE_NUMBER, NULL},
};
const struct finance_table ledger_leg_table = TABLE(leg_columns);

const struct db_statement ledger_evidence = {
    .name = "ledger_evidence",
    .kind = DB_READ,
    .sql = "select outcome, kind, reference, detail, at, amount_fen, number, place from xuqi.ledger_evidence($1, $2)",
    .params = "bi",
    .columns = "ttttziii",
};

static const struct finance_column evidence_columns[] = {
    {"kind", FINANCE_TEXT, NULL},           {"reference", FINANCE_TEXT, NULL},
    {"detail", FINANCE_TEXT, NULL},         {"at", FINANCE_TIME, NULL},
    {"amount_fen", FINANCE_NUMBER, NULL},   {"number", FINANCE_NUMBER, NULL},
    {"statement_id", FINANCE_NUMBER, NULL},
};
const struct finance_table ledger_evidence_table = TABLE(evidence_columns);

const struct db_statement finance_payouts = {
    .name = "finance_payouts",
    .kind = DB_READ,
    .sql = "select outcome, client_id, purpose, renewal_no, number, amount_fen, state, bank, from_account, payee,"
           " payee_bank_code, code_tries, failure, word, asked, created_at, sent_at, settled_at, returned_at,"
           " return_evidence, next, next_at from xuqi.finance_payouts($1, $2, $3, $4)",
    .params = "btti",
    .columns = "ttttiitttttittizzzzttz",
};

static const struct finance_column payout_columns[] = {
    {"client_id", FINANCE_TEXT, "付款编号"},
    {"purpose", FINANCE_TEXT, "用途"},
    {"renewal_no", FINANCE_TEXT, "业务单号"},
    {"number", FINANCE_NUMBER, "第几次"},
    {"amount_fen", FINANCE_NUMBER, "金额"},
    {"state", FINANCE_TEXT, "状态"},
    {"bank", FINANCE_TEXT, "银行"},
    {"from_account", FINANCE_TEXT, "付款账号"},
    {"payee", FINANCE_TEXT, "收款账户（掩码）"},
    {"payee_bank_code", FINANCE_TEXT, "收款行号"},
    {"code_tries", FINANCE_NUMBER, "验证码尝试"},
    {"failure", FINANCE_TEXT, "失败类别"},
    {"word", FINANCE_TEXT, "银行答复"},
    {"asked", FINANCE_NUMBER, "查询次数"},
    {"created_at", FINANCE_TIME, "创建时间"},
    {"sent_at", FINANCE_TIME, "发出时间"},
    {"settled_at", FINANCE_TIME, "结果时间"},
    {"returned_at", FINANCE_TIME, "退汇时间"},
    {"return_evidence", FINANCE_TEXT, "退汇依据"},
    {"next", FINANCE_TEXT, "下一步"},
    {"next_at", FINANCE_TIME, "下一步时间"},
};
const struct finance_table finance_payout_table = TABLE(payout_columns);

const struct db_statement finance_overview = {
    .name = "finance_overview",
    .kind = DB_READ,
    .sql = "select outcome, part, bucket, platform, rail, count, good, amount_fen"
           " from xuqi.finance_overview($1, $2, $3, $4)",
    .params = "biit",
    .columns = "tttttiii",
};

static const struct finance_column overview_columns[] = {
    {"part", FINANCE_TEXT, NULL},         {"bucket", FINANCE_TEXT, NULL},  {"platform", FINANCE_TEXT, NULL},
    {"rail", FINANCE_TEXT, NULL},         {"count", FINANCE_NUMBER, NULL}, {"good", FINANCE_NUMBER, NULL},
    {"amount_fen", FINANCE_NUMBER, NULL},
};
const struct finance_table finance_overview_table = TABLE(overview_columns);

enum err store_list_balances(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_integer(query->from_day),
                                      db_integer(query->to_day), db_text(query->platform), db_text(query->rail)};
    return db_call(db, &ledger_balances, params, deadline_ms, done, context);
}

enum err store_list_ledger_transfers(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                     db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest),
                                      db_text(query->kind),
                                      db_text(query->owner),
                                      db_integer(query->from_day),
                                      db_integer(query->to_day),
                                      db_text(query->platform),
                                      db_integer(query->before == INT64_MAX ? 0 : query->before),
                                      db_integer(query->size)};
    return db_call(db, &ledger_transfers, params, deadline_ms, done, context);
}

static enum err read_posting(struct db *db, const struct db_statement *statement, struct bytes token_digest,
                             int64_t posting_id, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(posting_id)};
    return db_call(db, statement, params, deadline_ms, done, context);
}

enum err store_get_posting(struct db *db, struct bytes token_digest, int64_t posting_id, int64_t deadline_ms,
                           db_done *done, void *context)
{
    return read_posting(db, &ledger_posting, token_digest, posting_id, deadline_ms, done, context);
}

enum err store_list_legs(struct db *db, struct bytes token_digest, int64_t posting_id, int64_t deadline_ms,
                         db_done *done, void *context)
{
    return read_posting(db, &ledger_legs, token_digest, posting_id, deadline_ms, done, context);
}

enum err store_list_evidence(struct db *db, struct bytes token_digest, int64_t posting_id, int64_t deadline_ms,
                             db_done *done, void *context)
{
    return read_posting(db, &ledger_evidence, token_digest, posting_id, deadline_ms, done, context);
}

enum err store_list_finance_payouts(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->state), db_text(query->after),
                                      db_integer(query->size)};
    return db_call(db, &finance_payouts, params, deadline_ms, done, context);
}

enum err store_list_figures(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_integer(query->from_day),
                                      db_integer(query->to_day), db_text(query->state)};
    return db_call(db, &finance_overview, params, deadline_ms, done, context);
}
