/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/upload.h"

#include "unit/documents/pictures.h"

#include <sys/resource.h>
#include <zlib.h>

#define EXIF 0xe1
#define GPS  "31.2304N 121.4737E"

static struct bytes kept;

static enum err accept(const char *type, struct bytes upload)
{
    struct fault fault;
    fault_init(&fault, arena);
    enum err err = upload_accept(arena, type, upload, &fault, &kept);
    if (err == ERR_DOCUMENT_UNREADABLE || err == ERR_DOCUMENT_REFUSED)
        assert_non_null(fault.detail_zh); /* the applicant is told what to do */
    return err;
}

static struct bytes cut(struct bytes whole, size_t size)
{
    return arena_bytes(arena, whole.data, size);
}

static bool holds(struct bytes whole, const char *text)
{
    return find(whole, text_bytes(text)) < whole.size;
}

/* -- types ------------------------------------------------------------------------------------------------------- */

static void refuses_a_picture_under_another_type(void **state)
{
    (void)state;
    assert_int_equal(accept("image/png", make_jpeg(8, 8, 3)), ERR_DOCUMENT_UNREADABLE);
    assert_int_equal(accept("application/pdf", make_png(8, 8)), ERR_DOCUMENT_UNREADABLE);
    assert_int_equal(accept("image/jpeg", text_bytes("%PDF-1.4\nendobj startxref %%EOF")), ERR_DOCUMENT_UNREADABLE);
}

static void refuses_what_is_no_document(void **state)
{
    (void)state;
    static const char *const types[] = {"application/pdf", "image/jpeg", "image/png"};
    static const char *const texts[] = {
        "", "x", "<html><script>", "MZ\x90", "GIF89a", "\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "%PDF-"};
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        for (size_t j = 0; j < ARRAY_SIZE(texts); j++)
            assert_int_equal(accept(types[i], text_bytes(texts[j])), ERR_DOCUMENT_UNREADABLE);
}

/* libpng takes and clears as much memory as a chunk claims to be long: 2 GB for 60 bytes. */
static void takes_no_memory_for_what_a_chunk_only_claims(void **state)
{
    (void)state;
    struct bytes whole = make_png(8, 8);
    uint8_t *lying = arena_copy(arena, whole.data, whole.size);
    struct rusage before, after;
    memcpy(lying + 33, "\x7e\0\0\x07tEXt", 8); /* the chunk behind IHDR */
    getrusage(RUSAGE_SELF, &before);
    assert_int_equal(accept("image/png", (struct bytes){lying, whole.size}), ERR_DOCUMENT_UNREADABLE);
    getrusage(RUSAGE_SELF, &after);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 64 * 1024); /* kB */
}

static void refuses_more_than_five_megabytes(void **state)
{
    (void)state;
    uint8_t *big = arena_alloc(arena, UPLOAD_SIZE_MAX + 1);
    assert_int_equal(accept("image/jpeg", (struct bytes){big, UPLOAD_SIZE_MAX + 1}), ERR_BODY_TOO_LARGE);
}

/* -- JPEG -------------------------------------------------------------------------------------------------------- */

static void writes_a_jpeg_anew(void **state)
{
    (void)state;
    assert_int_equal(accept("image/jpeg", make_jpeg(64, 48, 3)), OK);
    assert_memory_equal(kept.data, "\xff\xd8\xff", 3);
    struct bytes again = kept;
    assert_int_equal(accept("image/jpeg", make_jpeg(64, 48, 3)), OK);
    assert_int_equal(again.size, kept.size);
    assert_memory_equal(again.data, kept.data, kept.size);
    assert_int_equal(accept("image/jpeg", make_jpeg(33, 17, 1)), OK);
    assert_int_equal(accept("image/jpeg", make_progressive_jpeg(64, 48)), OK);
}

static void drops_where_a_jpeg_was_taken(void **state)
{
    (void)state;
    struct bytes jpeg = make_jpeg(32, 32, 3);
    jpeg = with_jpeg_segment(jpeg, EXIF, text_bytes("http://ns.adobe.com/xap/1.0/ " GPS));
    jpeg = with_jpeg_segment(jpeg, EXIF,
                             joined((struct bytes){(const uint8_t *)"Exif\0\0", 6}, text_bytes("MM\0*" GPS)));
    jpeg = with_jpeg_segment(jpeg, 0xfe, text_bytes("comment " GPS));
    jpeg = joined(jpeg, text_bytes("appended " GPS));
    assert_true(holds(jpeg, GPS));
    assert_int_equal(accept("image/jpeg", jpeg), OK);
    assert_false(holds(kept, GPS));
    assert_false(holds(kept, "comment"));
    assert_int_equal(find(kept, (struct bytes){(const uint8_t *)"Exif", 4}), kept.size);
}

static struct bytes exif_block(bool little, uint8_t orientation)
{
    static const uint8_t big[] = {'E', 'x',  'i',  'f', 0, 0, 'M', 'M', 0, 42,  0,   0,   0, 8,    0,
                                  2,   0x01, 0x0f, 0,   2, 0, 0,   0,   4, 'M', 'a', 'k', 0, 0x01, 0x12,
                                  0,   3,    0,    0,   0, 1, 0,   0,   0, 0,   0,   0,   0, 0};
    static const uint8_t small[] = {'E', 'x',  'i',  'f', 0, 0, 'I', 'I', 42, 0,   8,   0,   0, 0,    2,
                                    0,   0x0f, 0x01, 2,   0, 4, 0,   0,   0,  'M', 'a', 'k', 0, 0x12, 0x01,
                                    3,   0,    1,    0,   0, 0, 0,   0,   0,  0,   0,   0,   0, 0};
    struct bytes block = arena_bytes(arena, little ? small : big, sizeof(big));
    uint8_t *data = (uint8_t *)(uintptr_t)block.data;
    data[little ? 36 : 37] = orientation;
    return block;
}

static void keeps_the_orientation_of_a_jpeg_and_nothing_else(void **state)
{
    (void)state;
    for (int little = 0; little < 2; little++) {
        struct bytes jpeg = with_jpeg_segment(make_jpeg(32, 16, 3), EXIF, exif_block(little, 6));
        assert_int_equal(accept("image/jpeg", jpeg), OK);
        static const uint8_t expected[] = {0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6};
        assert_true(find(kept, (struct bytes){expected, sizeof(expected)}) < kept.size);
        assert_false(holds(kept, "Mak"));
    }
}

static void survives_hostile_orientations(void **state)
{
    (void)state;
    struct bytes block = exif_block(false, 99);
    for (size_t size = 0; size <= block.size; size++)
        assert_int_equal(accept("image/jpeg", with_jpeg_segment(make_jpeg(8, 8, 1), EXIF, cut(block, size))), OK);
    for (size_t at = 6; at < block.size; at++) {
        struct bytes hostile = arena_bytes(arena, block.data, block.size);
        ((uint8_t *)(uintptr_t)hostile.data)[at] = 0xff;
        assert_int_equal(accept("image/jpeg", with_jpeg_segment(make_jpeg(8, 8, 1), EXIF, hostile)), OK);
    }
}

static void refuses_a_jpeg_cut_off_anywhere(void **state)
{
    (void)state;
    struct bytes jpeg = make_jpeg(64, 64, 3), slow = make_progressive_jpeg(64, 64);
    for (size_t size = 0; size + 2 < jpeg.size; size += 7)
        assert_int_equal(accept("image/jpeg", cut(jpeg, size)), ERR_DOCUMENT_UNREADABLE);
    for (size_t size = 0; size + 2 < slow.size; size += 7)
        assert_int_equal(accept("image/jpeg", cut(slow, size)), ERR_DOCUMENT_UNREADABLE);
}

static void refuses_a_large_jpeg_cut_off_after_much_was_written(void **state)
{
    (void)state;
    struct bytes jpeg = make_jpeg(1500, 1500, 3);
    assert_int_equal(accept("image/jpeg", jpeg), OK);
    assert_true(kept.size > 300 * 1024);
    assert_int_equal(accept("image/jpeg", kept), OK);
    struct bytes whole = kept;
    for (size_t part = 1; part < 8; part++)
        assert_int_equal(accept("image/jpeg", cut(whole, whole.size * part / 8)), ERR_DOCUMENT_UNREADABLE);
}

/* The frame header is where a decoder decides how much memory it takes. */
static void refuses_a_jpeg_bomb_before_decoding(void **state)
{
    (void)state;
    struct bytes jpeg = make_jpeg(64, 64, 3);
    size_t frame = find(jpeg, (struct bytes){(const uint8_t *)"\xff\xc0", 2});
    uint8_t *data = (uint8_t *)(uintptr_t)jpeg.data;
    memcpy(data + frame + 5, "\xfd\xe8\xfd\xe8", 4); /* 65000 x 65000 */
    assert_int_equal(accept("image/jpeg", jpeg), ERR_DOCUMENT_REFUSED);
}

static void refuses_cmyk(void **state)
{
    (void)state;
    assert_int_equal(accept("image/jpeg", make_jpeg(16, 16, 4)), ERR_DOCUMENT_REFUSED);
}

/* Whatever a damaged file becomes, it becomes a picture or a refusal. */
static void survives_damaged_pictures(void **state)
{
    (void)state;
    struct bytes wholes[] = {make_jpeg(24, 24, 3), make_progressive_jpeg(24, 24), make_png(24, 24)};
    static const char *const types[] = {"image/jpeg", "image/jpeg", "image/png"};
    for (size_t i = 0; i < ARRAY_SIZE(wholes); i++)
        for (size_t at = 0; at < wholes[i].size; at += 3) {
            struct bytes damaged = arena_bytes(arena, wholes[i].data, wholes[i].size);
            ((uint8_t *)(uintptr_t)damaged.data)[at] ^= 0xff;
            enum err err = accept(types[i], damaged);
            assert_true(err == OK || err == ERR_DOCUMENT_UNREADABLE || err == ERR_DOCUMENT_REFUSED);
        }
}

/* -- PNG --------------------------------------------------------------------------------------------------------- */

static void writes_a_png_anew_without_its_texts(void **state)
{
    (void)state;
    struct bytes png = with_png_chunk(make_png(40, 30), "tEXt",
                                      joined((struct bytes){(const uint8_t *)"Author\0", 7}, text_bytes(GPS)));
    png = joined(with_png_chunk(png, "eXIf", text_bytes("MM\0*" GPS)), text_bytes("PK appended " GPS));
    assert_int_equal(accept("image/png", png), OK);
    assert_memory_equal(kept.data, "\x89PNG", 4);
    assert_false(holds(kept, GPS));
    assert_false(holds(kept, "Author"));
}

static void refuses_a_png_cut_off_anywhere(void **state)
{
    (void)state;
    struct bytes png = make_png(40, 30);
    for (size_t size = 0; size + 12 < png.size; size += 11)
        assert_int_equal(accept("image/png", cut(png, size)), ERR_DOCUMENT_UNREADABLE);
}

static void refuses_a_png_bomb_before_decoding(void **state)
{
    (void)state;
    struct bytes png = make_png(16, 16);
    memcpy((uint8_t *)(uintptr_t)png.data + 16, "\0\0\xc3\x50\0\0\xc3\x50", 8); /* 50000 x 50000 */
    assert_int_equal(accept("image/png", png), ERR_DOCUMENT_REFUSED);
}

/* -- PDF --------------------------------------------------------------------------------------------------------- */

static struct bytes pdf_with(const char *inside)
{
    return text_bytes(arena_format(
        arena, "%%PDF-1.4\n1 0 obj\n<< /Type /Catalog %s >>\nendobj\nxref\ntrailer\nstartxref\n9\n%%%%EOF\n", inside));
}

static void keeps_a_plain_pdf_as_it_is(void **state)
{
    (void)state;
    struct bytes pdf = pdf_with("/Pages 2 0 R");
    assert_int_equal(accept("application/pdf", pdf), OK);
    assert_int_equal(kept.size, pdf.size);
    assert_memory_equal(kept.data, pdf.data, pdf.size);
}

static void refuses_a_pdf_that_runs_launches_embeds_or_hides(void **state)
{
    (void)state;
    static const char *const inside[] = {"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
                                         "/A << /S /Launch /F (cmd.exe) >>",
                                         "/Names << /EmbeddedFiles 3 0 R >>",
                                         "/EmbeddedFile",
                                         "/Encrypt 5 0 R",
                                         "/S /SubmitForm",
                                         "/RichMedia",
                                         "/S /J#61vaScript",
                                         "/S /#4A#61#76#61#53#63#72#69#70#74",
                                         "/S/Launch/F(x)"};
    for (size_t i = 0; i < ARRAY_SIZE(inside); i++)
        assert_int_equal(accept("application/pdf", pdf_with(inside[i])), ERR_DOCUMENT_REFUSED);
}

static struct bytes pdf_with_objects(const char *objects, size_t repeat)
{
    size_t size = strlen(objects) * repeat;
    char *many = arena_alloc(arena, size + 1);
    for (size_t i = 0; i < repeat; i++)
        memcpy(many + i * strlen(objects), objects, strlen(objects));
    uLongf packed_size = compressBound(size);
    uint8_t *packed = arena_alloc(arena, packed_size);
    assert_int_equal(compress(packed, &packed_size, (const Bytef *)many, size), Z_OK);
    struct bytes head = text_bytes(
        "%PDF-1.5\n1 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\r\n");
    struct bytes tail = text_bytes("\nendstream endobj\nstartxref\n0\n%%EOF");
    return joined(joined(head, (struct bytes){packed, packed_size}), tail);
}

static void looks_into_compressed_objects(void **state)
{
    (void)state;
    assert_int_equal(accept("application/pdf", pdf_with_objects("1 0 << /Type /Page >>", 1)), OK);
    assert_int_equal(accept("application/pdf", pdf_with_objects("1 0 << /S /JavaScript >>", 1)), ERR_DOCUMENT_REFUSED);
    assert_int_equal(accept("application/pdf", pdf_with_objects("1 0 << /S /Launch >>", 3)), ERR_DOCUMENT_REFUSED);
}

static void refuses_a_compressed_object_bomb(void **state)
{
    (void)state;
    assert_int_equal(accept("application/pdf", pdf_with_objects("        ", 1024 * 1024)), ERR_DOCUMENT_REFUSED);
    struct bytes other = text_bytes("%PDF-1.5\n/ObjStm stream\nnot flate\nendstream endobj startxref %%EOF");
    assert_int_equal(accept("application/pdf", other), ERR_DOCUMENT_REFUSED);
    assert_int_equal(accept("application/pdf", text_bytes("%PDF-1.5\nendobj startxref %%EOF /ObjStm")),
                     ERR_DOCUMENT_REFUSED);
}

static void refuses_a_pdf_without_an_end(void **state)
{
    (void)state;
    struct bytes pdf = pdf_with("/Pages 2 0 R");
    assert_int_equal(accept("application/pdf", cut(pdf, pdf.size - 4)), ERR_DOCUMENT_UNREADABLE);
    assert_int_equal(accept("application/pdf", cut(pdf, 30)), ERR_DOCUMENT_UNREADABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refuses_a_picture_under_another_type),
        TEST(refuses_what_is_no_document),
        TEST(takes_no_memory_for_what_a_chunk_only_claims),
        TEST(refuses_more_than_five_megabytes),
        TEST(writes_a_jpeg_anew),
        TEST(drops_where_a_jpeg_was_taken),
        TEST(keeps_the_orientation_of_a_jpeg_and_nothing_else),
        TEST(survives_hostile_orientations),
        TEST(refuses_a_jpeg_cut_off_anywhere),
        TEST(refuses_a_large_jpeg_cut_off_after_much_was_written),
        TEST(refuses_a_jpeg_bomb_before_decoding),
        TEST(refuses_cmyk),
        TEST(survives_damaged_pictures),
        TEST(writes_a_png_anew_without_its_texts),
        TEST(refuses_a_png_cut_off_anywhere),
        TEST(refuses_a_png_bomb_before_decoding),
        TEST(keeps_a_plain_pdf_as_it_is),
        TEST(refuses_a_pdf_that_runs_launches_embeds_or_hides),
        TEST(looks_into_compressed_objects),
        TEST(refuses_a_compressed_object_bomb),
        TEST(refuses_a_pdf_without_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
