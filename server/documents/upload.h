/* SPDX-License-Identifier: Apache-2.0 */
/* An uploaded document is hostile until shown otherwise: its bytes must be of the type claimed, pictures are decoded
 * and written anew (nothing but pixels and their orientation comes through), PDFs are kept as they are unless they hold
 * what runs, launches or hides. Blocks: to be called from base/offload. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"

#define UPLOAD_SIZE_MAX   (5 * 1024 * 1024)
#define UPLOAD_KEPT_MAX   (8 * 1024 * 1024) /* after writing a picture anew */
#define UPLOAD_PIXELS_MAX 40000000u
#define PHOTO_SIDE_MIN    400u  /* the longer side: less cannot be read */
#define PHOTO_SIDE_ENOUGH 2000u /* larger ones are made smaller, to no less than this */

/* content_type: application/pdf, image/jpeg or image/png. ERR_DOCUMENT_UNREADABLE: not of this type, damaged or cut
 * off; ERR_DOCUMENT_REFUSED: readable, but too large or with forbidden content. Both are explained in fault. */
enum err upload_accept(struct arena *arena, const char *content_type, struct bytes upload, struct fault *fault,
                       struct bytes *kept) MUST_CHECK;
/* The same for a photo, JPEG or PNG, of an identity card: upright whatever its Exif says, without any metadata, and no
 * larger than it needs to be. */
enum err photo_accept(struct arena *arena, const char *content_type, struct bytes upload, struct fault *fault,
                      struct bytes *kept) MUST_CHECK;
