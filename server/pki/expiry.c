/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/expiry.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "pki/certificate.h"
#include "pki/openssl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX    262144
#define CERTIFICATES_MAX 256 /* of one file */
#define FIRST_ROOM       16

void expiries_add(struct expiries *list, const char *setting, const char *file, const char *subject,
                  int64_t not_after_us)
{
    struct arena *arena = list->arena;
    if (list->count == list->room) {
        list->room = list->room == 0 ? FIRST_ROOM : list->room * 2;
        struct expiry *items = arena_alloc(arena, list->room * sizeof(*items));
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof(*items));
        list->items = items;
    }
    list->items[list->count++] = (struct expiry){arena_text(arena, setting), arena_text(arena, file),
                                                 arena_text(arena, subject), not_after_us};
}

static void add_der(struct expiries *list, const char *setting, const char *file, struct bytes der)
{
    struct certificate certificate;
    if (certificate_parse(list->arena, der, &certificate) == OK)
        expiries_add(list, setting, file, certificate.subject, certificate.not_after_us);
}

void expiries_add_file(struct expiries *list, const char *setting, const char *file)
{
    OPENSSL_QUIET;
    struct bytes text;
    if (access(file, R_OK) != 0 || file_read(list->arena, file, FILE_SIZE_MAX, &text) != OK || text.size == 0)
        return;
    AUTO(BIO) *bio = BIO_new_mem_buf(text.data, (int)text.size);
    openssl_must(bio != NULL, "BIO_new_mem_buf");
    for (size_t i = 0; i < CERTIFICATES_MAX; i++) {
        AUTO(X509) *one = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        unsigned char *der = NULL;
        if (one == NULL)
            return;
        int size = i2d_X509(one, &der);
        openssl_must(size > 0, "i2d_X509");
        add_der(list, setting, file, arena_bytes(list->arena, der, (size_t)size));
        OPENSSL_free(der);
    }
}

int64_t expiry_days_left(const struct expiry *expiry, int64_t now_us)
{
    int64_t left_us = expiry->not_after_us - now_us;
    return left_us / CLOCK_DAY_US - (left_us % CLOCK_DAY_US < 0 ? 1 : 0);
}

static void say(const struct expiry *expiry, int64_t days, struct arena *arena)
{
    const char *place = expiry->file[0] == '\0' ? "" : arena_format(arena, " file=%s", expiry->file);
    const char *end = clock_text(arena, expiry->not_after_us);
    const char *what = "get the next one from its issuer, put it where the setting says and reload (kill -HUP)";
    if (days < 0)
        log_error("certificate", "%s: the certificate of %s has ended at %s: %s%s", expiry->setting, expiry->subject,
                  end, what, place);
    else
        log_warn("certificate", "%s: the certificate of %s ends in %" PRId64 " days, at %s: %s%s", expiry->setting,
                 expiry->subject, days, end, what, place);
}

size_t expiries_log(const struct expiries *list, int64_t warn_days, int64_t now_us)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].not_after_us - now_us > warn_days * CLOCK_DAY_US)
            continue;
        say(&list->items[i], expiry_days_left(&list->items[i], now_us), list->arena);
        count++;
    }
    return count;
}
