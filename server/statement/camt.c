/* SPDX-License-Identifier: Apache-2.0 */
/* ISO 20022 camt.053, versions .02 to .13: booked entries of the statements in a document, each held against its
 * opening and closing balance. What stands where is one table. */
#include "base/text.h"
#include "base/xml.h"
#include "statement/cell.h"
#include "statement/internal.h"
#include "statement/text_lines.h"

#include <stddef.h>
#include <string.h>

#define NAMESPACE   "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
#define VERSION_MIN 2
#define VERSION_MAX 13
#define PATH_MAX    256
#define DETAILS_MAX 1000 /* payments within one entry */
#define ACCOUNT_MAX 64
#define NAME_MAX    200
#define REF_MAX     64
#define REMARK_MAX  1000
#define YUAN        "CNY"

/* What one payment says; an entry has one for itself and one for each of its details. */
struct payment {
    const char *amount, *currency, *direction, *ref, *end_to_end;
    const char *debtor, *creditor, *debtor_account, *creditor_account, *debtor_bank, *creditor_bank, *remark, *more;
    const char *returned;
};

struct entry {
    size_t line;
    const char *status, *reversal, *booked, *booked_at, *valued, *ref, *servicer_ref, *family;
    struct payment own;
    struct payment *details;
    size_t detail_count;
};

struct balance {
    const char *code, *amount, *currency, *direction;
};

struct camt {
    struct xml *xml;
    struct arena *arena; /* of the entry under way */
    char path[PATH_MAX]; /* of the element under way, below Stmt */
    bool inside;         /* of a Stmt */
    struct entry entry;
    struct balance balance;
    bool ours, opened, closed;
    int64_t opening_fen, closing_fen, movements_fen;
    /* Lines of the entry read last that have not been told. */
    size_t told;
    bool entry_ready;
};

static void camt_close(void *state)
{
    struct camt *camt = state;
    xml_close(camt->xml);
    arena_free(camt->arena);
}

/* -- what stands where ------------------------------------------------------------------------------------------- */

enum part { ENTRY, DETAIL, BALANCE, ACCOUNT };

static const struct place {
    const char *path;
    enum part part;
    size_t offset;
} places[] = {
    {"Acct/Id/IBAN", ACCOUNT, 0},
    {"Acct/Id/Othr/Id", ACCOUNT, 0},
    {"Bal/Tp/CdOrPrtry/Cd", BALANCE, offsetof(struct balance, code)},
    {"Bal/Amt", BALANCE, offsetof(struct balance, amount)},
    {"Bal/CdtDbtInd", BALANCE, offsetof(struct balance, direction)},
    {"Ntry/NtryRef", ENTRY, offsetof(struct entry, ref)},
    {"Ntry/AcctSvcrRef", ENTRY, offsetof(struct entry, servicer_ref)},
    {"Ntry/Amt", ENTRY, offsetof(struct entry, own.amount)},
    {"Ntry/CdtDbtInd", ENTRY, offsetof(struct entry, own.direction)},
    {"Ntry/RvslInd", ENTRY, offsetof(struct entry, reversal)},
    {"Ntry/Sts", ENTRY, offsetof(struct entry, status)},
    {"Ntry/Sts/Cd", ENTRY, offsetof(struct entry, status)},
    {"Ntry/BookgDt/Dt", ENTRY, offsetof(struct entry, booked)},
    {"Ntry/BookgDt/DtTm", ENTRY, offsetof(struct entry, booked_at)},
    {"Ntry/ValDt/Dt", ENTRY, offsetof(struct entry, valued)},
    {"Ntry/BkTxCd/Domn/Fmly/SubFmlyCd", ENTRY, offsetof(struct entry, family)},
    {"Ntry/AddtlNtryInf", ENTRY, offsetof(struct entry, own.more)},
    {"Ntry/NtryDtls/TxDtls/Amt", DETAIL, offsetof(struct payment, amount)},
    {"Ntry/NtryDtls/TxDtls/AmtDtls/TxAmt/Amt", DETAIL, offsetof(struct payment, amount)},
    {"Ntry/NtryDtls/TxDtls/CdtDbtInd", DETAIL, offsetof(struct payment, direction)},
    {"Ntry/NtryDtls/TxDtls/Refs/AcctSvcrRef", DETAIL, offsetof(struct payment, ref)},
    {"Ntry/NtryDtls/TxDtls/Refs/EndToEndId", DETAIL, offsetof(struct payment, end_to_end)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/Nm", DETAIL, offsetof(struct payment, debtor)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/Pty/Nm", DETAIL, offsetof(struct payment, debtor)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/Cdtr/Nm", DETAIL, offsetof(struct payment, creditor)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/Cdtr/Pty/Nm", DETAIL, offsetof(struct payment, creditor)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/DbtrAcct/Id/IBAN", DETAIL, offsetof(struct payment, debtor_account)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/DbtrAcct/Id/Othr/Id", DETAIL, offsetof(struct payment, debtor_account)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/CdtrAcct/Id/IBAN", DETAIL, offsetof(struct payment, creditor_account)},
    {"Ntry/NtryDtls/TxDtls/RltdPties/CdtrAcct/Id/Othr/Id", DETAIL, offsetof(struct payment, creditor_account)},
    {"Ntry/NtryDtls/TxDtls/RltdAgts/DbtrAgt/FinInstnId/Nm", DETAIL, offsetof(struct payment, debtor_bank)},
    {"Ntry/NtryDtls/TxDtls/RltdAgts/CdtrAgt/FinInstnId/Nm", DETAIL, offsetof(struct payment, creditor_bank)},
    {"Ntry/NtryDtls/TxDtls/RmtInf/Ustrd", DETAIL, offsetof(struct payment, remark)},
    {"Ntry/NtryDtls/TxDtls/RtrInf/Rsn/Cd", DETAIL, offsetof(struct payment, returned)},
};

static const char **field(void *part, size_t offset)
{
    return (const char **)((char *)part + offset);
}

static enum err refuse(struct statement *statement, const char *rule, const char *zh, const char *en)
{
    struct camt *camt = statement->state;
    return statement_refuse(statement, xml_line(camt->xml), rule, zh, en);
}

static enum err xml_refused(struct statement *statement)
{
    struct camt *camt = statement->state;
    const struct xml_fault *fault = xml_fault(camt->xml);
    return statement_refuse(statement, fault->line, fault->rule, fault->zh, fault->en);
}

/* Texts that may come more than once (remarks) are joined. */
static void put(struct camt *camt, const char **into, const char *text)
{
    *into = *into == NULL || strcmp(*into, text) == 0 ? arena_text(camt->arena, text)
                                                      : arena_format(camt->arena, "%s %s", *into, text);
}

static enum err take_text(struct statement *statement, const char *text)
{
    struct camt *camt = statement->state;
    if (!cell_clean(text))
        return refuse(statement, "control", "含有控制字符", "There is a control character");
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        if (strcmp(places[i].path, camt->path) != 0)
            continue;
        if (places[i].part == ACCOUNT)
            camt->ours = camt->ours || statement_is_ours(statement, text);
        else if (places[i].part == BALANCE)
            put(camt, field(&camt->balance, places[i].offset), text);
        else if (places[i].part == ENTRY)
            put(camt, field(&camt->entry, places[i].offset), text);
        else if (camt->entry.detail_count > 0)
            put(camt, field(&camt->entry.details[camt->entry.detail_count - 1], places[i].offset), text);
    }
    return OK;
}

/* -- balances ---------------------------------------------------------------------------------------------------- */

/* Decimal as ISO 20022 writes it: no sign, no groups. */
static bool read_amount(const char *text, int64_t most, int64_t *fen)
{
    return text != NULL && text[strspn(text, "0123456789.")] == '\0' && cell_amount(text, fen) && *fen <= most;
}

static enum err take_balance(struct statement *statement)
{
    struct camt *camt = statement->state;
    const struct balance *balance = &camt->balance;
    int64_t fen;
    if (balance->code == NULL)
        return OK;
    bool opening = strcmp(balance->code, "OPBD") == 0 || (strcmp(balance->code, "PRCD") == 0 && !camt->opened);
    if (!opening && strcmp(balance->code, "CLBD") != 0)
        return OK;
    if (!read_amount(balance->amount, CELL_BALANCE_MAX_FEN, &fen))
        return refuse(statement, "amount", "金额应为最多两位小数的数字",
                      "An amount has digits and at most two decimals");
    if (balance->direction != NULL && strcmp(balance->direction, "DBIT") == 0)
        fen = -fen;
    if (opening) {
        camt->opened = true;
        camt->opening_fen = fen;
    } else {
        camt->closed = true;
        camt->closing_fen = fen;
    }
    return OK;
}

static enum err end_statement(struct statement *statement)
{
    struct camt *camt = statement->state;
    camt->inside = false;
    if (!camt->ours)
        return refuse(statement, "account", "文件是另一个账户的对账单", "It is another account's statement");
    if (!camt->opened || !camt->closed)
        return refuse(statement, "balance_missing", "缺少期初或期末余额",
                      "The opening or the closing balance is missing");
    return statement_declare(statement, xml_line(camt->xml), camt->opening_fen, camt->movements_fen, camt->closing_fen);
}

/* -- entries ----------------------------------------------------------------------------------------------------- */

static const char *text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static bool is(const char *text, const char *word)
{
    return text != NULL && strcmp(text, word) == 0;
}

static enum err read_day(struct statement *statement, struct statement_line *line)
{
    const struct entry *entry = &((struct camt *)statement->state)->entry;
    const char *date = entry->booked_at != NULL ? entry->booked_at
                       : entry->booked != NULL  ? entry->booked
                                                : entry->valued;
    const char *rest = "";
    line->time_us = STATEMENT_UNSAID;
    if (date == NULL || !cell_date(date, &line->day, &rest))
        return refuse(statement, "date", "缺少记账日期，或日期不存在",
                      "The booking date is missing, or there is no such date");
    /* A time with another zone than Beijing's would be another day: only the date is taken of it. */
    int64_t us;
    size_t clock = strcspn(rest, "+Z");
    const char *zone = rest + clock;
    char *time = arena_text_n(((struct camt *)statement->state)->arena, rest, clock);
    if (*time != '\0' && (*zone == '\0' || strcmp(zone, "+08:00") == 0) && cell_time(time, &us))
        line->time_us = cell_instant(line->day, us);
    return OK;
}

static enum err read_movement(struct statement *statement, const struct payment *payment, const char *direction,
                              int64_t *movement)
{
    if (!read_amount(payment->amount, CELL_AMOUNT_MAX_FEN, movement))
        return refuse(statement, "amount", "金额应为最多两位小数的数字",
                      "An amount has digits and at most two decimals");
    if (payment->currency != NULL && strcmp(payment->currency, YUAN) != 0)
        return refuse(statement, "currency", "只接受人民币", "Only yuan are accepted");
    if (!is(direction, "CRDT") && !is(direction, "DBIT"))
        return refuse(statement, "direction", "CdtDbtInd应为CRDT或DBIT", "CdtDbtInd must be CRDT or DBIT");
    if (*movement == 0)
        return refuse(statement, "amount_missing", "没有发生额", "There is no amount");
    if (is(direction, "DBIT"))
        *movement = -*movement;
    return OK;
}

static enum err check_lengths(struct statement *statement, const struct statement_line *line)
{
    if (utf8_length(line->payer_account) <= ACCOUNT_MAX && utf8_length(line->payer_name) <= NAME_MAX &&
        utf8_length(line->payer_bank) <= NAME_MAX && utf8_length(line->bank_ref) <= REF_MAX &&
        utf8_length(line->remark) <= REMARK_MAX)
        return OK;
    return refuse(statement, "text_length", "文字过长", "A text is too long");
}

static const char *kind_of(const struct entry *entry, const struct payment *payment, int64_t movement)
{
    if (is(entry->reversal, "true") || is(entry->reversal, "1"))
        return "reversal";
    return movement > 0 && (payment->returned != NULL || is(entry->family, "RRTN")) ? "returned" : "ordinary";
}

/* Of the entry as a whole, or of one of several payments in it: those are numbered in the order of the file. */
static enum err make_line(struct statement *statement, const struct payment *payment, size_t nth, struct arena *arena,
                          struct statement_line *line)
{
    const struct entry *entry = &((struct camt *)statement->state)->entry;
    const char *ref = entry->servicer_ref != NULL ? entry->servicer_ref : text_or_empty(entry->ref);
    const char *remark = payment->remark != NULL ? payment->remark : text_or_empty(entry->own.more);
    const char *direction = payment->direction != NULL ? payment->direction : entry->own.direction;
    *line = (struct statement_line){.place = entry->line, .balance_fen = STATEMENT_UNSAID, .reverses = ""};
    TRY(read_day(statement, line));
    TRY(read_movement(statement, payment, direction, &line->movement_fen));
    bool credit = line->movement_fen > 0;
    line->payer_account = arena_text(arena,
                                     text_or_empty(credit ? payment->debtor_account : payment->creditor_account));
    line->payer_name = arena_text(arena, text_or_empty(credit ? payment->debtor : payment->creditor));
    line->payer_bank = arena_text(arena, text_or_empty(credit ? payment->debtor_bank : payment->creditor_bank));
    line->remark = arena_text(arena, remark);
    line->bank_ref = arena_text(arena, payment->ref != NULL ? payment->ref : ref);
    line->kind = kind_of(entry, payment, line->movement_fen);
    TRY(check_lengths(statement, line));
    line->key = *ref == '\0' ? "" : nth == 0 ? arena_text(arena, ref) : arena_format(arena, "%s/%zu", ref, nth);
    return OK;
}

/* Each payment has its amount, and they are the entry's: then each is a line. */
static bool is_split(const struct entry *entry)
{
    int64_t whole, sum = 0, part;
    if (entry->detail_count < 2 || !read_amount(entry->own.amount, CELL_AMOUNT_MAX_FEN, &whole))
        return false;
    for (size_t i = 0; i < entry->detail_count; i++) {
        if (!read_amount(entry->details[i].amount, CELL_AMOUNT_MAX_FEN, &part) ||
            (entry->details[i].direction != NULL &&
             !is(entry->details[i].direction, text_or_empty(entry->own.direction))))
            return false;
        sum += part;
    }
    return sum == whole;
}

/* The entry as one payment: its own amount, and what its only detail says. */
static struct payment whole_of(const struct entry *entry)
{
    struct payment payment = entry->detail_count == 1 ? entry->details[0] : (struct payment){0};
    payment.amount = entry->own.amount;
    payment.currency = entry->own.currency;
    payment.direction = entry->own.direction;
    return payment;
}

/* *taken false: the entry has no further line. */
static enum err tell_line(struct statement *statement, struct arena *arena, struct statement_line *line, bool *taken)
{
    struct camt *camt = statement->state;
    const struct entry *entry = &camt->entry;
    bool split = is_split(entry);
    size_t count = split ? entry->detail_count : 1;
    if (camt->told == count) {
        camt->entry_ready = false;
        return OK;
    }
    const struct payment whole = whole_of(entry), *payment = split ? &entry->details[camt->told] : &whole;
    camt->told++;
    TRY(make_line(statement, payment, split ? camt->told : 0, arena, line));
    camt->movements_fen += line->movement_fen;
    *taken = true;
    return OK;
}

/* -- the document ------------------------------------------------------------------------------------------------ */

static enum err enter(struct statement *statement, const char *name)
{
    struct camt *camt = statement->state;
    size_t size = strlen(camt->path);
    if (size + strlen(name) + 2 > PATH_MAX)
        return refuse(statement, "depth", "嵌套过深", "The elements are nested too deep");
    if (size > 0)
        camt->path[size++] = '/';
    memcpy(camt->path + size, name, strlen(name) + 1);
    if (strcmp(camt->path, "Ntry") == 0) {
        arena_reset(camt->arena);
        camt->entry = (struct entry){.line = xml_line(camt->xml)};
        camt->entry.details = arena_alloc(camt->arena, DETAILS_MAX * sizeof(struct payment));
    } else if (strcmp(camt->path, "Bal") == 0) {
        camt->balance = (struct balance){0};
    } else if (strcmp(camt->path, "Ntry/NtryDtls/TxDtls") == 0) {
        if (camt->entry.detail_count == DETAILS_MAX)
            return refuse(statement, "details", "一笔分录的明细过多", "An entry has too many details");
        camt->entry.details[camt->entry.detail_count++] = (struct payment){0};
    }
    return OK;
}

static void take_currency(struct camt *camt)
{
    const char *currency = xml_attribute(camt->xml, camt->arena, "Ccy");
    if (currency == NULL)
        return;
    if (strcmp(camt->path, "Ntry/Amt") == 0)
        camt->entry.own.currency = currency;
    else if (strcmp(camt->path, "Ntry/NtryDtls/TxDtls/Amt") == 0 && camt->entry.detail_count > 0)
        camt->entry.details[camt->entry.detail_count - 1].currency = currency;
}

static enum err leave(struct statement *statement)
{
    struct camt *camt = statement->state;
    enum err err = OK;
    if (strcmp(camt->path, "Bal") == 0)
        err = take_balance(statement);
    else if (strcmp(camt->path, "Ntry") == 0) {
        camt->entry_ready = is(camt->entry.status, "BOOK");
        camt->told = 0;
        if (camt->entry.status == NULL)
            err = refuse(statement, "status", "缺少Sts", "Sts is missing");
    }
    char *last = strrchr(camt->path, '/');
    if (last != NULL)
        *last = '\0';
    else if (camt->path[0] != '\0')
        camt->path[0] = '\0';
    else
        err = end_statement(statement);
    return err;
}

static bool version_known(const char *namespace)
{
    const char *version = namespace + strlen(NAMESPACE);
    if (strncmp(namespace, NAMESPACE, strlen(NAMESPACE)) != 0 || strlen(version) != 2 ||
        strspn(version, "0123456789") != 2)
        return false;
    int number = (version[0] - '0') * 10 + version[1] - '0';
    return number >= VERSION_MIN && number <= VERSION_MAX;
}

static enum err start_outside(struct statement *statement)
{
    struct camt *camt = statement->state;
    if (xml_depth(camt->xml) == 0 &&
        (strcmp(xml_name(camt->xml), "Document") != 0 || !version_known(xml_namespace(camt->xml))))
        return refuse(statement, "format", "不是camt.053.001.02至.13的文件", "This is not camt.053.001.02 to .13");
    if (xml_depth(camt->xml) != 2 || strcmp(xml_name(camt->xml), "Stmt") != 0)
        return OK;
    camt->inside = true;
    camt->ours = camt->opened = camt->closed = false;
    camt->movements_fen = 0;
    return OK;
}

static enum err take_piece(struct statement *statement, enum xml_kind kind)
{
    struct camt *camt = statement->state;
    statement->place = xml_line(camt->xml);
    if (!camt->inside)
        return kind == XML_START ? start_outside(statement) : OK;
    if (kind == XML_TEXT)
        return take_text(statement, xml_text(camt->xml));
    if (kind == XML_END)
        return leave(statement);
    TRY(enter(statement, xml_name(camt->xml)));
    take_currency(camt);
    return OK;
}

static enum err camt_next(struct statement *statement, struct arena *arena, struct statement_line *line, bool *taken,
                          bool *more)
{
    struct camt *camt = statement->state;
    enum xml_kind kind = XML_START;
    *taken = false;
    if (camt->entry_ready)
        TRY(tell_line(statement, arena, line, taken));
    while (!*taken && !camt->entry_ready && kind != XML_DONE) {
        enum err err = xml_next(camt->xml, &kind);
        TRY(err == ERR_XML_REFUSED ? xml_refused(statement) : err);
        TRY(take_piece(statement, kind));
    }
    *more = kind != XML_DONE;
    return OK;
}

const struct statement_reader camt_reader = {.next = camt_next, .close = camt_close};

enum err camt_open(struct statement *statement)
{
    struct bytes document;
    enum err err = text_lines_rest(statement->lines, statement->arena, STATEMENT_DOCUMENT_MAX, &document);
    if (err == ERR_BODY_TOO_LARGE)
        return statement_refuse(statement, 0, "size", "文件超过64MB", "The file is larger than 64 MB");
    TRY(err);
    struct camt *camt = ARENA_NEW(statement->arena, struct camt);
    camt->arena = arena_new();
    camt->xml = xml_open(document, &(struct xml_limits){.depth = 20});
    statement->reader = &camt_reader;
    statement->state = camt;
    statement->format = "camt.053";
    statement->complete = true;
    return OK;
}
