/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/csv_write.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define BOM           "\xef\xbb\xbf"
#define SIZE_FIRST    4096
#define EXACT_DIGITS  15 /* IEEE 754: more are rounded by spreadsheets */
#define NUMBER_LENGTH 32

struct csv {
    struct arena *arena;
    char *data;
    size_t size, room;
    bool begun; /* a cell of this row is written */
};

static void add(struct csv *csv, const char *text, size_t size)
{
    if (csv->size + size > csv->room) {
        size_t room = (csv->size + size) * 2;
        char *data = arena_alloc(csv->arena, room);
        memcpy(data, csv->data, csv->size);
        csv->data = data;
        csv->room = room;
    }
    memcpy(csv->data + csv->size, text, size);
    csv->size += size;
}

struct csv *csv_new(struct arena *arena)
{
    struct csv *csv = arena_alloc(arena, sizeof(*csv));
    *csv = (struct csv){.arena = arena, .data = arena_alloc(arena, SIZE_FIRST), .room = SIZE_FIRST};
    add(csv, BOM, strlen(BOM));
    return csv;
}

static void begin_cell(struct csv *csv)
{
    if (csv->begun)
        add(csv, ",", 1);
    csv->begun = true;
}

/* OWASP, CSV injection: a cell that begins with one of these is run as a formula; also after white space, and in full
 * width, which some spreadsheets fold. */
static bool runs(const char *text)
{
    static const char *const starts[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
    text += strspn(text, " ");
    for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* A spreadsheet would make 2.0261121E+25 of an order number, and drop the zero before a renewal number. */
static bool loses_digits(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return text[digits] == '\0' && (digits > EXACT_DIGITS || (digits > 1 && text[0] == '0'));
}

void csv_text(struct csv *csv, const char *text)
{
    begin_cell(csv);
    add(csv, "\"", 1);
    if (runs(text))
        add(csv, "'", 1);
    else if (loses_digits(text))
        add(csv, "\t", 1); /* taken as text, and not seen */
    for (; *text != '\0'; text++)
        add(csv, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    add(csv, "\"", 1);
}

void csv_yuan(struct csv *csv, int64_t fen)
{
    char text[NUMBER_LENGTH];
    uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    begin_cell(csv);
    add(csv, text,
        (size_t)snprintf(text, sizeof(text), "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", size / 100, size % 100));
}

void csv_number(struct csv *csv, int64_t number)
{
    char text[NUMBER_LENGTH];
    snprintf(text, sizeof(text), "%" PRId64, number);
    if (strlen(text) > EXACT_DIGITS) {
        csv_text(csv, text);
        return;
    }
    begin_cell(csv);
    add(csv, text, strlen(text));
}

void csv_empty(struct csv *csv)
{
    begin_cell(csv);
}

void csv_end_row(struct csv *csv)
{
    add(csv, "\r\n", 2);
    csv->begun = false;
}

struct bytes csv_finish(struct csv *csv)
{
    return (struct bytes){(const uint8_t *)csv->data, csv->size};
}
