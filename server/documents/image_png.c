/* SPDX-License-Identifier: Apache-2.0 */
/* PNG through libpng's simplified interface: it reads pixels and nothing else, and reports instead of jumping. Palettes
 * and 16 bits become 8 bits a channel, transparency becomes white paper. */
#include "base/mem.h"
#include "documents/picture.h"

#include <png.h>
#include <stdbool.h>
#include <string.h>

#define IHDR_WIDTH_AT  16 /* ISO/IEC 15948 11.2.2: after signature, length and type */
#define IHDR_HEIGHT_AT 20
#define IHDR_END       33
#define CHUNKS_AT      8 /* length, type, data, checksum; again and again */
#define CHUNK_OVERHEAD 12

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* libpng takes and clears as much memory as a chunk claims to be long, before it looks whether so much is there. */
static bool chunks_are_there(struct bytes upload)
{
    size_t at = CHUNKS_AT;
    while (upload.size - at >= CHUNK_OVERHEAD) {
        uint32_t length = big_endian(upload.data + at);
        if (length > upload.size - at - CHUNK_OVERHEAD)
            return false;
        if (memcmp(upload.data + at + 4, "IEND", 4) == 0)
            return true;
        at += CHUNK_OVERHEAD + length;
    }
    return false;
}

static enum err read_pixels(png_image *image, uint8_t **pixels)
{
    static const png_color white = {255, 255, 255};
    image->format = image->format & PNG_FORMAT_FLAG_COLOR ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    *pixels = mem_alloc(PNG_IMAGE_SIZE(*image));
    ENSURE(png_image_finish_read(image, &white, *pixels, 0, NULL) != 0, ERR_DOCUMENT_UNREADABLE);
    /* libpng forgives some of what it warns about (lost rows, wrong checksums): a sealed form must be whole. */
    ENSURE(image->warning_or_error == 0, ERR_DOCUMENT_UNREADABLE);
    return OK;
}

static enum err write_pixels(struct arena *arena, png_image *image, const uint8_t *pixels, struct fault *fault,
                             struct bytes *kept)
{
    png_alloc_size_t size = 0;
    ENSURE(png_image_write_to_memory(image, NULL, &size, 0, pixels, 0, NULL) != 0, ERR_INTERNAL);
    TRY(picture_check_kept(size, fault));
    uint8_t *written = arena_alloc(arena, size);
    ENSURE(png_image_write_to_memory(image, written, &size, 0, pixels, 0, NULL) != 0, ERR_INTERNAL);
    *kept = (struct bytes){written, size};
    return OK;
}

enum err png_check_photo(struct bytes upload, struct fault *fault)
{
    if (upload.size < IHDR_END)
        return picture_damaged(fault);
    return picture_check_photo(big_endian(upload.data + IHDR_WIDTH_AT), big_endian(upload.data + IHDR_HEIGHT_AT),
                               fault);
}

enum err png_rewrite(struct arena *arena, struct bytes upload, struct fault *fault, struct bytes *kept)
{
    if (upload.size < IHDR_END)
        return picture_damaged(fault);
    TRY(picture_check_pixels(big_endian(upload.data + IHDR_WIDTH_AT), big_endian(upload.data + IHDR_HEIGHT_AT), fault));
    if (!chunks_are_there(upload))
        return picture_damaged(fault);
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (png_image_begin_read_from_memory(&image, upload.data, upload.size) == 0)
        return picture_damaged(fault);
    uint8_t *pixels = NULL;
    enum err err = picture_check_pixels(image.width, image.height, fault);
    if (err == OK) {
        err = read_pixels(&image, &pixels);
        if (err != OK)
            err = picture_damaged(fault);
    }
    if (err == OK) {
        png_image out = {
            .version = PNG_IMAGE_VERSION, .width = image.width, .height = image.height, .format = image.format};
        err = write_pixels(arena, &out, pixels, fault, kept);
        png_image_free(&out);
    }
    png_image_free(&image);
    mem_free(pixels);
    return err;
}
