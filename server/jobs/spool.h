/* SPDX-License-Identifier: Apache-2.0 */
/* The folder that messages are put into for another program to fetch. A file appears complete and durable, or not at
 * all, and for the owner only; writing it again replaces it. Files that wait together are written together, since
 * making one durable costs the disk as much as making several; by a thread, so that the loop never waits for the disk,
 * and behind those who wait for an answer: nobody waits for a message. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/loop.h"

#include <stddef.h>

struct spool;

#define SPOOL_TOGETHER_MAX 64

struct spool_file {
    struct spool_file *next;
    const char *name; /* in the folder */
    struct bytes content;
    enum err err; /* how it went: ERR_INTERNAL is logged */
    /* On the loop. */
    void (*done)(struct spool_file *file);
    void *context;
};

struct spool *spool_new(struct loop *loop, const char *folder);
/* Finishes what is being written; what waits is dropped. NULL is fine. */
void spool_free(struct spool *spool);
/* Answers by done, never before it returns. The file and what it points to stay as they are until then. */
void spool_put(struct spool *spool, struct spool_file *file);

/* The writing itself, waiting for the disk: up to SPOOL_TOGETHER_MAX files, each with its own err. */
void spool_write(const char *folder, struct spool_file *const *files, size_t count);
