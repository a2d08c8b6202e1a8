/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/code.h"

#include "base/text.h"

#define CODE_RANGE 1000000 /* of 64 bits: the digits are even to one in 2^44 */

struct bytes code_salt(struct arena *arena)
{
    uint8_t *salt = arena_alloc(arena, CODE_SALT_SIZE);
    random_bytes(salt, CODE_SALT_SIZE);
    return (struct bytes){salt, CODE_SALT_SIZE};
}

char *code_text(const struct seal_keys *keys, struct arena *arena, struct bytes salt)
{
    struct bytes mac = seal_index(keys, arena, "sms_code.salt", hex_encode(arena, salt));
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof(number); i++)
        number = number << 8 | mac.data[i];
    return arena_format(arena, "%0*u", CODE_DIGITS, (unsigned)(number % CODE_RANGE));
}

struct bytes code_digest(const struct seal_keys *keys, struct arena *arena, const char *purpose, const char *mobile,
                         const char *code)
{
    return seal_index(keys, arena, "sms_code.code", arena_format(arena, "%s %s %s", purpose, mobile, code));
}
