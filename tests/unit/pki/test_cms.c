/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "pki/cms.h"
#include "unit/pki/workshop.h"

#include <string.h>

static const char json[] = "{\"platform\":\"sz-consumables\",\"term_months\":12}";

static int make_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    make_ca_and_signer();
    make_certificate("other", "ca", "/CN=other", "keyUsage=digitalSignature\n", "-days 9");
    write_text("content", json);
    return 0;
}

/* openssl cms -sign with these options, and what it made. */
static struct bytes signed_with(const char *options)
{
    run("openssl cms -sign -binary -nodetach -in content -signer signer.pem -inkey signer.key -outform DER -out cms %s",
        options);
    return read_file("cms");
}

static struct fault fault;

static enum err verified(struct bytes der, struct signed_content *out)
{
    fault_init(&fault, workshop_arena);
    return cms_verify(workshop_arena, der, &fault, out);
}

static void accept(struct bytes der)
{
    struct signed_content read;
    assert_int_equal(verified(der, &read), OK);
    assert_true(bytes_equal(read.content, bytes_of_text(json)));
    assert_string_equal(read.signer.organisation, "深圳市示例有限公司");
}

static void refuse(struct bytes der, enum err expected)
{
    struct signed_content read = {.signer.serial = "untouched"};
    assert_int_equal(verified(der, &read), expected);
    assert_string_equal(read.signer.serial, "untouched");
    if (expected == ERR_CMS_MALFORMED)
        assert_non_null(fault.detail_en);
}

static void accepts_signed_attributes(void **state)
{
    (void)state;
    accept(signed_with("-md sha256"));
    accept(signed_with("-md sha384"));
    accept(signed_with("-md sha512"));
}

static void accepts_a_bare_signature(void **state)
{
    (void)state;
    accept(signed_with("-noattr"));
}

static void accepts_a_signer_named_by_key_identifier(void **state)
{
    (void)state;
    accept(signed_with("-keyid"));
}

static void accepts_further_certificates_of_the_chain(void **state)
{
    (void)state;
    accept(signed_with("-certfile ca.pem"));
}

static void accepts_p256(void **state)
{
    (void)state;
    run("openssl ecparam -name prime256v1 -genkey -noout -out ec.key && openssl req -new -x509 -key ec.key -utf8 "
        "-subj /O=深圳市示例有限公司 -out ec.pem");
    run("openssl cms -sign -binary -nodetach -in content -signer ec.pem -inkey ec.key -outform DER -out cms -md "
        "sha256");
    accept(read_file("cms"));
}

static void accepts_a_p384_signer(void **state)
{
    (void)state;
    run("openssl ecparam -name secp384r1 -genkey -noout -out p384.key && openssl req -new -x509 -key p384.key -utf8 "
        "-subj /O=深圳市示例有限公司 -out p384.pem");
    run("openssl cms -sign -binary -nodetach -in content -signer p384.pem -inkey p384.key -outform DER -out cms -md "
        "sha384");
    accept(read_file("cms"));
}

static void works_without_a_fault(void **state)
{
    (void)state;
    struct signed_content read;
    assert_int_equal(cms_verify(workshop_arena, bytes_of_text("x"), NULL, &read), ERR_CMS_MALFORMED);
}

static void refuses_changed_content(void **state)
{
    (void)state;
    static const char *const options[] = {"", "-noattr"};
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        struct bytes der = signed_with(options[i]);
        uint8_t *changed = arena_copy(workshop_arena, der.data, der.size);
        char *at = memmem(changed, der.size, "months\":12", 10);
        at[8] = '9';
        refuse((struct bytes){changed, der.size}, ERR_CMS_SIGNATURE_INVALID);
    }
}

static void refuses_a_changed_signature(void **state)
{
    (void)state;
    struct bytes der = signed_with("");
    uint8_t *changed = arena_copy(workshop_arena, der.data, der.size);
    changed[der.size - 9] ^= 4;
    refuse((struct bytes){changed, der.size}, ERR_CMS_SIGNATURE_INVALID);
}

/* The signer's certificate is there, but its key is another's: what a thief of a certificate can make. */
static void refuses_a_signature_by_another_key(void **state)
{
    (void)state;
    run("openssl x509 -req -in other.csr -CA ca.pem -CAkey ca.key -out thief.pem -days 3 -set_serial "
        "0x$(openssl x509 -in signer.pem -noout -serial | cut -d= -f2)");
    run("openssl cms -sign -binary -nodetach -in content -signer thief.pem -inkey other.key -outform DER -out cms "
        "-nocerts -certfile signer.pem");
    refuse(read_file("cms"), ERR_CMS_SIGNATURE_INVALID);
}

static void refuses_detached_content(void **state)
{
    (void)state;
    run("openssl cms -sign -binary -in content -signer signer.pem -inkey signer.key -outform DER -out cms");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
}

static void refuses_empty_content(void **state)
{
    (void)state;
    run(": > nothing; openssl cms -sign -binary -nodetach -in nothing -signer signer.pem -inkey signer.key -outform "
        "DER "
        "-out cms");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
}

static void refuses_a_missing_signer_certificate(void **state)
{
    (void)state;
    refuse(signed_with("-nocerts"), ERR_CMS_MALFORMED);
    refuse(signed_with("-nocerts -certfile other.pem"), ERR_CMS_MALFORMED);
}

static void refuses_two_signers(void **state)
{
    (void)state;
    refuse(signed_with("-signer other.pem -inkey other.key"), ERR_CMS_MALFORMED);
}

static void refuses_no_signer(void **state)
{
    (void)state;
    run("openssl crl2pkcs7 -nocrl -certfile signer.pem -outform DER -out cms");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
}

static void refuses_sha1(void **state)
{
    (void)state;
    refuse(signed_with("-md sha1"), ERR_CMS_MALFORMED);
    refuse(signed_with("-md sha1 -noattr"), ERR_CMS_MALFORMED);
}

static void refuses_rsa_pss(void **state)
{
    (void)state;
    refuse(signed_with("-md sha256 -keyopt rsa_padding_mode:pss"), ERR_CMS_MALFORMED);
}

static void refuses_another_content_type(void **state)
{
    (void)state;
    refuse(signed_with("-econtent_type 1.2.3.4"), ERR_CMS_MALFORMED);
}

static void refuses_content_that_could_be_signed_attributes(void **state)
{
    (void)state;
    write_file("set", "\x31\x00", 2);
    run("openssl cms -sign -binary -nodetach -noattr -in set -signer signer.pem -inkey signer.key -outform DER -out "
        "cms");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
}

static void refuses_indefinite_lengths(void **state)
{
    (void)state;
    run("openssl cms -sign -binary -nodetach -stream -in content -signer signer.pem -inkey signer.key -outform DER "
        "-out cms");
    struct bytes ber = read_file("cms");
    assert_int_equal(ber.data[1], 0x80);
    refuse(ber, ERR_CMS_MALFORMED);
}

static void refuses_trailing_bytes_and_pem(void **state)
{
    (void)state;
    struct bytes der = signed_with("");
    run("printf x >> cms");
    assert_int_equal(read_file("cms").size, der.size + 1);
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
    run("openssl cms -sign -binary -nodetach -in content -signer signer.pem -inkey signer.key -outform PEM -out cms");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
}

static void refuses_other_kinds_of_cms(void **state)
{
    (void)state;
    run("openssl cms -encrypt -binary -in content -outform DER -out cms signer.pem");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
    run("openssl cms -data_create -in content -outform DER -out cms");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
}

static void refuses_nothing_and_too_much(void **state)
{
    (void)state;
    refuse((struct bytes){0}, ERR_CMS_MALFORMED);
    refuse((struct bytes){arena_alloc(workshop_arena, 300000), 300000}, ERR_CMS_MALFORMED);
    run("head -c 400000 /dev/zero > big; openssl cms -sign -binary -nodetach -in big -signer signer.pem -inkey "
        "signer.key -outform DER -out cms");
    refuse(read_file("cms"), ERR_CMS_MALFORMED);
}

static void refuses_deep_nesting(void **state)
{
    (void)state;
    uint8_t *deep = arena_alloc(workshop_arena, 200);
    for (size_t i = 0; i < 200; i += 2)
        memcpy(deep + i, (const uint8_t[]){0x30, (uint8_t)(198 - i < 0x80 ? 198 - i : 0x7e)}, 2);
    refuse((struct bytes){deep + 72, 128}, ERR_CMS_MALFORMED);
}

static void refuses_every_cut(void **state)
{
    (void)state;
    struct bytes der = signed_with("");
    for (size_t size = 0; size < der.size; size += 3) {
        uint8_t *cut = arena_copy(workshop_arena, der.data, size);
        refuse((struct bytes){cut, size}, ERR_CMS_MALFORMED);
    }
}

/* No changed byte may pass off other content: either it is refused, or content and signer are the same (unsigned parts
 * of a CMS may change). */
static void survives_every_changed_byte(void **state)
{
    (void)state;
    struct bytes der = signed_with("");
    for (size_t i = 0; i < der.size; i++) {
        struct arena *arena = arena_new();
        struct signed_content read;
        uint8_t *changed = arena_copy(arena, der.data, der.size);
        changed[i] ^= 0x01;
        enum err err = cms_verify(arena, (struct bytes){changed, der.size}, NULL, &read);
        if (err == OK)
            assert_true(bytes_equal(read.content, bytes_of_text(json)));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_signed_attributes),
        cmocka_unit_test(accepts_a_bare_signature),
        cmocka_unit_test(accepts_a_signer_named_by_key_identifier),
        cmocka_unit_test(accepts_further_certificates_of_the_chain),
        cmocka_unit_test(accepts_p256),
        cmocka_unit_test(accepts_a_p384_signer),
        cmocka_unit_test(works_without_a_fault),
        cmocka_unit_test(refuses_changed_content),
        cmocka_unit_test(refuses_a_changed_signature),
        cmocka_unit_test(refuses_a_signature_by_another_key),
        cmocka_unit_test(refuses_detached_content),
        cmocka_unit_test(refuses_empty_content),
        cmocka_unit_test(refuses_a_missing_signer_certificate),
        cmocka_unit_test(refuses_two_signers),
        cmocka_unit_test(refuses_no_signer),
        cmocka_unit_test(refuses_sha1),
        cmocka_unit_test(refuses_rsa_pss),
        cmocka_unit_test(refuses_another_content_type),
        cmocka_unit_test(refuses_content_that_could_be_signed_attributes),
        cmocka_unit_test(refuses_indefinite_lengths),
        cmocka_unit_test(refuses_trailing_bytes_and_pem),
        cmocka_unit_test(refuses_other_kinds_of_cms),
        cmocka_unit_test(refuses_nothing_and_too_much),
        cmocka_unit_test(refuses_deep_nesting),
        cmocka_unit_test(refuses_every_cut),
        cmocka_unit_test(survives_every_changed_byte),
    };
    return cmocka_run_group_tests(tests, make_all, workshop_close);
}
