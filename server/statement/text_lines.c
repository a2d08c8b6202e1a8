/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/text_lines.h"

#include "base/gb18030.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

#define PIECE (64 * 1024)

enum encoding { UNDECIDED, UTF8, GB18030 };

struct text_lines {
    statement_fill *fill;
    void *context;
    char *buffer; /* PIECE + STATEMENT_TEXT_LINE_MAX and one */
    size_t from, to;
    bool ended, begun;
    enum encoding encoding;
    size_t number;
    struct arena *arena; /* of the line told last */
};

struct text_lines *text_lines_open(statement_fill *fill, void *context)
{
    struct text_lines *lines = mem_alloc(sizeof(*lines));
    lines->fill = fill;
    lines->context = context;
    lines->buffer = mem_alloc(PIECE + STATEMENT_TEXT_LINE_MAX + 1);
    lines->arena = arena_new();
    return lines;
}

void text_lines_close(struct text_lines *lines)
{
    if (lines == NULL)
        return;
    mem_free(lines->buffer);
    arena_free(lines->arena);
    mem_free(lines);
}

size_t text_lines_number(const struct text_lines *lines)
{
    return lines->number;
}

/* One piece more behind what is there. */
static enum err read_piece(struct text_lines *lines)
{
    size_t size, room = PIECE + STATEMENT_TEXT_LINE_MAX;
    memmove(lines->buffer, lines->buffer + lines->from, lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
    TRY(lines->fill(lines->context, lines->buffer + lines->to, room - lines->to, &size));
    lines->to += size;
    lines->ended = size == 0;
    return OK;
}

static enum err begin(struct text_lines *lines)
{
    while (!lines->begun && !lines->ended && lines->to < PIECE)
        TRY(read_piece(lines));
    if (!lines->begun && lines->to >= 3 && memcmp(lines->buffer, "\xef\xbb\xbf", 3) == 0) {
        lines->encoding = UTF8;
        lines->from = 3;
    }
    lines->begun = true;
    return OK;
}

enum err text_lines_peek(struct text_lines *lines, struct bytes *out)
{
    TRY(begin(lines));
    *out = (struct bytes){(const uint8_t *)lines->buffer + lines->from, lines->to - lines->from};
    return OK;
}

enum err text_lines_rest(struct text_lines *lines, struct arena *arena, size_t limit, struct bytes *out)
{
    size_t size = 0, room = PIECE;
    TRY(begin(lines));
    char *all = mem_alloc(room);
    enum err err = OK;
    while (err == OK && lines->to > lines->from) {
        size_t piece = lines->to - lines->from;
        while (room < size + piece) {
            all = mem_grow(all, room, room * 2);
            room *= 2;
        }
        memcpy(all + size, lines->buffer + lines->from, piece);
        size += piece;
        lines->from = lines->to;
        err = size > limit ? ERR_BODY_TOO_LARGE : lines->ended ? OK : read_piece(lines);
    }
    if (err == OK)
        *out = arena_bytes(arena, all, size);
    mem_free(all);
    return err;
}

/* -- lines ------------------------------------------------------------------------------------------------------- */

/* Without the last bytes, which may be half a character. */
static size_t whole_lines(const char *text, size_t size)
{
    const char *last = memrchr(text, '\n', size);
    return last == NULL ? size : (size_t)(last - text);
}

/* By all that is there when the first byte beyond ASCII comes: short words of GB 18030 may be UTF-8 by accident. */
static void decide(struct text_lines *lines, const char *line, size_t size)
{
    if (lines->encoding != UNDECIDED)
        return;
    size_t i = 0;
    while (i < size && (unsigned char)line[i] < 0x80)
        i++;
    if (i == size)
        return;
    const char *text = lines->buffer + lines->from;
    size_t all = lines->to - lines->from;
    const char *nul = memchr(text, '\0', all);
    if (nul != NULL)
        all = (size_t)(nul - text);
    size_t known = lines->ended || nul != NULL ? all : whole_lines(text, all);
    lines->encoding = utf8_valid(text, known) && utf8_valid(line, size) ? UTF8 : GB18030;
}

/* The end of the line that begins at from: at a line feed or, at the very end, anywhere. */
static enum err find_end(struct text_lines *lines, size_t *end, const char **rule)
{
    size_t looked = 0;
    for (;;) {
        const char *feed = memchr(lines->buffer + lines->from + looked, '\n', lines->to - lines->from - looked);
        looked = lines->to - lines->from;
        if (feed != NULL || lines->ended || looked > STATEMENT_TEXT_LINE_MAX) {
            *end = feed != NULL ? (size_t)(feed - lines->buffer) : lines->to;
            *rule = "line_length";
            return *end - lines->from <= STATEMENT_TEXT_LINE_MAX ? OK : ERR_STATEMENT_REFUSED;
        }
        TRY(read_piece(lines));
    }
}

static enum err decode(struct text_lines *lines, const char *text, size_t size, const char **line, const char **rule)
{
    *rule = "nul";
    ENSURE(memchr(text, '\0', size) == NULL, ERR_STATEMENT_REFUSED);
    *rule = "encoding";
    if (lines->encoding == GB18030) {
        ENSURE(gb18030_decode(lines->arena, (struct bytes){(const uint8_t *)text, size}, line), ERR_STATEMENT_REFUSED);
        return OK;
    }
    ENSURE(utf8_valid(text, size), ERR_STATEMENT_REFUSED);
    *line = arena_text_n(lines->arena, text, size);
    return OK;
}

enum err text_lines_next(struct text_lines *lines, const char **line, const char **rule)
{
    *rule = "read";
    TRY(begin(lines));
    if (lines->from == lines->to && !lines->ended)
        TRY(read_piece(lines));
    if (lines->from == lines->to && lines->ended) {
        *line = NULL;
        return OK;
    }
    size_t end;
    lines->number++;
    TRY(find_end(lines, &end, rule));
    const char *text = lines->buffer + lines->from;
    size_t size = end - lines->from;
    if (size > 0 && text[size - 1] == '\r')
        size--;
    decide(lines, text, size);
    arena_reset(lines->arena);
    TRY(decode(lines, text, size, line, rule));
    lines->from = end < lines->to ? end + 1 : end;
    return OK;
}
