/* SPDX-License-Identifier: Apache-2.0 */
/* What the applicant's and the reviewer's side of uploaded documents have in common. */
#pragma once

#include "edge/request.h"
#include "store/material.h"

#define MATERIAL_PLACE "renewal.material"

/* Renewal, kind and page: a sealed document copied to another row does not open. */
struct bytes material_aad(struct arena *arena, const char *renewal_no, const char *kind, int64_t page);
/* 1 to MATERIAL_PAGES_MAX; NULL is 1. ERR_FIELDS_INVALID. */
enum err material_read_page(const char *text, struct fault *fault, int64_t *page) MUST_CHECK;

/* A document on its way: checked, written anew where it is a picture, and sealed, on a thread of its own. */
struct material_sealing {
    struct request *req;
    struct material_upload
        out; /* what the database is to keep; content_type, kind, page and renewal_no by the caller */
    /* On the loop, when it is sealed: makes the one database call, whose callback ends with material_sealed_end. An
     * error is answered by itself. */
    enum err (*next)(struct material_sealing *sealing);
    void *context; /* the caller's */
    struct arena *arena;
    struct fault fault;
    const struct seal_keys *keys;
    struct bytes body, aad;
    enum err err;
};

/* Starts with the request's body. ERR_DOCUMENT_UNREADABLE for an empty one, ERR_BUSY. */
enum err material_seal(struct material_sealing *sealing) MUST_CHECK;
/* Replies with what is kept, or fails; the sealing is gone. */
void material_sealed_end(struct material_sealing *sealing, enum err err, const struct row *rows);
/* Of the request's Content-Type, without parameters, in lower case. */
const char *material_media_type(struct request *req);
bool material_is_photo(const char *kind);
/* Names each of the kinds, separated by spaces, in the request's fault; identity.… are steps. */
void material_name_missing(struct request *req, const char *kinds);
/* Adds "materials": the pages, and "missing": the kinds. */
void material_put_list(struct request *req, struct json *body, const struct material_list *list);
