/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "pki/rsa.h"
#include "unit/pki/workshop.h"

#include <string.h>

static struct rsa_key *private_key, *public_key;

/* The body of a PEM file on one line, as the gateways' consoles show keys. */
static struct bytes bare(const char *name)
{
    run("grep -v -- ----- %s | tr -d '\\n' > bare", name);
    return read_file("bare");
}

static int make_keys(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out pkcs8.pem");
    run("openssl rsa -in pkcs8.pem -traditional -out pkcs1.pem");
    run("openssl pkey -in pkcs8.pem -pubout -out spki.pem");
    run("openssl rsa -in pkcs8.pem -RSAPublicKey_out -out pkcs1_public.pem");
    run("openssl req -x509 -new -key pkcs8.pem -subj /CN=gateway -out certificate.pem");
    assert_int_equal(rsa_load_private(read_file("pkcs8.pem"), &private_key), OK);
    assert_int_equal(rsa_load_public(read_file("spki.pem"), &public_key), OK);
    return 0;
}

static int drop_keys(void **state)
{
    rsa_free(private_key);
    rsa_free(public_key);
    return workshop_close(state);
}

static const char message_text[] = "app_id=2021&total_amount=350.00";
static struct bytes message(void)
{
    return bytes_of_text(message_text);
}

static struct bytes signature(void)
{
    struct bytes made;
    assert_int_equal(rsa_sign(private_key, message(), workshop_arena, &made), OK);
    return made;
}

static void signs_what_openssl_verifies(void **state)
{
    (void)state;
    struct bytes made = signature();
    write_file("sig", made.data, made.size);
    write_text("message", message_text);
    run("openssl dgst -sha256 -verify spki.pem -signature sig message");
}

static void verifies_what_openssl_signs(void **state)
{
    (void)state;
    write_text("message", message_text);
    run("openssl dgst -sha256 -sign pkcs8.pem -out sig message");
    assert_true(rsa_verify(public_key, message(), read_file("sig")));
}

static void refuses_a_changed_message(void **state)
{
    (void)state;
    assert_false(rsa_verify(public_key, bytes_of_text("app_id=2021&total_amount=000.01"), signature()));
}

static void refuses_a_changed_cut_or_empty_signature(void **state)
{
    (void)state;
    struct bytes made = signature();
    struct bytes cut = {made.data, made.size - 1};
    uint8_t *changed = arena_copy(workshop_arena, made.data, made.size);
    changed[100] ^= 1;
    assert_false(rsa_verify(public_key, message(), (struct bytes){changed, made.size}));
    assert_false(rsa_verify(public_key, message(), cut));
    assert_false(rsa_verify(public_key, message(), (struct bytes){0}));
}

static void refuses_a_signature_over_sha1(void **state)
{
    (void)state;
    write_text("message", message_text);
    run("openssl dgst -sha1 -sign pkcs8.pem -out sig message");
    assert_false(rsa_verify(public_key, message(), read_file("sig")));
}

static void expect_private(struct bytes text)
{
    struct rsa_key *key;
    struct bytes made;
    assert_int_equal(rsa_load_private(text, &key), OK);
    assert_int_equal(rsa_sign(key, message(), workshop_arena, &made), OK);
    assert_true(rsa_verify(public_key, message(), made));
    rsa_free(key);
}

static void expect_public(struct bytes text)
{
    struct rsa_key *key;
    assert_int_equal(rsa_load_public(text, &key), OK);
    assert_true(rsa_verify(key, message(), signature()));
    rsa_free(key);
}

static void refuse_private(struct bytes text)
{
    struct rsa_key *key = NULL;
    assert_int_equal(rsa_load_private(text, &key), ERR_SETTINGS_INVALID);
    assert_null(key);
}

static void refuse_public(struct bytes text)
{
    struct rsa_key *key = NULL;
    assert_int_equal(rsa_load_public(text, &key), ERR_SETTINGS_INVALID);
    assert_null(key);
}

static void reads_private_keys_in_every_form(void **state)
{
    (void)state;
    expect_private(read_file("pkcs8.pem"));
    expect_private(read_file("pkcs1.pem"));
    expect_private(bare("pkcs8.pem"));
    expect_private(bare("pkcs1.pem"));
}

static void reads_public_keys_in_every_form(void **state)
{
    (void)state;
    expect_public(read_file("spki.pem"));
    expect_public(read_file("pkcs1_public.pem"));
    expect_public(read_file("certificate.pem"));
    expect_public(bare("spki.pem"));
    expect_public(bare("pkcs1_public.pem"));
    expect_public(bare("certificate.pem"));
}

static void refuses_keys_below_2048_bits(void **state)
{
    (void)state;
    run("openssl genrsa -out short.pem 1024 && openssl pkey -in short.pem -pubout -out short_public.pem");
    refuse_private(read_file("short.pem"));
    refuse_public(read_file("short_public.pem"));
}

static void refuses_a_key_with_exponent_one(void **state)
{
    (void)state;
    write_text("weak.cnf", "asn1=SEQUENCE:key\n[key]\nn=INTEGER:0x$ENV::N\ne=INTEGER:1\n");
    run("N=$(openssl rsa -in pkcs8.pem -noout -modulus | cut -d= -f2) openssl asn1parse -genconf weak.cnf -noout "
        "-out weak.der && base64 -w0 weak.der > weak");
    refuse_public(read_file("weak"));
}

static void refuses_other_kinds_of_keys(void **state)
{
    (void)state;
    run("openssl ecparam -name prime256v1 -genkey -noout -out ec.pem && openssl pkey -in ec.pem -pubout -out ecp.pem");
    refuse_private(read_file("ec.pem"));
    refuse_public(read_file("ecp.pem"));
    refuse_private(read_file("spki.pem"));
    refuse_public(read_file("pkcs8.pem"));
}

static void refuses_an_encrypted_key_without_asking_for_a_password(void **state)
{
    (void)state;
    run("openssl rsa -in pkcs8.pem -traditional -aes128 -passout pass:secret -out e1.pem");
    run("openssl pkcs8 -topk8 -in pkcs8.pem -passout pass:secret -out e8.pem");
    refuse_private(read_file("e1.pem"));
    refuse_private(read_file("e8.pem"));
}

static void refuses_garbage_and_what_follows_a_key(void **state)
{
    (void)state;
    refuse_public((struct bytes){0});
    refuse_public(bytes_of_text("not a key"));
    refuse_public(bytes_of_text("-----BEGIN PUBLIC KEY-----\n"));
    refuse_public(bytes_of_text("MIIB"));
    run("cat spki.pem spki.pem > two.pem");
    refuse_public(read_file("two.pem"));
    run("openssl pkey -pubin -in spki.pem -outform DER -out k && printf x >> k && base64 -w0 k > longer");
    refuse_public(read_file("longer"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_what_openssl_verifies),
        cmocka_unit_test(verifies_what_openssl_signs),
        cmocka_unit_test(refuses_a_changed_message),
        cmocka_unit_test(refuses_a_changed_cut_or_empty_signature),
        cmocka_unit_test(refuses_a_signature_over_sha1),
        cmocka_unit_test(reads_private_keys_in_every_form),
        cmocka_unit_test(reads_public_keys_in_every_form),
        cmocka_unit_test(refuses_keys_below_2048_bits),
        cmocka_unit_test(refuses_a_key_with_exponent_one),
        cmocka_unit_test(refuses_other_kinds_of_keys),
        cmocka_unit_test(refuses_an_encrypted_key_without_asking_for_a_password),
        cmocka_unit_test(refuses_garbage_and_what_follows_a_key),
    };
    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
