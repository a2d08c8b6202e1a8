/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/note.h"

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "pki/digest.h"
#include "pki/key.h"
#include "pki/openssl.h"
#include "pki/pem.h"
#include "pki/public_key.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define KEY_ID_SIZE  4
#define DASH         "\xe2\x80\x94 " /* U+2014 and a blank begin a signature line */
#define PEM_LINE     64
#define PEM_SIZE_MAX 4096
#define SIZE_DIGITS  18

bool note_name_valid(const char *name)
{
    if (name[0] == '\0' || !utf8_valid(name, strlen(name)))
        return false;
    for (; *name != '\0'; name++)
        if ((unsigned char)*name <= ' ' || *name == '+' || *name == 0x7f)
            return false;
    return true;
}

const char *note_origin(struct arena *arena, const char *set, const char *public_url)
{
    const char *host = strstr(public_url, "://");
    host = host == NULL ? public_url : host + 3;
    return set[0] != '\0' ? set : arena_format(arena, "%.*s/audit", (int)strcspn(host, "/"), host);
}

const char *note_text(struct arena *arena, const struct checkpoint *checkpoint)
{
    const char *root = base64_encode(arena, (struct bytes){checkpoint->root.octets, MERKLE_HASH_SIZE});
    return arena_format(arena, "%s\n%" PRId64 "\n%s\n", checkpoint->origin, checkpoint->size, root);
}

const char *note_signed(struct arena *arena, const char *text, const char *name, struct bytes spki,
                        struct bytes signature)
{
    uint8_t *blob = arena_alloc(arena, KEY_ID_SIZE + signature.size);
    memcpy(blob, sha256(arena, spki).data, KEY_ID_SIZE);
    memcpy(blob + KEY_ID_SIZE, signature.data, signature.size);
    return arena_format(arena, "%s\n" DASH "%s %s\n", text, name,
                        base64_encode(arena, (struct bytes){blob, KEY_ID_SIZE + signature.size}));
}

/* -- reading ------------------------------------------------------------------------------------------------------ */

/* The last empty line divides text and signatures; ours has one of these. */
static bool divide(struct arena *arena, const char *note, const char **text, const char **line)
{
    const char *blank = NULL;
    size_t size = strlen(note);
    if (size > NOTE_SIZE_MAX || !utf8_valid(note, size))
        return false;
    for (const char *at = strstr(note, "\n\n"); at != NULL; at = strstr(at + 1, "\n\n"))
        blank = at;
    if (blank == NULL || strncmp(blank + 2, DASH, strlen(DASH)) != 0 || note[size - 1] != '\n' ||
        strchr(blank + 2, '\n') != note + size - 1)
        return false;
    *text = arena_text_n(arena, note, (size_t)(blank + 1 - note));
    *line = arena_text_n(arena, blank + 2 + strlen(DASH), (size_t)(note + size - 1 - (blank + 2 + strlen(DASH))));
    return true;
}

static bool read_line(struct arena *arena, const char *line, const char **name, struct bytes *blob)
{
    const char *space = strchr(line, ' ');
    if (space == NULL || !base64_decode(arena, space + 1, strlen(space + 1), blob) || blob->size <= KEY_ID_SIZE)
        return false;
    *name = arena_text_n(arena, line, (size_t)(space - line));
    return true;
}

static bool read_size(const char *text, size_t length, int64_t *size)
{
    int64_t value = 0;
    if (length == 0 || length > SIZE_DIGITS || (text[0] == '0' && length > 1))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *size = value;
    return true;
}

/* Exactly three lines: extensions would be signed and not looked at. */
static bool read_text(struct arena *arena, const char *text, struct checkpoint *out)
{
    const char *first = strchr(text, '\n'), *second = first == NULL ? NULL : strchr(first + 1, '\n');
    const char *third = second == NULL ? NULL : strchr(second + 1, '\n');
    struct bytes root;
    if (third == NULL || third[1] != '\0' || !read_size(first + 1, (size_t)(second - first - 1), &out->size) ||
        !base64_decode(arena, second + 1, (size_t)(third - second - 1), &root) || root.size != MERKLE_HASH_SIZE)
        return false;
    memcpy(out->root.octets, root.data, MERKLE_HASH_SIZE);
    out->origin = arena_text_n(arena, text, (size_t)(first - text));
    return true;
}

static bool verifies(struct bytes spki, struct bytes signature, const char *text)
{
    OPENSSL_QUIET;
    AUTO(EVP_PKEY) *key = public_key_kept(spki);
    return key != NULL && public_key_verifies(key, bytes_of_text(text), signature);
}

enum err note_open(struct arena *arena, const char *note, const char *name, struct bytes spki, struct checkpoint *out)
{
    const char *text, *line, *signer;
    struct bytes blob;
    struct checkpoint read;
    ENSURE(divide(arena, note, &text, &line) && read_line(arena, line, &signer, &blob), ERR_AUDIT_SIGNATURE);
    ENSURE(strcmp(signer, name) == 0 && memcmp(blob.data, sha256(arena, spki).data, KEY_ID_SIZE) == 0,
           ERR_AUDIT_SIGNATURE);
    struct bytes signature = {blob.data + KEY_ID_SIZE, blob.size - KEY_ID_SIZE};
    ENSURE(verifies(spki, signature, text) && read_text(arena, text, &read) && strcmp(read.origin, name) == 0,
           ERR_AUDIT_SIGNATURE);
    *out = read;
    return OK;
}

enum err note_parts(struct arena *arena, const char *note, const char **text, struct bytes *signature)
{
    const char *line, *signer;
    struct bytes blob;
    ENSURE(divide(arena, note, text, &line) && read_line(arena, line, &signer, &blob), ERR_AUDIT_SIGNATURE);
    *signature = (struct bytes){blob.data + KEY_ID_SIZE, blob.size - KEY_ID_SIZE};
    return OK;
}

/* -- the key ------------------------------------------------------------------------------------------------------ */

char *note_key_pem(struct arena *arena, struct bytes spki)
{
    const char *base64 = base64_encode(arena, spki);
    char *text = arena_text(arena, "-----BEGIN PUBLIC KEY-----\n");
    for (size_t at = 0; at < strlen(base64); at += PEM_LINE)
        text = arena_format(arena, "%s%.*s\n", text, PEM_LINE, base64 + at);
    return arena_format(arena, "%s-----END PUBLIC KEY-----\n", text);
}

enum err note_key_load(struct arena *arena, const char *path, struct bytes *spki)
{
    struct bytes text, der;
    const char *label;
    TRY(file_read(arena, path, PEM_SIZE_MAX, &text));
    if (!pem_decode(arena, text, &label, &der) || strcmp(label, "PUBLIC KEY") != 0 || key_kind(der) != KEY_P256) {
        log_error("audit", "%s is not the PEM of a public key on P-256", path);
        return ERR_SETTINGS_INVALID;
    }
    *spki = der;
    return OK;
}
