/* SPDX-License-Identifier: Apache-2.0 */
/* Media types of request bodies (RFC 9110 8.3). */
#pragma once

#include "base/err.h"

/* Whether content_type (a header value, or NULL) is one of accepted ("a|b"), whatever its parameters; JSON in another
 * charset than UTF-8 is refused (RFC 8259 8.1). ERR_UNSUPPORTED_MEDIA_TYPE otherwise. */
enum err media_check(const char *accepted, const char *content_type) MUST_CHECK;
