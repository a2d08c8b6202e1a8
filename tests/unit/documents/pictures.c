/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/documents/pictures.h"

#include <png.h>
#include <stdio.h>
#include <zlib.h>

#include <jpeglib.h> /* needs stdio.h before it */

#define PNG_HEAD 33 /* signature and IHDR */

struct arena *arena;

int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct bytes encode(unsigned width, unsigned height, int components, boolean progressive)
{
    struct jpeg_compress_struct out;
    struct jpeg_error_mgr errors;
    unsigned char *written = NULL;
    unsigned long size = 0;
    out.err = jpeg_std_error(&errors);
    jpeg_create_compress(&out);
    jpeg_mem_dest(&out, &written, &size);
    out.image_width = width;
    out.image_height = height;
    out.input_components = components;
    out.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&out);
    if (progressive)
        jpeg_simple_progression(&out);
    jpeg_start_compress(&out, TRUE);
    JSAMPLE *row = arena_alloc(arena, (size_t)width * (size_t)components);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width * (unsigned)components; x++)
            row[x] = (JSAMPLE)(x * 7 + y * 3 + x * y % 251);
        jpeg_write_scanlines(&out, &row, 1);
    }
    jpeg_finish_compress(&out);
    jpeg_destroy_compress(&out);
    struct bytes jpeg = arena_bytes(arena, written, size);
    free(written);
    return jpeg;
}

struct bytes make_jpeg(unsigned width, unsigned height, int components)
{
    return encode(width, height, components, FALSE);
}

struct bytes make_progressive_jpeg(unsigned width, unsigned height)
{
    return encode(width, height, 3, TRUE);
}

struct bytes make_png(unsigned width, unsigned height)
{
    png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = PNG_FORMAT_RGBA};
    uint8_t *pixels = arena_alloc(arena, PNG_IMAGE_SIZE(image));
    for (size_t i = 0; i < PNG_IMAGE_SIZE(image); i++)
        pixels[i] = (uint8_t)(i * 11);
    png_alloc_size_t size = 0;
    assert_int_equal(png_image_write_to_memory(&image, NULL, &size, 0, pixels, 0, NULL), 1);
    uint8_t *written = arena_alloc(arena, size);
    assert_int_equal(png_image_write_to_memory(&image, written, &size, 0, pixels, 0, NULL), 1);
    return (struct bytes){written, size};
}

struct bytes joined(struct bytes a, struct bytes b)
{
    uint8_t *both = arena_alloc(arena, a.size + b.size + 1);
    memcpy(both, a.data, a.size);
    memcpy(both + a.size, b.data, b.size);
    return (struct bytes){both, a.size + b.size};
}

struct bytes text_bytes(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static struct bytes spliced(struct bytes whole, size_t at, struct bytes piece)
{
    struct bytes first = {whole.data, at}, last = {whole.data + at, whole.size - at};
    return joined(joined(first, piece), last);
}

struct bytes with_jpeg_segment(struct bytes jpeg, uint8_t marker, struct bytes content)
{
    size_t size = content.size + 2;
    uint8_t head[] = {0xff, marker, (uint8_t)(size >> 8), (uint8_t)size};
    return spliced(jpeg, 2, joined((struct bytes){head, sizeof(head)}, content));
}

struct bytes with_png_chunk(struct bytes png, const char *type, struct bytes content)
{
    uint8_t size[] = {0, 0, (uint8_t)(content.size >> 8), (uint8_t)content.size};
    struct bytes typed = joined(text_bytes(type), content);
    uLong sum = crc32(0, typed.data, (uInt)typed.size);
    uint8_t check[] = {(uint8_t)(sum >> 24), (uint8_t)(sum >> 16), (uint8_t)(sum >> 8), (uint8_t)sum};
    struct bytes chunk = joined(joined((struct bytes){size, 4}, typed), (struct bytes){check, 4});
    return spliced(png, PNG_HEAD, chunk);
}

size_t find(struct bytes haystack, struct bytes needle)
{
    const uint8_t *found = memmem(haystack.data, haystack.size, needle.data, needle.size);
    return found == NULL ? haystack.size : (size_t)(found - haystack.data);
}
