/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/upload.h"

#include "documents/picture.h"

#include <stdbool.h>
#include <string.h>

static const char pdf_magic[] = "%PDF-";             /* ISO 32000-1 7.5.2 */
static const char jpeg_magic[] = "\xff\xd8\xff";     /* ITU-T T.81 B.1: SOI and the next marker */
static const char png_magic[] = "\x89PNG\r\n\x1a\n"; /* ISO/IEC 15948 5.2 */

static bool begins(struct bytes bytes, const char *magic, size_t size)
{
    return bytes.size > size && memcmp(bytes.data, magic, size) == 0;
}

static const char *sniff(struct bytes upload)
{
    if (begins(upload, pdf_magic, sizeof(pdf_magic) - 1))
        return "application/pdf";
    if (begins(upload, jpeg_magic, sizeof(jpeg_magic) - 1))
        return "image/jpeg";
    return begins(upload, png_magic, sizeof(png_magic) - 1) ? "image/png" : "";
}

enum err upload_accept(struct arena *arena, const char *content_type, struct bytes upload, struct fault *fault,
                       struct bytes *kept)
{
    ENSURE(upload.size <= UPLOAD_SIZE_MAX, ERR_BODY_TOO_LARGE);
    if (strcmp(sniff(upload), content_type) != 0)
        return fault_explain(fault, ERR_DOCUMENT_UNREADABLE, "文件内容与声明的类型不一致；只接受PDF、JPEG、PNG",
                             "The content is not of the type claimed; PDF, JPEG and PNG are accepted");
    if (strcmp(content_type, "image/jpeg") == 0)
        return jpeg_rewrite(arena, upload, fault, kept);
    if (strcmp(content_type, "image/png") == 0)
        return png_rewrite(arena, upload, fault, kept);
    TRY(pdf_check(upload, fault));
    *kept = arena_bytes(arena, upload.data, upload.size);
    return OK;
}

enum err photo_accept(struct arena *arena, const char *content_type, struct bytes upload, struct fault *fault,
                      struct bytes *kept)
{
    ENSURE(upload.size <= UPLOAD_SIZE_MAX, ERR_BODY_TOO_LARGE);
    if (strcmp(sniff(upload), content_type) != 0)
        return fault_explain(fault, ERR_DOCUMENT_UNREADABLE, "文件内容与声明的类型不一致；照片只接受JPEG、PNG",
                             "The content is not of the type claimed; photos are JPEG or PNG");
    if (strcmp(content_type, "image/jpeg") == 0)
        return jpeg_upright(arena, upload, fault, kept);
    if (strcmp(content_type, "image/png") != 0)
        return fault_explain(fault, ERR_DOCUMENT_REFUSED, "身份证照片只接受JPEG、PNG图片，不接受PDF",
                             "Photos are JPEG or PNG, not PDF");
    TRY(png_check_photo(upload, fault));
    return png_rewrite(arena, upload, fault, kept);
}
