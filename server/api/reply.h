/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers have in common: reading a JSON body, and what an answer writes for a value that is not there. */
#pragma once

#include "edge/request.h"

#include <stddef.h>

/* Reads the body, a JSON object of these fields and no others; NULL, 0 for an empty one. The document is the caller's
 * (AUTO_JSON), its texts live as long as it does. ERR_JSON_MALFORMED, ERR_FIELDS_INVALID. */
enum err reply_read_body(struct request *req, struct json **document, const struct json_field *fields,
                         size_t count) MUST_CHECK;

/* A part of the path as the number of a row; unknown where it cannot be one. */
enum err reply_read_id(struct request *req, const char *part, enum err unknown, int64_t *id) MUST_CHECK;

/* The query's "size": 50 without one, at most maximum. ERR_FIELDS_INVALID. */
enum err reply_read_page_size(struct request *req, int64_t maximum, int64_t *size) MUST_CHECK;

/* Adds to the fault when a query's text is not a day (2026-11-21). */
void reply_check_day(struct request *req, const char *name, const char *text);

/* Where a route takes more than one kind of body: is this one JSON? */
bool reply_body_is_json(const struct request *req);

/* {renewal_no, status} of the route's {no}. */
void reply_moved(struct request *req, const char *status);
/* status, status_name, and the stage applicants are shown for it: stage, stage_name. */
void reply_put_state(struct json *body, const char *status);
/* 0 writes null. */
void reply_put_instant(struct arena *arena, struct json *body, const char *name, int64_t unix_us);
void reply_put_time(struct request *req, struct json *body, const char *name, int64_t unix_us);
/* The parts of a comma separated text as an array of texts. */
void reply_put_list(struct request *req, struct json *body, const char *name, const char *list);
/* "" writes null. */
void reply_put_text(struct json *body, const char *name, const char *text);

/* The field of a body that says which version of an object was seen. */
#define REPLY_VERSION_FIELD(at, may_lack)                                                                              \
    {                                                                                                                  \
        "version", FIELD_INTEGER, .optional = (may_lack), .into = (at)                                                 \
    }
/* least: 1, or 0 where it may lack. ERR_FIELDS_INVALID. */
enum err reply_check_version(struct request *req, int64_t version, int64_t least) MUST_CHECK;

/* What a late write is told, in its problem's "changed": who changed what when. by "": the server or the applicant.
 * at_us 0: nobody did, nothing is said. */
void reply_say_changed(struct request *req, const char *by, int64_t at_us, const char *step);
/* May somebody do this? code "": yes; else the one that trying it would be refused with, and its sentence. */
struct json *reply_action(const char *action, const char *code);
