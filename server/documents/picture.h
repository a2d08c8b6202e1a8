/* SPDX-License-Identifier: Apache-2.0 */
/* The decoders behind upload_accept. Inside this room only; errors as there. */
#pragma once

#include "documents/upload.h"

enum err jpeg_rewrite(struct arena *arena, struct bytes upload, struct fault *fault, struct bytes *kept) MUST_CHECK;
/* Turned by its orientation, and scaled down. */
enum err jpeg_upright(struct arena *arena, struct bytes upload, struct fault *fault, struct bytes *kept) MUST_CHECK;
enum err png_rewrite(struct arena *arena, struct bytes upload, struct fault *fault, struct bytes *kept) MUST_CHECK;
enum err pdf_check(struct bytes upload, struct fault *fault) MUST_CHECK;
enum err png_check_photo(struct bytes upload, struct fault *fault) MUST_CHECK;

MUST_CHECK static inline enum err picture_check_photo(uint32_t width, uint32_t height, struct fault *fault)
{
    if (width >= PHOTO_SIDE_MIN || height >= PHOTO_SIDE_MIN)
        return OK;
    return fault_explain(fault, ERR_DOCUMENT_REFUSED, "照片太小，看不清证件，请靠近后重新拍摄原图",
                         "The photo is too small to read; take it again from nearer");
}

/* Before anything is decoded. */
MUST_CHECK static inline enum err picture_check_pixels(uint32_t width, uint32_t height, struct fault *fault)
{
    if (width > 0 && height > 0 && (uint64_t)width * height <= UPLOAD_PIXELS_MAX)
        return OK;
    return fault_explain(fault, ERR_DOCUMENT_REFUSED, "图片超过4000万像素，请降低扫描分辨率（200至300dpi即可）",
                         "The picture has more than 40 megapixels; scan at 200 to 300 dpi");
}

MUST_CHECK static inline enum err picture_damaged(struct fault *fault)
{
    return fault_explain(fault, ERR_DOCUMENT_UNREADABLE, "图片已损坏或不完整", "The picture is damaged or cut off");
}

MUST_CHECK static inline enum err picture_check_kept(size_t size, struct fault *fault)
{
    if (size <= UPLOAD_KEPT_MAX)
        return OK;
    return fault_explain(fault, ERR_DOCUMENT_REFUSED, "图片过大，请降低扫描分辨率或保存为JPEG",
                         "The picture is too large; scan at a lower resolution or save it as JPEG");
}
