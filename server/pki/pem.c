/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/pem.h"

#include "base/text.h"
#include "pki/openssl.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

struct block {
    char *label, *header;
    unsigned char *content;
    long size;
};

static void cleanup_block(struct block *block)
{
    OPENSSL_free(block->label);
    OPENSSL_free(block->header);
    OPENSSL_clear_free(block->content, block->size > 0 ? (size_t)block->size : 0);
}

bool pem_looks_like(struct bytes text)
{
    static const char begin[] = "-----BEGIN ";
    return text.size > 0 && memmem(text.data, text.size, begin, sizeof(begin) - 1) != NULL;
}

static bool only_space_left(BIO *bio)
{
    char c;
    while (BIO_read(bio, &c, 1) == 1)
        if (!isspace((unsigned char)c))
            return false;
    return true;
}

bool pem_decode(struct arena *arena, struct bytes text, const char **label, struct bytes *der)
{
    OPENSSL_QUIET;
    if (text.size == 0 || text.size > INT_MAX)
        return false;
    AUTO(BIO) *bio = BIO_new_mem_buf(text.data, (int)text.size);
    __attribute__((cleanup(cleanup_block))) struct block block = {0};
    if (bio == NULL || PEM_read_bio(bio, &block.label, &block.header, &block.content, &block.size) != 1)
        return false;
    if (block.header[0] != '\0' || block.size <= 0 || !only_space_left(bio))
        return false;
    *label = arena_text(arena, block.label);
    *der = arena_bytes(arena, block.content, (size_t)block.size);
    return true;
}

bool pem_decode_bare(struct arena *arena, struct bytes text, struct bytes *der)
{
    char *packed = arena_alloc(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++)
        if (!isspace(text.data[i]))
            packed[size++] = (char)text.data[i];
    return size > 0 && base64_decode(arena, packed, size, der);
}
