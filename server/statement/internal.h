/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the room: what the readers of the formats share. */
#pragma once

#include "statement/chain.h"
#include "statement/statement.h"

struct text_lines;

/* One line as a reader tells it; texts live in the batch's arena. */
struct statement_line {
    size_t place;
    const char *key; /* "": made of its content */
    int64_t day, time_us, movement_fen, balance_fen;
    const char *payer_account, *payer_name, *payer_bank, *remark, *bank_ref, *reverses;
    const char *kind;
};

/* A reader of one format. next: *more false at the end; a line it refused is told and passed by (*taken false). */
struct statement_reader {
    enum err (*next)(struct statement *statement, struct arena *arena, struct statement_line *line, bool *taken,
                     bool *more);
    void (*close)(void *state);
};
extern const struct statement_reader csv_reader, camt_reader, mt940_reader;

struct statement {
    struct statement_options options;
    struct arena *arena; /* as long as the statement */
    const struct statement_reader *reader;
    void *state; /* the reader's */
    const char *format;
    struct text_lines *lines;
    struct chain chain;
    size_t faults, place, count;
    bool ended;
    bool complete; /* the format tells whole days */
    /* What the document says of itself, when it does: camt.053, MT940. */
    bool declared;
    int64_t opening_fen, closing_fen;
    int64_t first_day, last_day, credits_fen, debits_fen;
};

/* Tells a fault; always ERR_STATEMENT_REFUSED. */
enum err statement_refuse(struct statement *statement, size_t line, const char *rule, const char *zh,
                          const char *en) MUST_CHECK;
/* The same, of a line that is passed by. */
void statement_reject(struct statement *statement, size_t line, const char *rule, const char *zh, const char *en);
/* A document's next statement begins and ends; they lead on from one to the next. */
enum err statement_declare(struct statement *statement, size_t line, int64_t opening_fen, int64_t movements_fen,
                           int64_t closing_fen) MUST_CHECK;
/* Is this written account ours? Digits and letters count. A masked one is when what is seen agrees. */
bool statement_is_ours(const struct statement *statement, const char *account);

/* In csv.c, camt.c, mt940.c: the state after what was peeked at. */
enum err csv_open(struct statement *statement) MUST_CHECK;
enum err camt_open(struct statement *statement) MUST_CHECK;
enum err mt940_open(struct statement *statement) MUST_CHECK;
