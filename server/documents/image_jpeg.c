/* SPDX-License-Identifier: Apache-2.0 */
/* JPEG row by row from libjpeg's decoder into its encoder. Of the metadata only the orientation comes through, since a
 * telephone's picture of a form lies on its side without it; it is written by us, in a block of its own. */
#include "base/mem.h"
#include "documents/picture.h"

#include <stdio.h> /* jpeglib.h needs it */
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>
#include <setjmp.h>
#include <stdbool.h>

#define OUTPUT_FIRST     (256 * 1024)
#define QUALITY          88
#define SCANS_MAX        100 /* a progressive picture has about ten; each costs a pass over all pixels */
#define EXIF_MARKER      (JPEG_APP0 + 1)
#define EXIF_ENTRIES_MAX 64
#define ORIENTATION_TAG  0x0112 /* Exif 2.32, 4.6.4 A */
#define ORIENTATION_LAST 8

struct rewrite {
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    struct bytes upload;
    struct fault *fault;
    bool too_large;
    bool upright;    /* turned and scaled: all pixels are held at once */
    JSAMPLE *row;    /* as written */
    JSAMPLE *pixels; /* upright: as read */
    struct jpeg_destination_mgr destination;
    uint8_t *written; /* room bytes */
    size_t size, room;
};

/* -- what libjpeg calls ------------------------------------------------------------------------------------------ */

static void failed(j_common_ptr info)
{
    struct rewrite *it = info->client_data;
    longjmp(it->escape, 1);
}

/* libjpeg paints grey over what is missing and warns: a form cut off or damaged is refused instead. */
static void warned(j_common_ptr info, int level)
{
    int code = info->err->msg_code;
    bool harmless = code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM;
    if (level < 0 && !harmless)
        failed(info);
}

static void silent(j_common_ptr info)
{
    (void)info;
}

static void count_scans(j_common_ptr info)
{
    if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > SCANS_MAX)
        failed(info);
}

/* -- where it is written to -------------------------------------------------------------------------------------- */

/* Of our own: after an error libjpeg's destination in memory does not say which buffer is the last. */
static void point_at_room(struct rewrite *it)
{
    it->destination.next_output_byte = it->written + it->size;
    it->destination.free_in_buffer = it->room - it->size;
}

static void begin_output(j_compress_ptr info)
{
    struct rewrite *it = info->client_data;
    it->room = OUTPUT_FIRST;
    it->written = mem_alloc(it->room);
    point_at_room(it);
}

static boolean grow_output(j_compress_ptr info)
{
    struct rewrite *it = info->client_data;
    if (it->room > UPLOAD_KEPT_MAX) {
        it->too_large = true;
        failed((j_common_ptr)info);
    }
    it->size = it->room; /* libjpeg asks when all of it is filled, whatever free_in_buffer says */
    it->written = mem_grow(it->written, it->room, it->room * 2);
    it->room *= 2;
    point_at_room(it);
    return TRUE;
}

static void end_output(j_compress_ptr info)
{
    struct rewrite *it = info->client_data;
    it->size = it->room - it->destination.free_in_buffer;
}

/* -- orientation ------------------------------------------------------------------------------------------------- */

struct exif { /* TIFF 6.0 2: the block after "Exif\0\0" */
    const uint8_t *data;
    size_t size;
    bool little;
};

static unsigned two(const struct exif *exif, size_t at)
{
    const uint8_t *p = exif->data + at;
    return exif->little ? (unsigned)(p[0] | p[1] << 8) : (unsigned)(p[0] << 8 | p[1]);
}

static size_t four(const struct exif *exif, size_t at)
{
    size_t first = two(exif, at), second = two(exif, at + 2);
    return exif->little ? second << 16 | first : first << 16 | second;
}

static unsigned orientation_in(const struct exif *exif)
{
    size_t at = four(exif, 4);
    if (at > exif->size - 2)
        return 1;
    size_t entries = two(exif, at);
    for (size_t i = 0; i < entries && i < EXIF_ENTRIES_MAX; i++) {
        size_t entry = at + 2 + 12 * i;
        if (entry + 12 > exif->size)
            return 1;
        if (two(exif, entry) == ORIENTATION_TAG) {
            unsigned value = two(exif, entry + 8);
            return value >= 1 && value <= ORIENTATION_LAST ? value : 1;
        }
    }
    return 1;
}

static unsigned orientation_of(const struct jpeg_decompress_struct *in)
{
    for (jpeg_saved_marker_ptr marker = in->marker_list; marker != NULL; marker = marker->next) {
        if (marker->data_length < 6 + 8 || memcmp(marker->data, "Exif\0", 6) != 0)
            continue;
        struct exif exif = {.data = marker->data + 6, .size = marker->data_length - 6};
        exif.little = exif.data[0] == 'I';
        return orientation_in(&exif);
    }
    return 1;
}

static void write_orientation(struct jpeg_compress_struct *out, unsigned orientation)
{
    uint8_t block[] = {'E',  'x',  'i', 'f', 0, 0, 'M', 'M', 0, 42,
                       0,    0,    0,   8, /* big-endian, first directory at 8 */
                       0,    1,            /* one entry: */
                       0x01, 0x12, 0,   3,   0, 0, 0,   1,   0, (uint8_t)orientation,
                       0,    0,             /* one SHORT */
                       0,    0,    0,   0}; /* no further directory */
    if (orientation != 1)
        jpeg_write_marker(out, EXIF_MARKER, block, sizeof(block));
}

/* -- rewriting --------------------------------------------------------------------------------------------------- */

/* The least of libjpeg's eighths that keeps the longer side long enough. */
static void choose_scale(struct jpeg_decompress_struct *in)
{
    unsigned longer = in->image_width > in->image_height ? in->image_width : in->image_height;
    in->scale_denom = 8;
    for (in->scale_num = 1; in->scale_num < 8 && longer * in->scale_num / 8 < PHOTO_SIDE_ENOUGH;)
        in->scale_num++;
}

static enum err read_header(struct rewrite *it)
{
    jpeg_create_decompress(&it->in);
    it->in.progress = &it->progress;
    it->progress.progress_monitor = count_scans;
    jpeg_mem_src(&it->in, it->upload.data, it->upload.size);
    jpeg_save_markers(&it->in, EXIF_MARKER, 0xffff);
    jpeg_read_header(&it->in, TRUE);
    TRY(picture_check_pixels(it->in.image_width, it->in.image_height, it->fault));
    if (it->in.num_components != 1 && it->in.num_components != 3)
        return fault_explain(it->fault, ERR_DOCUMENT_REFUSED, "不支持CMYK图片，请保存为RGB或灰度",
                             "CMYK pictures are not accepted; save it as RGB or grey");
    it->in.out_color_space = it->in.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    if (it->upright) {
        TRY(picture_check_photo(it->in.image_width, it->in.image_height, it->fault));
        choose_scale(&it->in);
    }
    return OK;
}

static void begin_writing(struct rewrite *it, unsigned width, unsigned height)
{
    jpeg_create_compress(&it->out);
    it->destination = (struct jpeg_destination_mgr){
        .init_destination = begin_output, .empty_output_buffer = grow_output, .term_destination = end_output};
    it->out.dest = &it->destination;
    it->out.image_width = width;
    it->out.image_height = height;
    it->out.input_components = it->in.output_components;
    it->out.in_color_space = it->in.out_color_space;
    jpeg_set_defaults(&it->out);
    jpeg_set_quality(&it->out, QUALITY, TRUE);
    jpeg_start_compress(&it->out, TRUE);
    it->row = mem_alloc((size_t)width * (size_t)it->in.output_components);
}

static void copy_rows(struct rewrite *it)
{
    begin_writing(it, it->in.output_width, it->in.output_height);
    write_orientation(&it->out, orientation_of(&it->in));
    while (it->in.output_scanline < it->in.output_height) {
        jpeg_read_scanlines(&it->in, &it->row, 1);
        jpeg_write_scanlines(&it->out, &it->row, 1);
    }
}

/* Where the pixel at x, y of the upright picture is in one of this orientation (Exif 2.32, 4.6.4 A), w by h. */
static size_t place(unsigned orientation, size_t x, size_t y, size_t w, size_t h)
{
    switch (orientation) {
    case 2:
        return y * w + (w - 1 - x);
    case 3:
        return (h - 1 - y) * w + (w - 1 - x);
    case 4:
        return (h - 1 - y) * w + x;
    case 5:
        return x * w + y;
    case 6:
        return (h - 1 - x) * w + y;
    case 7:
        return (h - 1 - x) * w + (w - 1 - y);
    case 8:
        return x * w + (w - 1 - y);
    default:
        return y * w + x;
    }
}

static void read_pixels(struct rewrite *it)
{
    size_t stride = (size_t)it->in.output_width * (size_t)it->in.output_components;
    it->pixels = mem_alloc(stride * it->in.output_height);
    while (it->in.output_scanline < it->in.output_height) {
        JSAMPLE *row = it->pixels + stride * it->in.output_scanline;
        jpeg_read_scanlines(&it->in, &row, 1);
    }
}

static void turn_rows(struct rewrite *it)
{
    unsigned orientation = orientation_of(&it->in);
    bool lies = orientation >= 5; /* on its side */
    size_t w = it->in.output_width, h = it->in.output_height, components = (size_t)it->in.output_components;
    read_pixels(it);
    begin_writing(it, (unsigned)(lies ? h : w), (unsigned)(lies ? w : h));
    for (size_t y = 0; y < it->out.image_height; y++) {
        for (size_t x = 0; x < it->out.image_width; x++)
            memcpy(it->row + x * components, it->pixels + place(orientation, x, y, w, h) * components, components);
        jpeg_write_scanlines(&it->out, &it->row, 1);
    }
}

/* libjpeg's errors come back here by longjmp; all that changes after setjmp is in *it. */
static enum err rewrite(struct rewrite *it)
{
    if (setjmp(it->escape) != 0)
        return it->too_large ? picture_check_kept(it->room, it->fault) : picture_damaged(it->fault);
    TRY(read_header(it));
    jpeg_start_decompress(&it->in);
    if (it->upright)
        turn_rows(it);
    else
        copy_rows(it);
    jpeg_finish_decompress(&it->in);
    jpeg_finish_compress(&it->out);
    return picture_check_kept(it->size, it->fault);
}

static enum err make(struct arena *arena, struct bytes upload, bool upright, struct fault *fault, struct bytes *kept)
{
    struct rewrite *it = mem_alloc(sizeof(*it));
    it->upload = upload;
    it->upright = upright;
    it->fault = fault;
    it->in.err = it->out.err = jpeg_std_error(&it->errors);
    it->errors.error_exit = failed;
    it->errors.emit_message = warned;
    it->errors.output_message = silent;
    it->in.client_data = it->out.client_data = it;
    enum err err = rewrite(it);
    if (err == OK)
        *kept = arena_bytes(arena, it->written, it->size);
    jpeg_destroy_compress(&it->out);
    jpeg_destroy_decompress(&it->in);
    mem_free(it->written);
    mem_free(it->row);
    mem_free(it->pixels);
    mem_free(it);
    return err;
}

enum err jpeg_rewrite(struct arena *arena, struct bytes upload, struct fault *fault, struct bytes *kept)
{
    return make(arena, upload, false, fault, kept);
}

enum err jpeg_upright(struct arena *arena, struct bytes upload, struct fault *fault, struct bytes *kept)
{
    return make(arena, upload, true, fault, kept);
}
