/* SPDX-License-Identifier: Apache-2.0 */
/* The bank's answers: <stream> with a status, fields, and rows inside of a list. */
#include "base/text.h"
#include "base/xml.h"
#include "domain/identity.h"
#include "domain/money.h"
#include "remote/citic.h"

#include <string.h>

#define HTTP_OK      200
#define SIZE_MAX_XML ((size_t)256 * 1024)
#define DEPTH_MAX    8
#define COUNT_MAX    4096
#define TEXT_MAX     4096
#define CODE_MAX     20 /* characters */
#define SAID_MAX     90 /* bytes */
#define DIGITS       "0123456789"

/* -- tags ---------------------------------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct citic_row, member)

static const struct {
    const char *tag;
    size_t offset;
} tags[] = {
    {"status", AT(status)},
    {"statusText", AT(status_text)},
    {"stt", AT(stt)},
    {"accountNo", AT(account_no)},
    {"tranDate", AT(day)},
    {"tranTime", AT(time)},
    {"tranNo", AT(tran_no)},
    {"sumTranNo", AT(sum_tran_no)},
    {"oriNum", AT(ori_num)},
    {"tranAmount", AT(amount)},
    {"creditDebitFlag", AT(credit_debit)},
    {"balance", AT(balance)},
    {"oppAccountNo", AT(opp_account)},
    {"oppAccountName", AT(opp_name)},
    {"oppOpenBankName", AT(opp_bank)},
    {"abstract", AT(abstract)},
    {"e3rtFlag", AT(returned)},
    {"rfTranDt", AT(rf_day)},
    {"rfTranNo", AT(rf_tran_no)},
};

static const char **member(struct citic_row *row, size_t offset)
{
    return (const char **)((char *)row + offset);
}

static void empty(struct citic_row *row)
{
    for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
        *member(row, tags[i].offset) = "";
}

static enum err read_field(struct xml *xml, struct arena *arena, struct citic_row *row)
{
    for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
        if (strcmp(xml_name(xml), tags[i].tag) == 0) {
            const char *text, **into = member(row, tags[i].offset);
            TRY(xml_read_text(xml, arena, &text));
            if ((*into)[0] == '\0')
                *into = text;
            return OK;
        }
    return xml_skip(xml);
}

/* -- the document ----------------------------------------------------------------------------------------------------
 */

/* The manual's own samples have "</ balance>". In GBK no second byte of a character is a space, < or /. */
static struct bytes without_spaces_in_ends(struct arena *arena, struct bytes body)
{
    uint8_t *out = arena_alloc(arena, body.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < body.size; i++)
        if (!(body.data[i] == ' ' && size >= 2 && out[size - 1] == '/' && out[size - 2] == '<'))
            out[size++] = body.data[i];
    return (struct bytes){out, size};
}

static enum err read_row(struct xml *xml, struct arena *arena, struct citic_answer *out)
{
    enum xml_kind kind;
    if (out->row_count == CITIC_ROWS_MAX)
        return xml_refuse(xml, "rows", "记录过多", "more rows than were asked for");
    struct citic_row *row = &out->rows[out->row_count++];
    empty(row);
    for (;;) {
        TRY(xml_next(xml, &kind));
        if (kind == XML_END)
            return OK;
        if (kind == XML_START)
            TRY(read_field(xml, arena, row));
    }
}

static enum err read_list(struct xml *xml, struct arena *arena, struct citic_answer *out)
{
    enum xml_kind kind;
    for (;;) {
        TRY(xml_next(xml, &kind));
        if (kind == XML_END)
            return OK;
        if (kind != XML_START)
            continue;
        TRY(strcmp(xml_name(xml), "row") == 0 ? read_row(xml, arena, out) : xml_skip(xml));
    }
}

static enum err read_stream(struct xml *xml, struct arena *arena, struct citic_answer *out)
{
    enum xml_kind kind;
    TRY(xml_next(xml, &kind));
    if (kind != XML_START || strcmp(xml_name(xml), "stream") != 0)
        return xml_refuse(xml, "root", "不是银行的应答", "not an answer of the bank");
    for (;;) {
        TRY(xml_next(xml, &kind));
        if (kind == XML_END)
            break;
        if (kind != XML_START)
            continue;
        TRY(strcmp(xml_name(xml), "list") == 0 ? read_list(xml, arena, out) : read_field(xml, arena, &out->head));
    }
    TRY(xml_next(xml, &kind));
    return kind == XML_DONE ? OK : xml_refuse(xml, "end", "应答之后还有内容", "something behind the answer");
}

enum err citic_read(struct arena *arena, struct bytes body, struct citic_answer *out)
{
    static const struct xml_limits limits = {SIZE_MAX_XML, DEPTH_MAX, COUNT_MAX, TEXT_MAX};
    struct citic_answer *answer = ARENA_NEW(arena, struct citic_answer);
    empty(&answer->head);
    AUTO_XML *xml = xml_open(without_spaces_in_ends(arena, body), &limits);
    TRY(read_stream(xml, arena, answer));
    *out = *answer;
    return OK;
}

/* -- payments --------------------------------------------------------------------------------------------------------
 */

/* The bank's code and words, cut between characters. */
static const char *said_by(struct arena *arena, const struct citic_row *row)
{
    int code = (int)utf8_head(row->status, CODE_MAX);
    const char *said = arena_format(arena, "%.*s %s", code, row->status, row->status_text);
    return arena_text_n(arena, said, utf8_fit(said, SAID_MAX));
}

static struct bank_answer pending(const char *said)
{
    return (struct bank_answer){BANK_PENDING, "", said};
}

static struct bank_answer over(enum bank_word word, const struct citic_row *row, struct arena *arena)
{
    return (struct bank_answer){word, word == BANK_PAID ? "" : citic_failure(row->status_text), said_by(arena, row)};
}

/* NULL when the bank has said nothing that can be read; why is in *silence. */
static struct citic_answer *heard(struct arena *arena, const struct http_answer *answer, struct bank_answer *silence)
{
    struct citic_answer *read = ARENA_NEW(arena, struct citic_answer);
    if (answer->status == HTTP_OK && citic_read(arena, answer->body, read) == OK)
        return read;
    *silence = pending(answer->status == HTTP_OK ? "unreadable" : arena_format(arena, "HTTP %d", (int)answer->status));
    return NULL;
}

struct bank_answer citic_read_paying(struct arena *arena, const struct http_answer *answer)
{
    struct bank_answer silence;
    const struct citic_answer *read = heard(arena, answer, &silence);
    if (read == NULL)
        return silence;
    if (citic_meaning(read->head.status) == CITIC_REFUSAL)
        return over(BANK_REFUSED, &read->head, arena);
    return pending(said_by(arena, &read->head));
}

/* stt: 0 success, 1 failed, 2 unknown, 3 rejected by who approves, 4 cancelled by the user. Anything but AAAAAAA
 * outside of it is about the question and says nothing of the payment. */
struct bank_answer citic_read_asking(struct arena *arena, const struct http_answer *answer)
{
    struct bank_answer silence;
    const struct citic_answer *read = heard(arena, answer, &silence);
    if (read == NULL)
        return silence;
    if (citic_meaning(read->head.status) == CITIC_REFUSAL)
        return (struct bank_answer){BANK_NOT_FOUND, "", said_by(arena, &read->head)};
    if (citic_meaning(read->head.status) != CITIC_DONE || read->row_count != 1)
        return pending(said_by(arena, &read->head));
    const struct citic_row *row = &read->rows[0];
    if (strcmp(row->stt, "0") == 0)
        return over(BANK_PAID, row, arena);
    if (strcmp(row->stt, "1") == 0 || strcmp(row->stt, "3") == 0 || strcmp(row->stt, "4") == 0)
        return over(BANK_FAILED, row, arena);
    return pending(said_by(arena, row));
}

/* -- movements -------------------------------------------------------------------------------------------------------
 */

static bool is_day(const char *text)
{
    return strlen(text) == BANK_DAY_SIZE - 1 && strspn(text, DIGITS) == BANK_DAY_SIZE - 1;
}

/* What the bank promises to be different for each movement (CITIC-1 DLTRNALL): with the original serial where it is
 * given. */
static const char *number_of(struct arena *arena, const struct citic_row *row)
{
    return arena_format(arena, "%s/%s/%s%s%s", row->day, row->tran_no, row->sum_tran_no,
                        row->ori_num[0] == '\0' ? "" : "/", row->ori_num);
}

static bool read_balance(const char *text, int64_t *fen)
{
    bool less = text[0] == '-';
    if (!money_parse_yuan(text + less, fen))
        return false;
    if (less)
        *fen = -*fen;
    return true;
}

static bool read_movement(struct arena *arena, const struct citic_row *row, struct bank_movement *out)
{
    struct bank_movement movement = {.time = row->time,
                                     .number = number_of(arena, row),
                                     .reference = row->tran_no,
                                     .credit = strcmp(row->credit_debit, "C") == 0,
                                     .reverses = row->rf_tran_no,
                                     .other_account = row->opp_account,
                                     .other_name = row->opp_name,
                                     .other_bank = row->opp_bank,
                                     .remark = row->abstract};
    if (!is_day(row->day) || row->tran_no[0] == '\0' || !money_parse_yuan(row->amount, &movement.amount_fen) ||
        (!movement.credit && strcmp(row->credit_debit, "D") != 0))
        return false;
    memcpy(movement.day, row->day, BANK_DAY_SIZE);
    movement.returned = movement.credit && strcmp(row->returned, "0") == 0; /* 0 returned, 1 not */
    movement.has_balance = read_balance(row->balance, &movement.balance_fen);
    *out = movement;
    return true;
}

/* An answer to a question about the account; what it says otherwise. */
static enum err read_answered(struct arena *arena, const struct http_answer *answer, struct citic_answer *out,
                              const char **said)
{
    *said = arena_format(arena, "HTTP %d", (int)answer->status);
    ENSURE(answer->status == HTTP_OK, ERR_REMOTE_UNKNOWN);
    *said = "unreadable";
    ENSURE(citic_read(arena, answer->body, out) == OK, ERR_REMOTE_UNKNOWN);
    *said = said_by(arena, &out->head);
    return citic_meaning(out->head.status) == CITIC_DONE ? OK : ERR_REMOTE_UNKNOWN;
}

enum err citic_read_list(struct arena *arena, const struct http_answer *answer, struct bank_movements *out,
                         const char **said)
{
    struct citic_answer *read = ARENA_NEW(arena, struct citic_answer);
    enum err err = read_answered(arena, answer, read, said);
    if (err != OK && read->head.status != NULL && citic_meaning(read->head.status) == CITIC_REFUSAL &&
        citic_says_none(read->head.status_text)) {
        *out = (struct bank_movements){0};
        return OK;
    }
    TRY(err);
    struct bank_movement *items = arena_alloc(arena, (read->row_count + 1) * sizeof(*items));
    for (size_t i = 0; i < read->row_count; i++)
        if (!read_movement(arena, &read->rows[i], &items[i])) { /* a page is taken as a whole or not at all */
            *said = arena_format(arena, "row %d is not a movement", (int)i + 1);
            return ERR_REMOTE_UNKNOWN;
        }
    *out = (struct bank_movements){items, read->row_count};
    return OK;
}

enum err citic_find_balance(struct arena *arena, const struct http_answer *answer, const char *account,
                            int64_t *balance_fen, const char **said)
{
    struct citic_answer *read = ARENA_NEW(arena, struct citic_answer);
    TRY(read_answered(arena, answer, read, said));
    for (size_t i = 0; i < read->row_count; i++) {
        const struct citic_row *row = &read->rows[i];
        if (strcmp(row->account_no, account) != 0)
            continue;
        *said = said_by(arena, row);
        ENSURE(citic_meaning(row->status) == CITIC_DONE && read_balance(row->balance, balance_fen), ERR_REMOTE_UNKNOWN);
        return OK;
    }
    *said = "the account is not in the answer";
    return ERR_REMOTE_UNKNOWN;
}
