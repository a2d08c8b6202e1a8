/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "pki/csr.h"
#include "unit/pki/workshop.h"

#include <string.h>

static int make_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    run("openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -subj /CN=rsa -out rsa.pem");
    run("openssl req -in rsa.pem -outform DER -out rsa.der; openssl pkey -in rsa.key -pubout -outform DER -out "
        "rsa.spki");
    return 0;
}

static struct fault fault;

static enum err parse(struct bytes text, struct csr *out)
{
    fault_init(&fault, workshop_arena);
    return csr_parse(workshop_arena, text, &fault, out);
}

static void refuse(struct bytes text, enum err expected)
{
    struct csr read = {.der = {NULL, 99}};
    assert_int_equal(parse(text, &read), expected);
    assert_int_equal(read.der.size, 99);
}

/* A key made with these options, requested with these. */
static struct bytes request(const char *key_options, const char *options)
{
    run("openssl genpkey %s -out k.key && openssl req -new -key k.key -subj /CN=x -out k.pem %s", key_options, options);
    return read_file("k.pem");
}

static void accept(struct bytes text)
{
    struct csr read;
    assert_int_equal(parse(text, &read), OK);
    run("openssl pkey -in k.key -pubout -outform DER -out k.spki");
    assert_true(bytes_equal(read.spki, read_file("k.spki")));
}

static void reads_pem_and_der_alike(void **state)
{
    (void)state;
    struct csr pem, der;
    assert_int_equal(parse(read_file("rsa.pem"), &pem), OK);
    assert_int_equal(parse(read_file("rsa.der"), &der), OK);
    assert_true(bytes_equal(pem.der, der.der));
    assert_true(bytes_equal(pem.der, read_file("rsa.der")));
    assert_true(bytes_equal(pem.spki, read_file("rsa.spki")));
    assert_int_equal(pem.spki_sha256.size, 32);
}

static void reads_the_netscape_label(void **state)
{
    (void)state;
    struct csr read;
    run("sed 's/CERTIFICATE REQUEST/NEW CERTIFICATE REQUEST/' rsa.pem > new.pem");
    assert_int_equal(parse(read_file("new.pem"), &read), OK);
}

static void accepts_rsa_up_to_4096_and_p256(void **state)
{
    (void)state;
    accept(request("-algorithm RSA -pkeyopt rsa_keygen_bits:3072", ""));
    accept(request("-algorithm RSA -pkeyopt rsa_keygen_bits:4096", "-sha512"));
    accept(request("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", ""));
}

static void refuses_other_keys(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:4104",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        "-algorithm ED25519",
        "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
    };
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        refuse(request(keys[i], ""), ERR_CSR_KEY_REFUSED);
        assert_non_null(fault.detail_zh);
    }
}

static void refuses_a_changed_signature(void **state)
{
    (void)state;
    struct bytes der = read_file("rsa.der");
    uint8_t *changed = arena_copy(workshop_arena, der.data, der.size);
    changed[der.size - 3] ^= 1;
    refuse((struct bytes){changed, der.size}, ERR_CSR_SIGNATURE_INVALID);
}

static void refuses_a_changed_subject(void **state)
{
    (void)state;
    struct bytes der = read_file("rsa.der");
    uint8_t *changed = arena_copy(workshop_arena, der.data, der.size);
    memcpy(memmem(changed, der.size, "rsa", 3), "RSA", 3);
    refuse((struct bytes){changed, der.size}, ERR_CSR_SIGNATURE_INVALID);
}

static void refuses_sha1(void **state)
{
    (void)state;
    refuse(request("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-sha1"), ERR_CSR_SIGNATURE_INVALID);
    assert_non_null(fault.detail_zh);
}

static void refuses_an_even_modulus(void **state)
{
    (void)state;
    struct bytes der = read_file("rsa.der");
    uint8_t *changed = arena_copy(workshop_arena, der.data, der.size);
    uint8_t *exponent = memmem(changed, der.size, "\x02\x03\x01\x00\x01", 5);
    exponent[-1] &= 0xfe;
    refuse((struct bytes){changed, der.size}, ERR_CSR_KEY_REFUSED);
}

static void refuses_a_modulus_with_a_small_factor(void **state)
{
    (void)state;
    /* 3 * 2^2046 + 3 or so: odd, 2048 bits, divisible by 3 */
    struct bytes der = read_file("rsa.der");
    uint8_t *changed = arena_copy(workshop_arena, der.data, der.size);
    uint8_t *exponent = memmem(changed, der.size, "\x02\x03\x01\x00\x01", 5);
    memset(exponent - 256, 0, 256);
    exponent[-256] = 0xc0;
    exponent[-1] = 0x03;
    refuse((struct bytes){changed, der.size}, ERR_CSR_KEY_REFUSED);
}

static void refuses_a_point_that_is_not_on_the_curve(void **state)
{
    (void)state;
    request("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-outform DER");
    struct bytes der = read_file("k.pem");
    uint8_t *changed = arena_copy(workshop_arena, der.data, der.size);
    uint8_t *point = memmem(changed, der.size, "\x03\x42\x00\x04", 4);
    assert_non_null(point);
    point[40] ^= 1;
    refuse((struct bytes){changed, der.size}, ERR_CSR_KEY_REFUSED);
}

static void refuses_what_is_no_csr(void **state)
{
    (void)state;
    refuse((struct bytes){0}, ERR_CSR_MALFORMED);
    refuse(bytes_of_text("hello"), ERR_CSR_MALFORMED);
    refuse(bytes_of_text("-----BEGIN CERTIFICATE REQUEST-----\n"), ERR_CSR_MALFORMED);
    refuse(read_file("rsa.key"), ERR_CSR_MALFORMED);
    refuse(read_file("rsa.spki"), ERR_CSR_MALFORMED);
    refuse((struct bytes){arena_alloc(workshop_arena, 20000), 20000}, ERR_CSR_MALFORMED);
    run("cat rsa.pem rsa.pem > two.pem; cp rsa.der longer; printf x >> longer");
    refuse(read_file("two.pem"), ERR_CSR_MALFORMED);
    refuse(read_file("longer"), ERR_CSR_MALFORMED);
}

static void refuses_every_cut_and_survives_every_changed_byte(void **state)
{
    (void)state;
    struct bytes der = read_file("rsa.der");
    for (size_t i = 0; i < der.size; i++) {
        struct arena *arena = arena_new();
        struct csr read;
        uint8_t *cut = arena_copy(arena, der.data, i);
        assert_int_equal(csr_parse(arena, (struct bytes){cut, i}, NULL, &read), ERR_CSR_MALFORMED);
        uint8_t *changed = arena_copy(arena, der.data, der.size);
        changed[i] ^= 0x01;
        assert_int_not_equal(csr_parse(arena, (struct bytes){changed, der.size}, NULL, &read), OK);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_pem_and_der_alike),
        cmocka_unit_test(reads_the_netscape_label),
        cmocka_unit_test(accepts_rsa_up_to_4096_and_p256),
        cmocka_unit_test(refuses_other_keys),
        cmocka_unit_test(refuses_a_changed_signature),
        cmocka_unit_test(refuses_a_changed_subject),
        cmocka_unit_test(refuses_sha1),
        cmocka_unit_test(refuses_an_even_modulus),
        cmocka_unit_test(refuses_a_modulus_with_a_small_factor),
        cmocka_unit_test(refuses_a_point_that_is_not_on_the_curve),
        cmocka_unit_test(refuses_what_is_no_csr),
        cmocka_unit_test(refuses_every_cut_and_survives_every_changed_byte),
    };
    return cmocka_run_group_tests(tests, make_all, workshop_close);
}
