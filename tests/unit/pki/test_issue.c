/* SPDX-License-Identifier: Apache-2.0 */
/* From profile to certificate: load, build, lint, sign, assemble. */
#include "base/clock.h"
#include "base/text.h"
#include "pki/profile.h"
#include "pki/rsa.h"
#include "unit/pki/workshop.h"

#include <stdlib.h>
#include <string.h>

static struct certificate issuer, ec_issuer, old;
static struct rsa_key *ca_key;
static struct profile profile;
static struct certificate_request request;

static const char profile_text[] = "version: \"7\"\n"
                                   "key_usage: [digitalSignature, nonRepudiation]\n"
                                   "extended_key_usage: [clientAuth, emailProtection]\n"
                                   "policy_oid: 1.3.6.1.4.1.18760.1\n"
                                   "crl_url: \"{public_url}/crl/issuing.crl\"\n"
                                   "issuer_url: \"{public_url}/ca/issuing.cer\"\n"
                                   "ocsp_url: \"http://ocsp.example.cn/\"\n"
                                   "backdate_s: 300\n"
                                   "validity_max_months: 36\n";

static enum err load_text(const char *text, struct profile *out)
{
    write_text("organisation.yaml", text);
    return profile_load(workshop_arena, "organisation.yaml", "https://xuqi.example.cn", out);
}

static struct certificate parsed(const char *name)
{
    struct certificate read;
    assert_int_equal(certificate_parse(workshop_arena, der_of(name), &read), OK);
    return read;
}

static struct certificate_request ordinary_request(void)
{
    int64_t now_s = clock_now_us() / CLOCK_SECOND_US;
    return (struct certificate_request){
        .serial = arena_bytes(workshop_arena, "\x5a\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f", 16),
        .subject_der = old.subject_der,
        .spki = old.spki,
        .not_before_us = (now_s - 300) * CLOCK_SECOND_US,
        .not_after_us = (now_s + 400 * 86400) * CLOCK_SECOND_US,
    };
}

static int make_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    make_ca_and_signer();
    /* an issuer that was valid long ago already and will be for long */
    run("openssl ecparam -name prime256v1 -genkey -noout -out ec.key && openssl req -new -x509 -key ec.key -days 20000 "
        "-addext keyUsage=critical,keyCertSign "
        "-subj /CN=ec -out ec.pem");
    run("openssl req -new -x509 -key ca.key -days 20000 -subj /CN=ca -out ca.pem "
        "-addext keyUsage=critical,keyCertSign,cRLSign");
    make_expired("signer", "ca"); /* the certificate to be renewed */
    issuer = parsed("ca.pem");
    issuer.not_before_us -= 3600 * CLOCK_SECOND_US;
    ec_issuer = parsed("ec.pem");
    ec_issuer.not_before_us -= 3600 * CLOCK_SECOND_US;
    old = parsed("signer.pem");
    assert_int_equal(rsa_load_private(read_file("ca.key"), &ca_key), OK);
    assert_int_equal(load_text(profile_text, &profile), OK);
    request = ordinary_request();
    return 0;
}

static int drop_all(void **state)
{
    rsa_free(ca_key);
    return workshop_close(state);
}

static struct bytes built(void)
{
    struct bytes tbs;
    assert_int_equal(certificate_build(workshop_arena, &profile, &issuer, &request, &tbs), OK);
    return tbs;
}

static enum err linted(struct bytes tbs)
{
    return certificate_lint(workshop_arena, tbs, &profile, &issuer, &request);
}

static struct bytes issued(void)
{
    struct bytes tbs = built(), signature, der;
    assert_int_equal(rsa_sign(ca_key, tbs, workshop_arena, &signature), OK);
    assert_int_equal(certificate_assemble(workshop_arena, tbs, signature, &issuer, &der), OK);
    return der;
}

/* -- profile ------------------------------------------------------------------------------------------------------ */

static void loads_a_profile(void **state)
{
    (void)state;
    assert_string_equal(profile.id, "organisation");
    assert_string_equal(profile.version, "7");
    assert_int_equal(profile.key_usage_count, 2);
    assert_string_equal(profile.extended_key_usage[1], "emailProtection");
    assert_string_equal(profile.crl_url, "https://xuqi.example.cn/crl/issuing.crl");
    assert_string_equal(profile.ocsp_url, "http://ocsp.example.cn/");
    assert_int_equal(profile.validity_max_months, 36);
}

static void loads_the_profiles_of_the_project(void **state)
{
    (void)state;
    static const char *const names[] = {"netca-organisation", "szca-organisation"};
    const char *source = getenv("XUQI_SOURCE");
    assert_non_null(source);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        struct profile read;
        const char *path = arena_format(workshop_arena, "%s/config/profiles/%s.yaml", source, names[i]);
        assert_int_equal(profile_load(workshop_arena, path, "http://127.0.0.1:8080", &read), OK);
        assert_string_equal(read.id, names[i]);
    }
}

static void refuses_profiles_that_are_wrong(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "key_usage: [keyCertSign]\n",
        "key_usage: [digitalSignature, digitalSignature]\n",
        "key_usage: []\n",
        "extended_key_usage: [anyExtendedKeyUsage]\n",
        "policy_oid: 1\n",
        "policy_oid: 3.1.2\n",
        "policy_oid: 1.2..3\n",
        "crl_url: ftp://x/\n",
        "crl_url: \"http://x/ y\"\n",
        "backdate_s: -1\n",
        "validity_max_months: 0\n",
        "validity_max_months: 1000\n",
        "version: \"\"\n",
        "colour: red\n",
    };
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        char text[512] = "";
        const char *key_end = strchr(lines[i], ':');
        for (const char *line = profile_text; *line != '\0'; line = strchr(line, '\n') + 1)
            if (strncmp(line, lines[i], (size_t)(key_end - lines[i]) + 1) != 0)
                strncat(text, line, (size_t)(strchr(line, '\n') - line) + 1);
        strcat(text, lines[i]);
        struct profile read = {.id = "untouched"};
        assert_int_equal(load_text(text, &read), ERR_SETTINGS_INVALID);
        assert_string_equal(read.id, "untouched");
    }
}

/* -- build -------------------------------------------------------------------------------------------------------- */

static void passes_its_own_lint(void **state)
{
    (void)state;
    assert_int_equal(linted(built()), OK);
}

static void makes_a_certificate_that_openssl_verifies(void **state)
{
    (void)state;
    write_text("new.pem", certificate_pem(workshop_arena, issued()));
    run("openssl verify -x509_strict -CAfile ca.pem new.pem");
}

static void makes_the_extensions_that_openssl_prints(void **state)
{
    (void)state;
    write_text("new.pem", certificate_pem(workshop_arena, issued()));
    run("openssl x509 -in new.pem -noout -text > text");
    static const char *const lines[] = {
        "X509v3 Basic Constraints: critical",
        "CA:FALSE",
        "X509v3 Key Usage: critical",
        "Digital Signature, Non Repudiation",
        "TLS Web Client Authentication, E-mail Protection",
        "URI:https://xuqi.example.cn/crl/issuing.crl",
        "CA Issuers - URI:https://xuqi.example.cn/ca/issuing.cer",
        "OCSP - URI:http://ocsp.example.cn/",
        "Policy: 1.3.6.1.4.1.18760.1",
        "Version: 3",
        "5a:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f",
        "sha256WithRSAEncryption",
    };
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        run("grep -F '%s' text", lines[i]);
}

static void copies_the_subject_byte_for_byte(void **state)
{
    (void)state;
    struct certificate read;
    assert_int_equal(certificate_parse(workshop_arena, issued(), &read), OK);
    assert_true(bytes_equal(read.subject_der, old.subject_der));
    assert_true(bytes_equal(read.spki, old.spki));
    assert_int_equal(read.not_after_us, request.not_after_us);
}

static void builds_for_a_p256_issuer_and_a_p256_key(void **state)
{
    (void)state;
    struct bytes tbs, der;
    struct certificate_request other = request;
    other.spki = ec_issuer.spki;
    assert_int_equal(certificate_build(workshop_arena, &profile, &ec_issuer, &other, &tbs), OK);
    assert_int_equal(certificate_lint(workshop_arena, tbs, &profile, &ec_issuer, &other), OK);
    write_file("tbs", tbs.data, tbs.size);
    run("openssl dgst -sha256 -sign ec.key -out sig tbs");
    assert_int_equal(certificate_assemble(workshop_arena, tbs, read_file("sig"), &ec_issuer, &der), OK);
    write_text("new.pem", certificate_pem(workshop_arena, der));
    run("openssl verify -CAfile ec.pem new.pem");
}

static void writes_the_years_around_2050_as_rfc_5280_asks(void **state)
{
    (void)state;
    struct certificate_request later = request;
    struct profile longer = profile;
    struct bytes tbs;
    longer.validity_max_months = 600;
    const int64_t end_of_2049_us = INT64_C(2524607999) * CLOCK_SECOND_US;
    for (int64_t after = 0; after <= CLOCK_SECOND_US; after += CLOCK_SECOND_US) {
        later.not_after_us = end_of_2049_us + after;
        assert_int_equal(certificate_build(workshop_arena, &longer, &issuer, &later, &tbs), OK);
        assert_int_equal(certificate_lint(workshop_arena, tbs, &longer, &issuer, &later), OK);
        const char *expected = after == 0 ? "\x17\x0d"
                                            "491231235959Z"
                                          : "\x18\x0f"
                                            "20500101000000Z";
        assert_non_null(memmem(tbs.data, tbs.size, expected, strlen(expected)));
    }
}

static void leaves_out_what_the_profile_does_not_name(void **state)
{
    (void)state;
    struct profile bare = profile;
    struct bytes tbs;
    bare.extended_key_usage_count = 0;
    bare.crl_url = bare.issuer_url = bare.ocsp_url = bare.policy_oid = "";
    assert_int_equal(certificate_build(workshop_arena, &bare, &issuer, &request, &tbs), OK);
    assert_int_equal(certificate_lint(workshop_arena, tbs, &bare, &issuer, &request), OK);
    assert_int_equal(linted(tbs), ERR_LINT_REFUSED);
    assert_int_equal(certificate_lint(workshop_arena, built(), &bare, &issuer, &request), ERR_LINT_REFUSED);
}

/* -- lint --------------------------------------------------------------------------------------------------------- */

static void refuses_every_flipped_bit(void **state)
{
    (void)state;
    struct bytes tbs = built();
    for (size_t bit = 0; bit < tbs.size * 8; bit++) {
        struct arena *arena = arena_new();
        uint8_t *changed = arena_copy(arena, tbs.data, tbs.size);
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(certificate_lint(arena, (struct bytes){changed, tbs.size}, &profile, &issuer, &request),
                         ERR_LINT_REFUSED);
        arena_free(arena);
    }
}

static void refuses_every_cut_and_trailing_bytes(void **state)
{
    (void)state;
    struct bytes tbs = built();
    for (size_t size = 0; size < tbs.size; size++) {
        struct arena *arena = arena_new();
        uint8_t *cut = arena_copy(arena, tbs.data, size);
        assert_int_equal(certificate_lint(arena, (struct bytes){cut, size}, &profile, &issuer, &request),
                         ERR_LINT_REFUSED);
        arena_free(arena);
    }
    uint8_t *longer = arena_alloc(workshop_arena, tbs.size + 1);
    memcpy(longer, tbs.data, tbs.size);
    assert_int_equal(linted((struct bytes){longer, tbs.size + 1}), ERR_LINT_REFUSED);
}

/* What was built for one request must not pass for another. */
static void refuse_for(struct certificate_request other)
{
    assert_int_equal(certificate_lint(workshop_arena, built(), &profile, &issuer, &other), ERR_LINT_REFUSED);
}

static void refuses_another_request(void **state)
{
    (void)state;
    struct certificate_request other = request;
    other.serial = arena_bytes(workshop_arena, "\x5a\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\xff", 16);
    refuse_for(other);
    other = request;
    other.subject_der = issuer.subject_der;
    refuse_for(other);
    other = request;
    other.spki = issuer.spki;
    refuse_for(other);
    other = request;
    other.not_after_us += CLOCK_SECOND_US;
    refuse_for(other);
    other = request;
    other.not_before_us -= CLOCK_SECOND_US;
    refuse_for(other);
}

/* Built as asked, and still not to be signed. */
static void refuse_built(struct certificate_request asked)
{
    struct bytes tbs;
    enum err err = certificate_build(workshop_arena, &profile, &issuer, &asked, &tbs);
    if (err == OK)
        err = certificate_lint(workshop_arena, tbs, &profile, &issuer, &asked);
    assert_int_equal(err, ERR_LINT_REFUSED);
}

static void refuses_bad_serials(void **state)
{
    (void)state;
    static const char *const serials[] = {
        "\x80\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
    };
    struct certificate_request asked = request;
    for (size_t i = 0; i < ARRAY_SIZE(serials); i++) {
        asked.serial = arena_bytes(workshop_arena, serials[i], 16);
        refuse_built(asked);
    }
    asked.serial = arena_bytes(workshop_arena, "\x5a", 1);
    refuse_built(asked);
    asked.serial = (struct bytes){0};
    refuse_built(asked);
}

static void accepts_serials_with_leading_zeros(void **state)
{
    (void)state;
    static const char *const serials[] = {
        "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
        "\x00\x81\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
        "\x00\x00\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
    };
    struct certificate_request asked = request;
    for (size_t i = 0; i < ARRAY_SIZE(serials); i++) {
        struct bytes tbs;
        asked.serial = arena_bytes(workshop_arena, serials[i], 16);
        assert_int_equal(certificate_build(workshop_arena, &profile, &issuer, &asked, &tbs), OK);
        assert_int_equal(certificate_lint(workshop_arena, tbs, &profile, &issuer, &asked), OK);
    }
}

static void refuses_bad_periods(void **state)
{
    (void)state;
    struct certificate_request asked = request;
    asked.not_after_us = asked.not_before_us;
    refuse_built(asked);
    asked.not_after_us = asked.not_before_us - CLOCK_SECOND_US;
    refuse_built(asked);
    asked = request;
    asked.not_after_us += 1; /* not a whole second */
    refuse_built(asked);
    asked = request;
    asked.not_before_us = issuer.not_before_us - CLOCK_SECOND_US;
    refuse_built(asked);
    asked = request;
    asked.not_after_us = issuer.not_after_us + CLOCK_SECOND_US;
    refuse_built(asked);
}

static void counts_the_longest_period_in_calendar_months(void **state)
{
    (void)state;
    struct certificate_request asked = request;
    struct beijing start = {2027, 1, 31, 12, 0, 0, 0}, end = {2030, 1, 31, 12, 0, 0, 0};
    struct bytes tbs;
    asked.not_before_us = beijing_to_us(start) - 300 * CLOCK_SECOND_US;
    asked.not_after_us = beijing_to_us(end);
    assert_int_equal(certificate_build(workshop_arena, &profile, &issuer, &asked, &tbs), OK);
    assert_int_equal(certificate_lint(workshop_arena, tbs, &profile, &issuer, &asked), OK);
    asked.not_after_us += CLOCK_SECOND_US;
    refuse_built(asked);
}

static void refuses_weak_keys(void **state)
{
    (void)state;
    struct certificate_request asked = request;
    run("openssl genrsa -out weak.key 1024 && openssl pkey -in weak.key -pubout -outform DER -out weak");
    asked.spki = read_file("weak");
    refuse_built(asked);
    run("openssl ecparam -name secp384r1 -genkey -noout -out p384.key && openssl pkey -in p384.key -pubout -outform "
        "DER "
        "-out weak");
    asked.spki = read_file("weak");
    refuse_built(asked);
    asked.spki = bytes_of_text("no key");
    refuse_built(asked);
}

static void refuses_an_empty_or_broken_subject(void **state)
{
    (void)state;
    struct certificate_request asked = request;
    asked.subject_der = arena_bytes(workshop_arena, "\x30\x00", 2);
    refuse_built(asked);
    asked.subject_der = arena_bytes(workshop_arena, "\x30\x05\x31", 3);
    refuse_built(asked);
    asked.subject_der = (struct bytes){0};
    refuse_built(asked);
}

/* The TBS with the bytes of one extension doubled, all lengths around it mended. */
static void refuses_an_extension_twice(void **state)
{
    (void)state;
    static const uint8_t basic[] = {0x30, 0x0c, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04, 0x02, 0x30, 0x00};
    struct bytes tbs = built();
    const uint8_t *at = memmem(tbs.data, tbs.size, basic, sizeof(basic));
    assert_non_null(at);
    size_t before = (size_t)(at - tbs.data);
    uint8_t *twice = arena_alloc(workshop_arena, tbs.size + sizeof(basic));
    memcpy(twice, tbs.data, before);
    memcpy(twice + before, basic, sizeof(basic));
    memcpy(twice + before + sizeof(basic), at, tbs.size - before);
    /* lengths of TBSCertificate, [3] and Extensions: 82 xx xx each */
    size_t heads[] = {2, before - 6, before - 2};
    for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
        size_t length = (size_t)(twice[heads[i]] << 8 | twice[heads[i] + 1]) + sizeof(basic);
        twice[heads[i]] = (uint8_t)(length >> 8);
        twice[heads[i] + 1] = (uint8_t)length;
    }
    assert_int_equal(linted((struct bytes){twice, tbs.size + sizeof(basic)}), ERR_LINT_REFUSED);
}

/* -- assemble ----------------------------------------------------------------------------------------------------- */

static void refuse_signature(struct bytes tbs, struct bytes signature)
{
    struct bytes der = {NULL, 99};
    assert_int_equal(certificate_assemble(workshop_arena, tbs, signature, &issuer, &der), ERR_HSM_REFUSED);
    assert_int_equal(der.size, 99);
}

static void refuses_a_signature_that_does_not_verify(void **state)
{
    (void)state;
    struct bytes tbs = built(), other;
    struct rsa_key *key;
    assert_int_equal(rsa_load_private(read_file("signer.key"), &key), OK);
    assert_int_equal(rsa_sign(key, tbs, workshop_arena, &other), OK);
    rsa_free(key);
    refuse_signature(tbs, other);
    assert_int_equal(rsa_sign(ca_key, bytes_of_text("other"), workshop_arena, &other), OK);
    refuse_signature(tbs, other);
    refuse_signature(tbs, (struct bytes){0});
}

static void refuses_to_assemble_what_is_no_tbs(void **state)
{
    (void)state;
    struct bytes text = bytes_of_text("no certificate"), signature, der;
    assert_int_equal(rsa_sign(ca_key, text, workshop_arena, &signature), OK);
    assert_int_equal(certificate_assemble(workshop_arena, text, signature, &issuer, &der), ERR_LINT_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_a_profile),
        cmocka_unit_test(loads_the_profiles_of_the_project),
        cmocka_unit_test(refuses_profiles_that_are_wrong),
        cmocka_unit_test(passes_its_own_lint),
        cmocka_unit_test(makes_a_certificate_that_openssl_verifies),
        cmocka_unit_test(makes_the_extensions_that_openssl_prints),
        cmocka_unit_test(copies_the_subject_byte_for_byte),
        cmocka_unit_test(builds_for_a_p256_issuer_and_a_p256_key),
        cmocka_unit_test(writes_the_years_around_2050_as_rfc_5280_asks),
        cmocka_unit_test(leaves_out_what_the_profile_does_not_name),
        cmocka_unit_test(refuses_every_flipped_bit),
        cmocka_unit_test(refuses_every_cut_and_trailing_bytes),
        cmocka_unit_test(refuses_another_request),
        cmocka_unit_test(refuses_bad_serials),
        cmocka_unit_test(accepts_serials_with_leading_zeros),
        cmocka_unit_test(refuses_bad_periods),
        cmocka_unit_test(counts_the_longest_period_in_calendar_months),
        cmocka_unit_test(refuses_weak_keys),
        cmocka_unit_test(refuses_an_empty_or_broken_subject),
        cmocka_unit_test(refuses_an_extension_twice),
        cmocka_unit_test(refuses_a_signature_that_does_not_verify),
        cmocka_unit_test(refuses_to_assemble_what_is_no_tbs),
    };
    return cmocka_run_group_tests(tests, make_all, drop_all);
}
