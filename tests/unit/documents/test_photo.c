/* SPDX-License-Identifier: Apache-2.0 */
/* Photos of identity cards: upright, no larger than needed, without a trace of where they were taken. */
#include "documents/upload.h"

#include "unit/documents/pictures.h"

#include <stdio.h>

#include <jpeglib.h> /* needs stdio.h before it */

#define EXIF 0xe1

static struct bytes kept;

static enum err accept(const char *type, struct bytes upload)
{
    struct fault fault;
    fault_init(&fault, arena);
    enum err err = photo_accept(arena, type, upload, &fault, &kept);
    if (err == ERR_DOCUMENT_UNREADABLE || err == ERR_DOCUMENT_REFUSED)
        assert_non_null(fault.detail_zh);
    return err;
}

/* -- pictures with a mark ---------------------------------------------------------------------------------------- */

/* Grey, dark in its upper left quarter. */
static struct bytes marked(unsigned width, unsigned height)
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
    out.input_components = 1;
    out.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&out);
    jpeg_start_compress(&out, TRUE);
    JSAMPLE *row = arena_alloc(arena, width);
    for (unsigned y = 0; y < height; y++) {
        memset(row, 230, width);
        if (y < height / 2)
            memset(row, 20, width / 2);
        jpeg_write_scanlines(&out, &row, 1);
    }
    jpeg_finish_compress(&out);
    jpeg_destroy_compress(&out);
    struct bytes jpeg = arena_bytes(arena, written, size);
    free(written);
    return jpeg;
}

static struct bytes held(struct bytes jpeg, uint8_t orientation)
{
    uint8_t block[] = {'E',  'x',  'i', 'f', 0, 0, 'M', 'M', 0, 42,          0, 0, 0, 8, 0, 1,
                       0x01, 0x12, 0,   3,   0, 0, 0,   1,   0, orientation, 0, 0, 0, 0, 0, 0};
    return with_jpeg_segment(jpeg, EXIF, (struct bytes){block, sizeof(block)});
}

struct picture {
    unsigned width, height;
    bool dark[4]; /* upper left, upper right, lower left, lower right */
};

static struct picture decoded(struct bytes jpeg)
{
    struct jpeg_decompress_struct in;
    struct jpeg_error_mgr errors;
    in.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&in);
    jpeg_mem_src(&in, jpeg.data, jpeg.size);
    jpeg_read_header(&in, TRUE);
    in.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&in);
    struct picture picture = {.width = in.output_width, .height = in.output_height};
    JSAMPLE *row = arena_alloc(arena, in.output_width);
    while (in.output_scanline < in.output_height) {
        unsigned y = in.output_scanline;
        jpeg_read_scanlines(&in, &row, 1);
        size_t at = y == in.output_height / 4 ? 0 : y == in.output_height * 3 / 4 ? 2 : 4;
        if (at < 4) {
            picture.dark[at] = row[in.output_width / 4] < 128;
            picture.dark[at + 1] = row[in.output_width * 3 / 4] < 128;
        }
    }
    jpeg_finish_decompress(&in);
    jpeg_destroy_decompress(&in);
    return picture;
}

/* -- orientation ------------------------------------------------------------------------------------------------- */

static void turns_a_photo_as_its_exif_says(void **state)
{
    (void)state;
    static const int quarter[] = {[1] = 0, [2] = 1, [3] = 3, [4] = 2, [5] = 0, [6] = 1, [7] = 3, [8] = 2};
    for (uint8_t orientation = 1; orientation <= 8; orientation++) {
        assert_int_equal(accept("image/jpeg", held(marked(640, 400), orientation)), OK);
        struct picture picture = decoded(kept);
        assert_int_equal(picture.width, orientation < 5 ? 640 : 400);
        assert_int_equal(picture.height, orientation < 5 ? 400 : 640);
        for (int i = 0; i < 4; i++)
            assert_int_equal(picture.dark[i], i == quarter[orientation]);
    }
}

static void leaves_no_metadata(void **state)
{
    (void)state;
    struct bytes jpeg = held(marked(640, 400), 6);
    jpeg = with_jpeg_segment(jpeg, EXIF, text_bytes("http://ns.adobe.com/xap/1.0/ GPS 31.2304N"));
    assert_int_equal(accept("image/jpeg", jpeg), OK);
    assert_int_equal(find(kept, text_bytes("Exif")), kept.size);
    assert_int_equal(find(kept, text_bytes("GPS")), kept.size);
}

static void survives_orientations_that_are_none(void **state)
{
    (void)state;
    static const uint8_t odd[] = {0, 9, 255};
    for (size_t i = 0; i < sizeof(odd); i++) {
        assert_int_equal(accept("image/jpeg", held(marked(640, 400), odd[i])), OK);
        assert_true(decoded(kept).dark[0]);
    }
    static const char *const blocks[] = {"Exif\0", "ExifXXMM", "ExifXXII*\0\xff\xff\xff\xff",
                                         "ExifXXMM\0*\0\0\0\x08\xff\xff"};
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++)
        assert_int_equal(accept("image/jpeg", with_jpeg_segment(marked(640, 400), EXIF, text_bytes(blocks[i]))), OK);
}

static void survives_a_bomb_of_exif_blocks(void **state)
{
    (void)state;
    uint8_t *block = arena_alloc(arena, 60000);
    memcpy(block, "Exif\0\0MM\0*\0\0\0\x08\xff\xff", 16);
    struct bytes jpeg = marked(640, 400);
    for (int i = 0; i < 60; i++)
        jpeg = with_jpeg_segment(jpeg, EXIF, (struct bytes){block, 60000});
    assert_int_equal(accept("image/jpeg", jpeg), OK);
}

/* -- sizes ------------------------------------------------------------------------------------------------------- */

static void makes_a_large_photo_smaller(void **state)
{
    (void)state;
    assert_int_equal(accept("image/jpeg", held(marked(6000, 4000), 6)), OK);
    struct picture picture = decoded(kept);
    assert_in_range(picture.height, PHOTO_SIDE_ENOUGH, PHOTO_SIDE_ENOUGH * 2);
    assert_true(picture.width < picture.height);
    assert_true(picture.dark[1]);
}

static void keeps_the_size_of_a_small_one(void **state)
{
    (void)state;
    assert_int_equal(accept("image/jpeg", marked(1999, 300)), OK);
    assert_int_equal(decoded(kept).width, 1999);
}

static void refuses_what_is_too_small_to_read(void **state)
{
    (void)state;
    assert_int_equal(accept("image/jpeg", marked(399, 399)), ERR_DOCUMENT_REFUSED);
    assert_int_equal(accept("image/png", make_png(300, 399)), ERR_DOCUMENT_REFUSED);
    assert_int_equal(accept("image/png", make_png(400, 10)), OK);
}

static void refuses_what_is_no_photo(void **state)
{
    (void)state;
    struct bytes jpeg = marked(640, 400);
    assert_int_equal(accept("image/png", jpeg), ERR_DOCUMENT_UNREADABLE);
    assert_int_equal(accept("image/jpeg", text_bytes("%PDF-1.4 endobj startxref %%EOF")), ERR_DOCUMENT_UNREADABLE);
    assert_int_equal(accept("application/pdf", text_bytes("%PDF-1.4 endobj startxref %%EOF")), ERR_DOCUMENT_REFUSED);
    assert_int_equal(accept("image/jpeg", make_jpeg(640, 400, 4)), ERR_DOCUMENT_REFUSED);
    for (size_t size = 0; size < jpeg.size; size += 97)
        assert_int_not_equal(accept("image/jpeg", arena_bytes(arena, jpeg.data, size)), OK);
    assert_int_equal(accept("image/png", text_bytes("\x89PNG\r\n\x1a\nxx")), ERR_DOCUMENT_UNREADABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(turns_a_photo_as_its_exif_says),      TEST(leaves_no_metadata),
        TEST(survives_orientations_that_are_none), TEST(survives_a_bomb_of_exif_blocks),
        TEST(makes_a_large_photo_smaller),         TEST(keeps_the_size_of_a_small_one),
        TEST(refuses_what_is_too_small_to_read),   TEST(refuses_what_is_no_photo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
