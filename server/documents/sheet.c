/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/sheet.h"

#include "base/mem.h"

#include <cairo/cairo-pdf.h>
#include <qrencode.h>
#include <string.h>

#define FONT_FAMILIES    "Noto Sans CJK SC, sans-serif"
#define HAIRLINE         0.6
#define DOCUMENT_FIRST   (64 * 1024)
#define DOCUMENT_MAX     (4 * 1024 * 1024)
#define QR_QUIET_MODULES 4 /* ISO/IEC 18004 9.1: light on every side */

#ifdef __SANITIZE_ADDRESS__
/* cairo 1.16 forgets 768 bytes for each CID-keyed font that it embeds, fontconfig 288 bytes once: not ours to mend. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo.so\nleak:libfontconfig.so\n";
}
#endif

/* -- the document ------------------------------------------------------------------------------------------------ */

static cairo_status_t write_out(void *context, const unsigned char *data, unsigned size)
{
    struct sheet *sheet = context;
    if (size > DOCUMENT_MAX - sheet->size)
        return CAIRO_STATUS_WRITE_ERROR;
    if (sheet->size + size > sheet->room) {
        size_t room = sheet->room == 0 ? DOCUMENT_FIRST : sheet->room;
        while (room < sheet->size + size)
            room *= 2;
        sheet->written = mem_grow(sheet->written, sheet->room, room);
        sheet->room = room;
    }
    memcpy(sheet->written + sheet->size, data, size);
    sheet->size += size;
    return CAIRO_STATUS_SUCCESS;
}

static void open_layout(struct sheet *sheet)
{
    sheet->fonts = pango_cairo_font_map_new();
    sheet->context = pango_font_map_create_context(sheet->fonts);
    pango_context_set_language(sheet->context, pango_language_from_string("zh-CN"));
    sheet->layout = pango_layout_new(sheet->context);
    pango_layout_set_wrap(sheet->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_single_paragraph_mode(sheet->layout, TRUE); /* a line end in a text starts no line of its own */
    sheet->font = pango_font_description_from_string(FONT_FAMILIES);
}

void sheet_open(struct sheet *sheet, const char *title, const char *created)
{
    *sheet = (struct sheet){0};
    sheet->surface = cairo_pdf_surface_create_for_stream(write_out, sheet, SHEET_WIDTH, SHEET_HEIGHT);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
    sheet->cr = cairo_create(sheet->surface);
    cairo_set_line_width(sheet->cr, HAIRLINE);
    open_layout(sheet);
}

enum err sheet_finish(struct sheet *sheet, struct arena *arena, struct bytes *pdf)
{
    cairo_show_page(sheet->cr);
    cairo_surface_finish(sheet->surface);
    ENSURE(cairo_status(sheet->cr) == CAIRO_STATUS_SUCCESS, ERR_INTERNAL);
    ENSURE(cairo_surface_status(sheet->surface) == CAIRO_STATUS_SUCCESS, ERR_INTERNAL);
    *pdf = arena_bytes(arena, sheet->written, sheet->size);
    return OK;
}

void sheet_close(struct sheet *sheet)
{
    pango_font_description_free(sheet->font);
    g_clear_object(&sheet->layout);
    g_clear_object(&sheet->context);
    cairo_destroy(sheet->cr);
    cairo_surface_destroy(sheet->surface);
    g_clear_object(&sheet->fonts);
    if (sheet->written != NULL)
        mem_wipe(sheet->written, sheet->room);
    mem_free(sheet->written);
}

/* -- text -------------------------------------------------------------------------------------------------------- */

static void set_text(struct sheet *sheet, const struct sheet_text *text)
{
    pango_font_description_set_absolute_size(sheet->font, text->size * PANGO_SCALE);
    pango_font_description_set_weight(sheet->font, text->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(sheet->layout, sheet->font);
    pango_layout_set_alignment(sheet->layout, text->align == SHEET_CENTRE ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    pango_layout_set_width(sheet->layout, (int)(text->width * PANGO_SCALE));
    bool limited = text->height_max > 0;
    pango_layout_set_height(sheet->layout, limited ? (int)(text->height_max * PANGO_SCALE) : -1);
    pango_layout_set_ellipsize(sheet->layout, limited ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    pango_layout_set_text(sheet->layout, text->text, -1);
}

double sheet_text_height(struct sheet *sheet, const struct sheet_text *text)
{
    int height;
    set_text(sheet, text);
    pango_layout_get_size(sheet->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

/* What is seen are the outlines: cairo 1.16 loses single glyphs (如, for one) when it embeds a part of a CID-keyed
 * font. White below them lies the text itself, to be searched and copied. */
static void show_layout(struct sheet *sheet, double x, double y)
{
    pango_cairo_update_context(sheet->cr, sheet->context);
    cairo_move_to(sheet->cr, x, y);
    cairo_set_source_rgb(sheet->cr, 1, 1, 1);
    pango_cairo_show_layout(sheet->cr, sheet->layout);
    cairo_move_to(sheet->cr, x, y);
    cairo_set_source_rgb(sheet->cr, 0, 0, 0);
    pango_cairo_layout_path(sheet->cr, sheet->layout);
    cairo_fill(sheet->cr);
}

void sheet_draw_text(struct sheet *sheet, const struct sheet_text *text, double x, double y)
{
    set_text(sheet, text);
    cairo_save(sheet->cr);
    if (text->height_max > 0) { /* one glyph wider or one line higher than its place is cut, never drawn elsewhere */
        cairo_rectangle(sheet->cr, x, y, text->width, text->height_max);
        cairo_clip(sheet->cr);
    }
    show_layout(sheet, x, y);
    cairo_restore(sheet->cr);
    cairo_new_path(sheet->cr);
}

/* -- lines ------------------------------------------------------------------------------------------------------- */

void sheet_draw_box(struct sheet *sheet, double x, double y, double width, double height)
{
    cairo_rectangle(sheet->cr, x, y, width, height);
    cairo_stroke(sheet->cr);
}

enum err sheet_draw_qr(struct sheet *sheet, const char *text, double x, double y, double side)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    ENSURE(code != NULL, ERR_INTERNAL);
    double module = side / (code->width + 2 * QR_QUIET_MODULES);
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(sheet->cr, x + (column + QR_QUIET_MODULES) * module,
                                y + (row + QR_QUIET_MODULES) * module, module, module);
    QRcode_free(code);
    /* Edges as they are: smoothed ones leave white seams between modules. */
    cairo_set_antialias(sheet->cr, CAIRO_ANTIALIAS_NONE);
    cairo_fill(sheet->cr);
    cairo_set_antialias(sheet->cr, CAIRO_ANTIALIAS_DEFAULT);
    return OK;
}
