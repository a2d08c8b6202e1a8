/* SPDX-License-Identifier: Apache-2.0 */
/* What Alipay calls a certificate's sn: the MD5 of its issuer's name and its serial number, which tells certificates of
 * one bundle apart and protects nothing. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

/* Of each certificate of a PEM text, in its order, joined by "_"; of those alone that are signed with RSA when
 * rsa_only is set. ERR_CERTIFICATE_MALFORMED: there is none, or one cannot be read. */
enum err issuer_sn(struct bytes pem, bool rsa_only, struct arena *arena, const char **out) MUST_CHECK;
