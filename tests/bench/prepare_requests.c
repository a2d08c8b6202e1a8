/* SPDX-License-Identifier: Apache-2.0 */
/* Requests over what the database has made: progress, certificates. Callbacks are made by tests/support/callback.mjs.
 */
#include "prepare.h"

#include "base/file.h"
#include "base/text.h"
#include "pki/digest.h"
#include "requests.h"

/* -- progress ------------------------------------------------------------------------------------------------------ */

/* As server/api/access.c makes it. */
static const char *access_token(struct arena *arena, struct bytes key, const char *renewal_no)
{
    const char *message = arena_format(arena, "xuqi renewal access %s", renewal_no);
    return base64url_encode(arena, hmac_sha256(arena, key, bytes_of_text(message)));
}

static enum err load_access_key(struct arena *arena, const struct options *options, struct bytes *key)
{
    struct bytes text;
    TRY(file_read_secret(arena, arena_format(arena, "%s/keys/access.key", options->var), &text));
    return hex_decode(arena, (const char *)text.data, key) ? OK : ERR_SETTINGS_INVALID;
}

static void write_read(struct arena *arena, FILE *out, struct bytes key, const char *no)
{
    write_record(out, bytes_of_text(arena_format(arena,
                                                 "GET /api/v1/renewals/%s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                                 "Authorization: Bearer %s\r\n\r\n",
                                                 no, access_token(arena, key, no))));
}

enum err prepare_reads(const struct options *options)
{
    struct arena *arena = arena_new(), *line_arena = arena_new();
    struct bytes key;
    TRY(load_access_key(arena, options, &key));
    FILE *out = open_out(arena, options, "read.requests");
    const char *no;
    while ((no = read_line()) != NULL) {
        write_read(line_arena, out, key, no);
        arena_reset(line_arena);
    }
    close_out(out);
    arena_free(line_arena);
    arena_free(arena);
    return OK;
}

/* -- certificates -------------------------------------------------------------------------------------------------- */

static bool read_record(FILE *file, struct arena *arena, struct bytes *record)
{
    record_size size;
    if (fread(&size, sizeof(size), 1, file) != 1)
        return false;
    uint8_t *data = arena_alloc(arena, size);
    *record = (struct bytes){data, size};
    return fread(data, 1, size, file) == size;
}

static void write_fetch(struct arena *arena, FILE *out, const char *no, struct bytes cms)
{
    write_post(arena, out, arena_format(arena, "/api/v1/renewals/%s/certificate", no), "application/pkcs7-mime", cms);
}

enum err prepare_fetches(const struct options *options)
{
    struct arena *arena = arena_new(), *line_arena = arena_new();
    FILE *in = fopen(arena_format(arena, "%s/signed.records", options->out), "re");
    ENSURE(in != NULL, ERR_SETTINGS_INVALID);
    FILE *out = open_out(arena, options, "fetch.requests");
    const char *no;
    struct bytes cms;
    enum err err = OK;
    while (err == OK && (no = read_line()) != NULL) {
        if (read_record(in, line_arena, &cms))
            write_fetch(line_arena, out, no, cms);
        else
            err = ERR_SETTINGS_INVALID; /* more renewals than signed requests */
        arena_reset(line_arena);
    }
    fclose(in);
    close_out(out);
    arena_free(line_arena);
    arena_free(arena);
    return err;
}
