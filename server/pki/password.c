/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/password.h"

#include "base/text.h"
#include "pki/openssl.h"

#include <argon2.h>
#include <string.h>

#define PASSWORD_BYTES_MAX (4 * PASSWORD_LENGTH_MAX) /* UTF-8 */
#define ARGON2_PASSES      2
#define ARGON2_MEMORY_KIB  19456
#define ARGON2_LANES       1
#define ARGON2_SALT_SIZE   16
#define ARGON2_HASH_SIZE   32
#define ARGON2_TEXT_MAX    160

char *password_hash(struct arena *arena, const char *password)
{
    uint8_t salt[ARGON2_SALT_SIZE];
    random_bytes(salt, sizeof(salt));
    char *encoded = arena_alloc(arena, ARGON2_TEXT_MAX);
    int result = argon2id_hash_encoded(ARGON2_PASSES, ARGON2_MEMORY_KIB, ARGON2_LANES, password, strlen(password), salt,
                                       sizeof(salt), ARGON2_HASH_SIZE, encoded, ARGON2_TEXT_MAX);
    openssl_must(result == ARGON2_OK, "argon2id");
    return encoded;
}

bool password_verify(const char *encoded, const char *password)
{
    size_t size = strlen(password);
    return size <= PASSWORD_BYTES_MAX && argon2id_verify(encoded, password, size) == ARGON2_OK;
}

/* Salt and hash are random numbers: finding a password for them is finding a preimage. */
const char *password_hash_of_nobody(void)
{
    return "$argon2id$v=19$m=19456,t=2,p=1$vw+uQ0rr0Ii6OowzfK9dYg$jyscHlmH5Gu6jzHi9DkN9aO+cV2rcefZPW9+mlUgBoc";
}
