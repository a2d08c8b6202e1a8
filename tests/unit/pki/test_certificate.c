/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/text.h"
#include "pki/certificate.h"
#include "unit/pki/workshop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char leaf_extensions[] =
    "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n"
    "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
static const char ca_extensions[] = "basicConstraints=critical,CA:TRUE%s\nkeyUsage=critical,keyCertSign,cRLSign\n"
                                    "subjectKeyIdentifier=hash\n";

static struct trust *trust;
static struct bytes signer;

/* root > issuing > signer; and a foreign root with the same name as ours. */
static int make_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    char extensions[256];
    snprintf(extensions, sizeof(extensions), ca_extensions, "");
    make_certificate("root", "root", "/C=CN/O=演示机构/CN=根", extensions, "-days 3650");
    make_certificate("foreign", "foreign", "/C=CN/O=演示机构/CN=根", extensions, "-days 3650");
    snprintf(extensions, sizeof(extensions), ca_extensions, ",pathlen:0");
    make_certificate("issuing", "root", "/C=CN/O=演示机构/CN=签发", extensions, "-days 3650");
    make_certificate("signer", "issuing", "/C=CN/O=深圳市示例有限公司/CN=示例\\, 公司", leaf_extensions, "-days 365");
    run("cat issuing.pem root.pem > trust.pem");
    assert_int_equal(trust_load("trust.pem", &trust), OK);
    signer = der_of("signer.pem");
    return 0;
}

static int drop_all(void **state)
{
    trust_free(trust);
    return workshop_close(state);
}

static struct certificate parsed(struct bytes der)
{
    struct certificate read;
    assert_int_equal(certificate_parse(workshop_arena, der, &read), OK);
    return read;
}

/* -- parsing ------------------------------------------------------------------------------------------------------ */

static void reads_names_in_chinese(void **state)
{
    (void)state;
    struct certificate read = parsed(signer);
    assert_string_equal(read.organisation, "深圳市示例有限公司");
    assert_string_equal(read.common_name, "示例, 公司");
    assert_string_equal(read.subject, "CN=示例\\, 公司,O=深圳市示例有限公司,C=CN");
    assert_true(read.may_sign);
}

static void reads_serial_fingerprint_and_times_as_openssl_prints_them(void **state)
{
    (void)state;
    struct certificate read = parsed(signer);
    char line[256];
    run("openssl x509 -in signer.pem -noout -serial | cut -d= -f2 | tr 'A-F' 'a-f' | sed 's/^0*//' > serial");
    snprintf(line, sizeof(line), "%s\n", read.serial);
    assert_string_equal(line, (const char *)read_file("serial").data);
    run("sha256sum signer.pem.der | cut -c1-64 > sha");
    snprintf(line, sizeof(line), "%s\n", hex_encode(workshop_arena, read.fingerprint));
    assert_string_equal(line, (const char *)read_file("sha").data);
    run("date -ud \"$(openssl x509 -in signer.pem -noout -enddate | cut -d= -f2)\" +%%s > end");
    assert_int_equal(read.not_after_us / CLOCK_SECOND_US, strtoll((const char *)read_file("end").data, NULL, 10));
}

static void reads_the_key_as_openssl_extracts_it(void **state)
{
    (void)state;
    run("openssl pkey -in signer.key -pubout -outform DER -out spki");
    assert_true(bytes_equal(parsed(signer).spki, read_file("spki")));
    assert_int_equal(parsed(signer).spki_sha256.size, 32);
}

static void says_that_an_encryption_certificate_may_not_sign(void **state)
{
    (void)state;
    make_certificate("encryption", "issuing", "/CN=x", "keyUsage=critical,keyEncipherment,dataEncipherment\n",
                     "-days 9");
    assert_false(parsed(der_of("encryption.pem")).may_sign);
}

static void reads_a_certificate_without_cn_or_o(void **state)
{
    (void)state;
    make_certificate("nameless", "issuing", "/C=CN", leaf_extensions, "-days 9");
    struct certificate read = parsed(der_of("nameless.pem"));
    assert_string_equal(read.common_name, "");
    assert_string_equal(read.organisation, "");
}

static void writes_pem_that_openssl_reads(void **state)
{
    (void)state;
    write_text("again.pem", certificate_pem(workshop_arena, signer));
    run("openssl x509 -in again.pem -outform DER -out again && cmp again signer.pem.der");
    run("grep -v BEGIN signer.pem > a; grep -v BEGIN again.pem > b; cmp a b");
}

static void refuse(struct bytes der)
{
    struct certificate read = {.serial = "untouched"};
    assert_int_equal(certificate_parse(workshop_arena, der, &read), ERR_CERTIFICATE_MALFORMED);
    assert_string_equal(read.serial, "untouched");
}

static void reads_pem_and_base64_alike(void **state)
{
    (void)state;
    struct certificate pem, bare, der = parsed(signer);
    const char *text = certificate_pem(workshop_arena, signer);
    assert_int_equal(certificate_read(workshop_arena, bytes_of_text(text), &pem), OK);
    text = base64_encode(workshop_arena, signer);
    assert_int_equal(certificate_read(workshop_arena, bytes_of_text(text), &bare), OK);
    assert_true(bytes_equal(pem.fingerprint, der.fingerprint) && bytes_equal(bare.fingerprint, der.fingerprint));
}

static void refuses_text_that_is_no_certificate(void **state)
{
    (void)state;
    const char *pem = certificate_pem(workshop_arena, signer);
    const char *bad[] = {"",
                         "hello",
                         "MIIB",
                         "-----BEGIN CERTIFICATE-----\n",
                         "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
                         "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
                         arena_format(workshop_arena, "%s%s", pem, pem),
                         arena_format(workshop_arena, "%s!", base64_encode(workshop_arena, signer)),
                         arena_format(workshop_arena, "%.200s", pem)};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct certificate read;
        assert_int_equal(certificate_read(workshop_arena, bytes_of_text(bad[i]), &read), ERR_CERTIFICATE_MALFORMED);
    }
    struct certificate read;
    assert_int_equal(certificate_read(workshop_arena, signer, &read), ERR_CERTIFICATE_MALFORMED); /* raw DER */
}

static void refuses_trailing_bytes(void **state)
{
    (void)state;
    uint8_t *longer = arena_alloc(workshop_arena, signer.size + 1);
    memcpy(longer, signer.data, signer.size);
    refuse((struct bytes){longer, signer.size + 1});
}

static void refuses_every_cut(void **state)
{
    (void)state;
    for (size_t size = 0; size < signer.size; size++) {
        uint8_t *cut = arena_copy(workshop_arena, signer.data, size); /* of its own, so that ASan sees over-reads */
        refuse((struct bytes){cut, size});
    }
}

static void survives_every_changed_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < signer.size; i++) {
        struct arena *arena = arena_new();
        struct certificate read;
        uint8_t *changed = arena_copy(arena, signer.data, signer.size);
        changed[i] = (uint8_t)(changed[i] ^ 0x81);
        enum err err = certificate_parse(arena, (struct bytes){changed, signer.size}, &read);
        assert_true(err == OK || err == ERR_CERTIFICATE_MALFORMED);
        arena_free(arena);
    }
}

static void refuses_ber_and_pem_and_large_ones(void **state)
{
    (void)state;
    /* the outer SEQUENCE with an indefinite length */
    uint8_t *ber = arena_alloc(workshop_arena, signer.size);
    memcpy(ber, signer.data, signer.size);
    ber[1] = 0x80;
    refuse((struct bytes){ber, signer.size});
    refuse(read_file("signer.pem"));
    refuse((struct bytes){arena_alloc(workshop_arena, 20000), 20000});
    /* a length in more octets than needed */
    uint8_t *longer = arena_alloc(workshop_arena, signer.size + 1);
    memcpy(longer + 1, signer.data, signer.size);
    memcpy(longer, (const uint8_t[]){0x30, 0x83, 0x00}, 3);
    refuse((struct bytes){longer, signer.size + 1});
}

static void refuses_a_name_with_a_nul_inside(void **state)
{
    (void)state;
    const char *at = memmem(signer.data, signer.size, "深圳市", 9);
    uint8_t *changed = arena_copy(workshop_arena, signer.data, signer.size);
    const char *last = memmem(at + 1, signer.size - (size_t)(at + 1 - (const char *)signer.data), "示例", 6);
    changed[last - (const char *)signer.data] = 0;
    refuse((struct bytes){changed, signer.size});
}

/* -- trust -------------------------------------------------------------------------------------------------------- */

static enum err checked(const char *name)
{
    return trust_check(trust, der_of(name));
}

static void trusts_what_the_issuing_ca_signed(void **state)
{
    (void)state;
    assert_int_equal(trust_check(trust, signer), OK);
}

/* What is trusted does not depend on whether this program can verify something with its key. */
static void reads_and_trusts_keys_of_other_kinds(void **state)
{
    (void)state;
    static const char *const kinds[] = {"ed25519", "EC -pkeyopt ec_paramgen_curve:P-384", "SM2",
                                        "RSA -pkeyopt rsa_keygen_bits:3072"};
    write_text("extensions", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                             "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        run("openssl genpkey -algorithm %s -out kind.key && openssl pkey -in kind.key -pubout -out kind.pub", kinds[i]);
        run("openssl x509 -new -subj /CN=kind -force_pubkey kind.pub -CA issuing.pem -CAkey issuing.key -days 30 "
            "-extfile extensions -out kind.pem");
        struct certificate read;
        assert_int_equal(certificate_parse(workshop_arena, der_of("kind.pem"), &read), OK);
        assert_string_equal(read.common_name, "kind");
        assert_int_equal(trust_check(trust, read.der), OK);
    }
}

static void trusts_an_expired_leaf(void **state)
{
    (void)state;
    make_certificate("expired", "issuing", "/CN=expired", leaf_extensions, "-days 5");
    make_expired("expired", "issuing");
    assert_true(parsed(der_of("expired.pem")).not_after_us < clock_now_us());
    assert_int_equal(checked("expired.pem"), OK);
}

static void refuses_a_foreign_root_of_the_same_name(void **state)
{
    (void)state;
    make_certificate("stranger", "foreign", "/CN=stranger", leaf_extensions, "-days 9");
    assert_int_equal(checked("stranger.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_a_self_signed_certificate(void **state)
{
    (void)state;
    make_certificate("alone", "alone", "/CN=alone", leaf_extensions, "-days 9");
    assert_int_equal(checked("alone.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_what_a_leaf_signed(void **state)
{
    (void)state;
    make_certificate("child", "signer", "/CN=child", leaf_extensions, "-days 9");
    run("cat issuing.pem root.pem > with_leaf.pem");
    assert_int_equal(checked("child.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_ca_certificates_as_leaves(void **state)
{
    (void)state;
    assert_int_equal(checked("issuing.pem"), ERR_CERTIFICATE_UNTRUSTED);
    assert_int_equal(checked("root.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_a_changed_signature(void **state)
{
    (void)state;
    uint8_t *changed = arena_copy(workshop_arena, signer.data, signer.size);
    changed[signer.size - 5] ^= 1;
    assert_int_equal(trust_check(trust, (struct bytes){changed, signer.size}), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_a_signature_over_sha1(void **state)
{
    (void)state;
    make_certificate("sha1", "issuing", "/CN=sha1", leaf_extensions, "-days 9 -sha1");
    assert_int_equal(checked("sha1.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_a_short_key(void **state)
{
    (void)state;
    make_certificate("short", "issuing", "/CN=short", leaf_extensions, "-newkey rsa:1024");
    assert_int_equal(checked("short.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_an_unknown_critical_extension(void **state)
{
    (void)state;
    make_certificate("critical", "issuing", "/CN=critical", "1.2.3.4=critical,DER:0500\n", "-days 9");
    assert_int_equal(checked("critical.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

/* A trust file of its own: issuer above, leaf below. */
static enum err check_under(const char *issuer, const char *leaf)
{
    struct trust *other = NULL;
    run("cat %s.pem issuing.pem root.pem > other.pem", issuer);
    assert_int_equal(trust_load("other.pem", &other), OK);
    enum err err = trust_check(other, der_of(leaf));
    trust_free(other);
    return err;
}

static void refuses_a_chain_longer_than_pathlen_allows(void **state)
{
    (void)state;
    char extensions[256];
    snprintf(extensions, sizeof(extensions), ca_extensions, "");
    make_certificate("below", "issuing", "/CN=below", extensions, "-days 99");
    make_certificate("deep", "below", "/CN=deep", leaf_extensions, "-days 9");
    assert_int_equal(check_under("below", "deep.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_an_expired_ca(void **state)
{
    (void)state;
    char extensions[256];
    snprintf(extensions, sizeof(extensions), ca_extensions, "");
    make_certificate("old", "root", "/CN=old", extensions, "-days 5");
    make_expired("old", "root");
    make_certificate("orphan", "old", "/CN=orphan", leaf_extensions, "-days 9");
    assert_int_equal(check_under("old", "orphan.pem"), ERR_CERTIFICATE_UNTRUSTED);
}

static void gives_the_chain_from_issuer_to_anchor(void **state)
{
    (void)state;
    struct bytes chain[4];
    size_t count = 0;
    assert_int_equal(trust_chain(trust, signer, workshop_arena, chain, ARRAY_SIZE(chain), &count), OK);
    assert_int_equal(count, 2);
    assert_true(bytes_equal(chain[0], der_of("issuing.pem")));
    assert_true(bytes_equal(chain[1], der_of("root.pem")));
    assert_int_equal(trust_chain(trust, signer, workshop_arena, chain, 1, &count), ERR_INTERNAL);
}

static void gives_the_chain_of_a_ca_as_well(void **state)
{
    (void)state;
    struct bytes chain[4];
    size_t count = 0;
    assert_int_equal(trust_chain(trust, der_of("issuing.pem"), workshop_arena, chain, ARRAY_SIZE(chain), &count), OK);
    assert_int_equal(count, 1);
    assert_true(bytes_equal(chain[0], der_of("root.pem")));
    assert_int_equal(trust_chain(trust, der_of("foreign.pem"), workshop_arena, chain, ARRAY_SIZE(chain), &count),
                     ERR_CERTIFICATE_UNTRUSTED);
}

static void refuses_trust_files_that_are_no_ca_file(void **state)
{
    (void)state;
    struct trust *other = NULL;
    write_text("empty.pem", "");
    run("cat root.pem signer.pem > leafy.pem; { cat root.pem; sed 5d issuing.pem; } > broken.pem");
    assert_int_equal(trust_load("empty.pem", &other), ERR_SETTINGS_INVALID);
    assert_int_equal(trust_load("issuing.pem", &other), ERR_SETTINGS_INVALID);
    assert_int_equal(trust_load("leafy.pem", &other), ERR_SETTINGS_INVALID);
    assert_int_equal(trust_load("broken.pem", &other), ERR_SETTINGS_INVALID);
    assert_int_equal(trust_load("absent.pem", &other), ERR_SETTINGS_INVALID);
    assert_null(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_names_in_chinese),
        cmocka_unit_test(reads_serial_fingerprint_and_times_as_openssl_prints_them),
        cmocka_unit_test(reads_the_key_as_openssl_extracts_it),
        cmocka_unit_test(says_that_an_encryption_certificate_may_not_sign),
        cmocka_unit_test(reads_a_certificate_without_cn_or_o),
        cmocka_unit_test(writes_pem_that_openssl_reads),
        cmocka_unit_test(reads_pem_and_base64_alike),
        cmocka_unit_test(refuses_text_that_is_no_certificate),
        cmocka_unit_test(refuses_trailing_bytes),
        cmocka_unit_test(refuses_every_cut),
        cmocka_unit_test(survives_every_changed_byte),
        cmocka_unit_test(refuses_ber_and_pem_and_large_ones),
        cmocka_unit_test(refuses_a_name_with_a_nul_inside),
        cmocka_unit_test(trusts_what_the_issuing_ca_signed),
        cmocka_unit_test(reads_and_trusts_keys_of_other_kinds),
        cmocka_unit_test(trusts_an_expired_leaf),
        cmocka_unit_test(refuses_a_foreign_root_of_the_same_name),
        cmocka_unit_test(refuses_a_self_signed_certificate),
        cmocka_unit_test(refuses_what_a_leaf_signed),
        cmocka_unit_test(refuses_ca_certificates_as_leaves),
        cmocka_unit_test(refuses_a_changed_signature),
        cmocka_unit_test(refuses_a_signature_over_sha1),
        cmocka_unit_test(refuses_a_short_key),
        cmocka_unit_test(refuses_an_unknown_critical_extension),
        cmocka_unit_test(refuses_a_chain_longer_than_pathlen_allows),
        cmocka_unit_test(refuses_an_expired_ca),
        cmocka_unit_test(gives_the_chain_from_issuer_to_anchor),
        cmocka_unit_test(gives_the_chain_of_a_ca_as_well),
        cmocka_unit_test(refuses_trust_files_that_are_no_ca_file),
    };
    return cmocka_run_group_tests(tests, make_all, drop_all);
}
