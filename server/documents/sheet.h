/* SPDX-License-Identifier: Apache-2.0 */
/* An A4 page that is drawn on from the top down (Cairo, Pango). Inside this room only. Lengths are points (1/72 inch).
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <cairo/cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

#define SHEET_WIDTH  595.28
#define SHEET_HEIGHT 841.89

struct sheet {
    cairo_t *cr;
    cairo_surface_t *surface;
    PangoFontMap *fonts; /* of its own: the default one belongs to a thread and would never be freed */
    PangoContext *context;
    PangoLayout *layout;
    PangoFontDescription *font;
    uint8_t *written;
    size_t size, room;
};

enum sheet_align { SHEET_LEFT, SHEET_CENTRE };

struct sheet_text {
    const char *text; /* drawn as it is: never markup */
    double size;      /* of the font */
    bool bold;
    enum sheet_align align;
    double width;      /* lines are broken to fit */
    double height_max; /* what does not fit ends in an ellipsis; 0: no limit */
};

/* title and created ("2026-11-21T13:04:05+08:00") go into the document's information; created "" leaves it out. */
void sheet_open(struct sheet *sheet, const char *title, const char *created);
double sheet_text_height(struct sheet *sheet, const struct sheet_text *text);
void sheet_draw_text(struct sheet *sheet, const struct sheet_text *text, double x, double y);
void sheet_draw_box(struct sheet *sheet, double x, double y, double width, double height);
enum err sheet_draw_qr(struct sheet *sheet, const char *text, double x, double y, double side) MUST_CHECK;
/* Ends the page; the document is in arena. */
enum err sheet_finish(struct sheet *sheet, struct arena *arena, struct bytes *pdf) MUST_CHECK;
/* On every path. */
void sheet_close(struct sheet *sheet);
