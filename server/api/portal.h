/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of the web hall share. */
#pragma once

#include "edge/request.h"
#include "store/portal.h"

/* A mobile number as the database is to know it. ERR_FIELDS_INVALID, naming "mobile". */
enum err portal_read_mobile(struct request *req, const char *typed, struct portal_mobile *out,
                            const char **canonical) MUST_CHECK;
/* The keyed hash that finds a number. */
struct bytes portal_mobile_index(struct request *req, const char *canonical);
/* 8 to PASSWORD_LENGTH_MAX characters, not of one character only (ASVS 5.0 6.2.1). Adds to the fault. */
void portal_check_password(struct request *req, const char *password);
/* The session that is to be opened; token is what its owner gets. */
struct portal_seat portal_new_seat(struct request *req, const char **token);
/* 201 with the session and its token, or the refusal. */
void portal_reply_opened(struct request *req, enum err err, const struct row *rows, const char *token);
