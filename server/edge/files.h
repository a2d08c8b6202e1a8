/* SPDX-License-Identifier: Apache-2.0 */
/* The built pages (server/web), held in memory: documents, which a browser must never keep, and assets, whose names
 * carry their hash, so that it may keep them for a year. Each file lies beside its gzip copy where that is smaller. */
#pragma once

#include "base/err.h"
#include "edge/route.h"

struct files;

struct files_document {
    const char *path; /* "/order": this and everything below it; "/": only this */
    const char *file; /* of the folder: "portal.html" */
};

struct files_options {
    const char *root; /* the folder that the build wrote */
    const struct files_document *documents;
    size_t document_count;
    const char *policy; /* Content-Security-Policy of the documents; kept by reference */
};

/* ERR_SETTINGS_INVALID when the folder or the file of a document is missing or cannot be read; logs which. */
enum err files_open(const struct files_options *options, struct files **out) MUST_CHECK;
void files_free(struct files *files);
/* The route that answers this request from the files of its listener; NULL when none does. */
const struct route *files_route(struct request *req);
