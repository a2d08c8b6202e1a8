/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, sealed values, passwords, one-time codes. */
#include "base/clock.h"
#include "base/text.h"
#include "pki/code.h"
#include "pki/digest.h"
#include "pki/password.h"
#include "pki/seal.h"
#include "pki/totp.h"
#include "unit/pki/workshop.h"

#include <string.h>
#include <sys/stat.h>

static struct seal_keys *keys;

static struct seal_keys *load_key(const char *name, const char *hex)
{
    struct seal_keys *loaded = NULL;
    write_text(name, hex);
    assert_int_equal(chmod(name, 0600), 0);
    assert_int_equal(seal_load(name, &loaded), OK);
    return loaded;
}

static int open_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    keys = load_key("master", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
    return 0;
}

static int close_all(void **state)
{
    seal_free(keys);
    return workshop_close(state);
}

/* -- digest ------------------------------------------------------------------------------------------------------- */

static void hashes_abc_as_fips_180_4_says(void **state)
{
    (void)state;
    assert_string_equal(hex_encode(workshop_arena, sha256(workshop_arena, bytes_of_text("abc"))),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(hex_encode(workshop_arena, sha256(workshop_arena, (struct bytes){0})),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void authenticates_as_rfc_4231_says(void **state)
{
    (void)state;
    struct bytes code = hmac_sha256(workshop_arena, bytes_of_text("Jefe"),
                                    bytes_of_text("what do ya want for nothing?"));
    assert_string_equal(hex_encode(workshop_arena, code),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void authenticates_with_an_empty_key(void **state)
{
    (void)state;
    struct bytes code = hmac_sha256(workshop_arena, (struct bytes){0}, (struct bytes){0});
    assert_string_equal(hex_encode(workshop_arena, code),
                        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* -- seal --------------------------------------------------------------------------------------------------------- */

static const char id_number[] = "11010519491231002X";

static struct bytes sealed(void)
{
    return seal(keys, workshop_arena, "renewal.agent.id_number", bytes_of_text("0120261121000001"),
                bytes_of_text(id_number));
}

static enum err open_sealed(struct bytes value, const char *place, const char *row, struct bytes *plain)
{
    return unseal(keys, workshop_arena, place, bytes_of_text(row), value, plain);
}

static void opens_what_it_sealed(void **state)
{
    (void)state;
    struct bytes plain;
    assert_int_equal(open_sealed(sealed(), "renewal.agent.id_number", "0120261121000001", &plain), OK);
    assert_true(bytes_equal(plain, bytes_of_text(id_number)));
    assert_int_equal(sealed().size, 1 + 4 + 12 + strlen(id_number) + 16);
}

static void opens_an_empty_value(void **state)
{
    (void)state;
    struct bytes plain = {NULL, 7};
    struct bytes value = seal(keys, workshop_arena, "p", (struct bytes){0}, (struct bytes){0});
    assert_int_equal(open_sealed(value, "p", "", &plain), OK);
    assert_int_equal(plain.size, 0);
}

static void seals_the_same_value_differently_each_time(void **state)
{
    (void)state;
    assert_false(bytes_equal(sealed(), sealed()));
}

static void refuses_a_value_moved_to_another_place(void **state)
{
    (void)state;
    struct bytes plain;
    assert_int_equal(open_sealed(sealed(), "renewal.agent.mobile", "0120261121000001", &plain), ERR_SEAL_BROKEN);
}

static void refuses_a_value_moved_to_another_row(void **state)
{
    (void)state;
    struct bytes plain;
    assert_int_equal(open_sealed(sealed(), "renewal.agent.id_number", "0120261121000002", &plain), ERR_SEAL_BROKEN);
}

static void keeps_place_and_row_apart(void **state)
{
    (void)state;
    struct bytes plain;
    struct bytes value = seal(keys, workshop_arena, "ab", bytes_of_text("c"), bytes_of_text("x"));
    assert_int_equal(open_sealed(value, "a", "bc", &plain), ERR_SEAL_BROKEN);
}

static void refuses_every_cut(void **state)
{
    (void)state;
    struct bytes whole = sealed(), plain;
    for (size_t size = 0; size < whole.size; size++)
        assert_int_equal(
            open_sealed((struct bytes){whole.data, size}, "renewal.agent.id_number", "0120261121000001", &plain),
            ERR_SEAL_BROKEN);
}

static void refuses_every_flipped_bit(void **state)
{
    (void)state;
    struct bytes whole = sealed(), plain;
    for (size_t bit = 0; bit < whole.size * 8; bit++) {
        uint8_t *changed = arena_copy(workshop_arena, whole.data, whole.size);
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(
            open_sealed((struct bytes){changed, whole.size}, "renewal.agent.id_number", "0120261121000001", &plain),
            ERR_SEAL_BROKEN);
    }
}

static void refuses_a_value_sealed_under_another_key(void **state)
{
    (void)state;
    struct seal_keys *other = load_key("other", "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    struct bytes value = seal(other, workshop_arena, "p", (struct bytes){0}, bytes_of_text("x")), plain;
    seal_free(other);
    assert_int_equal(open_sealed(value, "p", "", &plain), ERR_SEAL_BROKEN);
}

static void indexes_equal_values_equally_within_a_place_only(void **state)
{
    (void)state;
    struct bytes one = seal_marked_index(keys, workshop_arena, "mobile", "13800138000");
    assert_true(bytes_equal(one, seal_marked_index(keys, workshop_arena, "mobile", "13800138000")));
    assert_false(bytes_equal(one, seal_marked_index(keys, workshop_arena, "recipient", "13800138000")));
    assert_false(bytes_equal(one, seal_marked_index(keys, workshop_arena, "mobile", "13800138001")));
    assert_int_equal(one.size, 4 + SHA256_SIZE); /* its key's id in front */
    assert_memory_equal(one.data, seal_index_id(keys, 0).data, 4);
    assert_memory_not_equal(one.data, seal_key_id(keys, 0).data, 4);
}

#define OLD_KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define NEW_KEY "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void seals_under_the_first_of_several_keys_and_opens_under_all(void **state)
{
    (void)state;
    struct seal_keys *both = load_key("both", NEW_KEY "\n" OLD_KEY "\n"), *fresh = load_key("fresh", NEW_KEY);
    struct bytes plain, value = seal(both, workshop_arena, "p", (struct bytes){0}, bytes_of_text("x"));
    assert_int_equal(seal_key_count(both), 2);
    assert_memory_equal(value.data + 1, seal_key_id(both, 0).data, 4);
    assert_int_equal(
        unseal(both, workshop_arena, "renewal.agent.id_number", bytes_of_text("0120261121000001"), sealed(), &plain),
        OK);
    assert_int_equal(unseal(fresh, workshop_arena, "p", (struct bytes){0}, value, &plain), OK);
    assert_int_equal(open_sealed(value, "p", "", &plain), ERR_SEAL_BROKEN); /* the old key alone does not */
    seal_free(both);
    seal_free(fresh);
}

static void searches_by_the_index_of_every_key(void **state)
{
    (void)state;
    struct seal_keys *both = load_key("both", NEW_KEY "\n" OLD_KEY "\n");
    struct bytes found[SEAL_KEYS_MAX];
    assert_int_equal(seal_indexes(both, workshop_arena, "mobile", "13800138000", found), 2);
    assert_true(bytes_equal(found[0], seal_marked_index(both, workshop_arena, "mobile", "13800138000")));
    assert_true(bytes_equal(found[1], seal_marked_index(keys, workshop_arena, "mobile", "13800138000")));
    seal_free(both);
}

static void looks_up_by_the_key_that_is_marked_so_whichever_is_current(void **state)
{
    (void)state;
    struct bytes before = seal_index(keys, workshop_arena, "portal.mobile", "13800138000");
    struct seal_keys *marked = load_key("marked", NEW_KEY "\n" OLD_KEY " lookup\n");
    struct seal_keys *plain = load_key("plain", NEW_KEY "\n" OLD_KEY "\n");
    assert_int_equal(before.size, SHA256_SIZE);
    assert_int_equal(seal_lookup_key(marked), 1);
    assert_true(bytes_equal(before, seal_index(marked, workshop_arena, "portal.mobile", "13800138000")));
    assert_int_equal(seal_lookup_key(plain), 0);
    assert_false(bytes_equal(before, seal_index(plain, workshop_arena, "portal.mobile", "13800138000")));
    seal_free(marked);
    seal_free(plain);
}

static void refuses_a_key_file_that_is_not_64_hex_characters(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "00",
                                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1",
                                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g",
                                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00",
                                        OLD_KEY "\n" OLD_KEY,
                                        OLD_KEY "\n\n" NEW_KEY,
                                        OLD_KEY "\nff",
                                        "\n" OLD_KEY,
                                        OLD_KEY " " NEW_KEY};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct seal_keys *loaded = NULL;
        write_text("bad", texts[i]);
        assert_int_equal(chmod("bad", 0600), 0);
        assert_int_equal(seal_load("bad", &loaded), ERR_SETTINGS_INVALID);
        assert_null(loaded);
    }
}

static void refuses_a_key_file_that_others_may_read(void **state)
{
    (void)state;
    struct seal_keys *loaded = NULL;
    run("cp master open && chmod 644 open");
    assert_int_equal(seal_load("open", &loaded), ERR_SETTINGS_INVALID);
}

/* -- password ----------------------------------------------------------------------------------------------------- */

static void verifies_the_password_it_hashed_and_no_other(void **state)
{
    (void)state;
    char *encoded = password_hash(workshop_arena, "correct horse battery staple");
    assert_memory_equal(encoded, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_true(password_verify(encoded, "correct horse battery staple"));
    assert_false(password_verify(encoded, "correct horse battery stapl"));
    assert_false(password_verify(encoded, ""));
}

static void hashes_the_same_password_differently_each_time(void **state)
{
    (void)state;
    assert_string_not_equal(password_hash(workshop_arena, "correct horse battery"),
                            password_hash(workshop_arena, "correct horse battery"));
}

static void hash_of_nobody_costs_as_much_and_matches_nothing(void **state)
{
    (void)state;
    assert_memory_equal(password_hash_of_nobody(), "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_int_equal(strlen(password_hash_of_nobody()), strlen(password_hash(workshop_arena, "x")));
    assert_false(password_verify(password_hash_of_nobody(), ""));
    assert_false(password_verify(password_hash_of_nobody(), "correct horse battery staple"));
}

static void refuses_a_stored_hash_that_is_none(void **state)
{
    (void)state;
    assert_false(password_verify("", ""));
    assert_false(password_verify("$argon2id$v=19$m=19456,t=2,p=1$", "x"));
    assert_false(password_verify("correct horse battery staple", "correct horse battery staple"));
}

/* -- totp --------------------------------------------------------------------------------------------------------- */

static const struct bytes secret = {(const uint8_t *)"12345678901234567890", TOTP_SECRET_SIZE};

static void accepts_the_codes_of_rfc_6238(void **state)
{
    (void)state;
    static const struct {
        int64_t time_s;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
        int64_t step = 0;
        assert_true(totp_verify(secret, vectors[i].code, vectors[i].time_s * CLOCK_SECOND_US, &step));
        assert_int_equal(step, vectors[i].time_s / 30);
    }
}

static void accepts_one_step_of_drift_and_says_which(void **state)
{
    (void)state;
    int64_t step = 0, matched = 1111111109 / 30;
    assert_true(totp_verify(secret, "081804", (1111111109 + 30) * CLOCK_SECOND_US, &step));
    assert_int_equal(step, matched);
    assert_true(totp_verify(secret, "081804", (1111111109 - 30) * CLOCK_SECOND_US, &step));
    assert_int_equal(step, matched);
    step = -7;
    assert_false(totp_verify(secret, "081804", (1111111109 + 61) * CLOCK_SECOND_US, &step));
    assert_false(totp_verify(secret, "081804", (1111111109 - 60) * CLOCK_SECOND_US, &step));
    assert_int_equal(step, -7);
}

static void refuses_codes_of_another_form(void **state)
{
    (void)state;
    static const char *const codes[] = {"",        "81804",  "0818040", " 081804",
                                        "081804 ", "08180x", "-81804",  "０８１８０４"};
    int64_t step;
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        assert_false(totp_verify(secret, codes[i], 1111111109 * CLOCK_SECOND_US, &step));
    assert_false(totp_verify((struct bytes){0}, "081804", 1111111109 * CLOCK_SECOND_US, &step));
}

/* -- codes -------------------------------------------------------------------------------------------------------- */

static void makes_six_digits_again_from_their_salt_under_the_same_key_only(void **state)
{
    struct arena *arena = arena_new();
    struct seal_keys *other = load_key("other", "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
    int different = 0;
    (void)state;
    for (int i = 0; i < 200; i++) {
        struct bytes salt = code_salt(arena);
        const char *code = code_text(keys, arena, salt);
        assert_int_equal(strlen(code), CODE_DIGITS);
        assert_int_equal(strspn(code, "0123456789"), CODE_DIGITS);
        assert_string_equal(code_text(keys, arena, salt), code);
        different += strcmp(code_text(other, arena, salt), code) != 0;
    }
    assert_true(different > 190);
    seal_free(other);
    arena_free(arena);
}

static void tells_codes_apart_by_purpose_and_number(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    struct bytes digest = code_digest(keys, arena, "login", "13800138000", "123456");
    assert_true(bytes_equal(digest, code_digest(keys, arena, "login", "13800138000", "123456")));
    assert_false(bytes_equal(digest, code_digest(keys, arena, "password", "13800138000", "123456")));
    assert_false(bytes_equal(digest, code_digest(keys, arena, "login", "13800138001", "123456")));
    assert_false(bytes_equal(digest, code_digest(keys, arena, "login", "13800138000", "123457")));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_abc_as_fips_180_4_says),
        cmocka_unit_test(authenticates_as_rfc_4231_says),
        cmocka_unit_test(authenticates_with_an_empty_key),
        cmocka_unit_test(opens_what_it_sealed),
        cmocka_unit_test(opens_an_empty_value),
        cmocka_unit_test(seals_the_same_value_differently_each_time),
        cmocka_unit_test(refuses_a_value_moved_to_another_place),
        cmocka_unit_test(refuses_a_value_moved_to_another_row),
        cmocka_unit_test(keeps_place_and_row_apart),
        cmocka_unit_test(refuses_every_cut),
        cmocka_unit_test(refuses_every_flipped_bit),
        cmocka_unit_test(refuses_a_value_sealed_under_another_key),
        cmocka_unit_test(indexes_equal_values_equally_within_a_place_only),
        cmocka_unit_test(seals_under_the_first_of_several_keys_and_opens_under_all),
        cmocka_unit_test(searches_by_the_index_of_every_key),
        cmocka_unit_test(looks_up_by_the_key_that_is_marked_so_whichever_is_current),
        cmocka_unit_test(refuses_a_key_file_that_is_not_64_hex_characters),
        cmocka_unit_test(refuses_a_key_file_that_others_may_read),
        cmocka_unit_test(verifies_the_password_it_hashed_and_no_other),
        cmocka_unit_test(hashes_the_same_password_differently_each_time),
        cmocka_unit_test(hash_of_nobody_costs_as_much_and_matches_nothing),
        cmocka_unit_test(refuses_a_stored_hash_that_is_none),
        cmocka_unit_test(accepts_the_codes_of_rfc_6238),
        cmocka_unit_test(accepts_one_step_of_drift_and_says_which),
        cmocka_unit_test(refuses_codes_of_another_form),
        cmocka_unit_test(makes_six_digits_again_from_their_salt_under_the_same_key_only),
        cmocka_unit_test(tells_codes_apart_by_purpose_and_number),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
