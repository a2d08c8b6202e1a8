/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists: built here, read by the openssl command. */
#include "base/clock.h"
#include "base/text.h"
#include "pki/crl.h"
#include "pki/rsa.h"
#include "unit/pki/workshop.h"

#include <string.h>

#define MANY 3000

static struct certificate issuer, ec_issuer, no_lists;
static struct rsa_key *ca_key;
static int64_t now_us;
static struct crl_entry three[3];
static struct crl_request ordinary;

static struct certificate parsed(const char *name)
{
    struct certificate read;
    assert_int_equal(certificate_parse(workshop_arena, der_of(name), &read), OK);
    return read;
}

static struct bytes serial(const char *hex)
{
    struct bytes read;
    assert_true(hex_decode(workshop_arena, hex, &read));
    return read;
}

static int make_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    make_ca_and_signer();
    run("openssl ecparam -name prime256v1 -genkey -noout -out ec.key && openssl req -new -x509 -key ec.key -days 900 "
        "-addext keyUsage=critical,keyCertSign,cRLSign -subj /CN=ec -out ec.pem");
    run("openssl req -new -x509 -key ca.key -days 900 -subj /CN=nolists -addext keyUsage=critical,keyCertSign "
        "-out nolists.pem");
    issuer = parsed("ca.pem");
    ec_issuer = parsed("ec.pem");
    no_lists = parsed("nolists.pem");
    assert_int_equal(rsa_load_private(read_file("ca.key"), &ca_key), OK);
    now_us = clock_now_us() / CLOCK_SECOND_US * CLOCK_SECOND_US;
    three[0] = (struct crl_entry){serial("f000"), now_us - 5 * CLOCK_SECOND_US + 123456, CRL_KEY_COMPROMISE};
    three[1] = (struct crl_entry){serial("0000000102"), now_us - CLOCK_DAY_US, CRL_UNSPECIFIED};
    three[2] = (struct crl_entry){serial("40ffffffffffffffffffffffffffffff"), now_us, CRL_CESSATION_OF_OPERATION};
    ordinary = (struct crl_request){.number = 513,
                                    .this_update_us = now_us,
                                    .next_update_us = now_us + CLOCK_DAY_US,
                                    .entries = three,
                                    .entry_count = ARRAY_SIZE(three)};
    return 0;
}

static int drop_all(void **state)
{
    rsa_free(ca_key);
    return workshop_close(state);
}

static struct bytes built(const struct crl_request *request)
{
    struct bytes tbs;
    assert_int_equal(crl_build(workshop_arena, &issuer, request, &tbs), OK);
    return tbs;
}

static void write_list(const struct crl_request *request)
{
    struct bytes tbs = built(request), signature, der;
    assert_int_equal(crl_lint(workshop_arena, tbs, &issuer, request), OK);
    assert_int_equal(rsa_sign(ca_key, tbs, workshop_arena, &signature), OK);
    assert_int_equal(crl_assemble(workshop_arena, tbs, signature, &issuer, &der), OK);
    write_file("list.crl", der.data, der.size);
}

/* What openssl prints of it, white space made single blanks. */
static const char *printed(void)
{
    run("openssl crl -inform DER -in list.crl -noout -text >raw && tr -s '[:space:]' ' ' <raw >text");
    struct bytes text = read_file("text");
    return arena_text_n(workshop_arena, (const char *)text.data, text.size);
}

static void assert_prints(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("'%s' is not in: %s", wanted, text);
}

/* -- what is made -------------------------------------------------------------------------------------------------- */

static void makes_a_list_that_openssl_verifies(void **state)
{
    (void)state;
    write_list(&ordinary);
    run("openssl crl -inform DER -in list.crl -CAfile ca.pem -verify -noout 2>&1 | grep -q 'verify OK'");
    const char *text = printed();
    assert_prints(text, "Version 2 (0x1) Signature Algorithm: sha256WithRSAEncryption");
    assert_prints(text, "X509v3 CRL Number: 513 ");
    assert_prints(text, "X509v3 Authority Key Identifier: ");
    assert_prints(text, "Serial Number: F000 Revocation Date: ");
    assert_prints(text, "X509v3 CRL Reason Code: Key Compromise");
    assert_prints(text, "X509v3 CRL Reason Code: Cessation Of Operation");
    assert_null(strstr(text, "critical"));
}

static void sorts_by_serial_and_leaves_unspecified_out(void **state)
{
    (void)state;
    write_list(&ordinary);
    const char *text = printed();
    const char *low = strstr(text, "Serial Number: 0102 "), *middle = strstr(text, "Serial Number: F000 "),
               *high = strstr(text, "Serial Number: 40FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF ");
    assert_non_null(low);
    assert_true(low < middle && middle < high);
    assert_true(strstr(low, "Reason Code") > middle);
}

static void writes_no_empty_list_of_entries(void **state)
{
    (void)state;
    struct crl_request request = ordinary;
    request.entry_count = 0;
    write_list(&request);
    run("openssl crl -inform DER -in list.crl -CAfile ca.pem -verify -noout 2>&1 | grep -q 'verify OK'");
    assert_prints(printed(), "No Revoked Certificates.");
    run("openssl asn1parse -inform DER -in list.crl | awk '/d=2/ && /SEQUENCE/ { n++ } END { exit n != 2 }'");
}

static void decides_over_a_certificate(void **state)
{
    (void)state;
    struct certificate signer = parsed("signer.pem");
    struct crl_entry one = {
        serial(arena_format(workshop_arena, "%s%s", strlen(signer.serial) % 2 ? "0" : "", signer.serial)), now_us,
        CRL_SUPERSEDED};
    struct crl_request request = ordinary;
    write_list(&request);
    run("openssl crl -inform DER -in list.crl -out list.pem && openssl verify -crl_check -x509_strict -CAfile ca.pem "
        "-CRLfile list.pem signer.pem");
    request.entries = &one;
    request.entry_count = 1;
    write_list(&request);
    run("openssl crl -inform DER -in list.crl -out list.pem && ! openssl verify -crl_check -CAfile ca.pem -CRLfile "
        "list.pem signer.pem >verdict 2>&1 && grep -q 'certificate revoked' verdict");
}

static void signs_with_a_p256_key(void **state)
{
    (void)state;
    struct bytes tbs, der;
    assert_int_equal(crl_build(workshop_arena, &ec_issuer, &ordinary, &tbs), OK);
    assert_int_equal(crl_lint(workshop_arena, tbs, &ec_issuer, &ordinary), OK);
    write_file("tbs", tbs.data, tbs.size);
    run("openssl dgst -sha256 -sign ec.key -out signature tbs");
    assert_int_equal(crl_assemble(workshop_arena, tbs, read_file("signature"), &ec_issuer, &der), OK);
    write_file("list.crl", der.data, der.size);
    run("openssl crl -inform DER -in list.crl -CAfile ec.pem -verify -noout 2>&1 | grep -q 'verify OK'");
}

static void writes_the_years_around_2050_as_rfc_5280_asks(void **state)
{
    (void)state;
    struct crl_request request = ordinary;
    request.this_update_us = INT64_C(2524607999) * CLOCK_SECOND_US; /* 2049-12-31T23:59:59Z */
    request.next_update_us = INT64_C(2524608000) * CLOCK_SECOND_US;
    write_list(&request);
    run("openssl asn1parse -inform DER -in list.crl | grep -q 'UTCTIME *:491231235959Z' && "
        "openssl asn1parse -inform DER -in list.crl | grep -q 'GENERALIZEDTIME *:20500101000000Z'");
}

static void lists_thousands(void **state)
{
    (void)state;
    struct crl_entry *many = arena_alloc(workshop_arena, MANY * sizeof(*many));
    for (size_t i = 0; i < MANY; i++) {
        uint8_t number[3] = {(uint8_t)(i * 7919 % MANY >> 8), (uint8_t)(i * 7919 % MANY), 1};
        many[i] = (struct crl_entry){arena_bytes(workshop_arena, number, sizeof(number)), now_us, CRL_SUPERSEDED};
    }
    struct crl_request request = ordinary;
    request.entries = many;
    request.entry_count = MANY;
    write_list(&request);
    run("openssl crl -inform DER -in list.crl -CAfile ca.pem -verify -noout 2>&1 | grep -q 'verify OK'");
    run("test $(openssl crl -inform DER -in list.crl -noout -text | grep -c 'Serial Number') = %d", MANY);
}

static void knows_reasons_by_their_names(void **state)
{
    (void)state;
    assert_int_equal(crl_reason_of_text("keyCompromise"), 1);
    assert_int_equal(crl_reason_of_text("cACompromise"), 2);
    assert_int_equal(crl_reason_of_text("affiliationChanged"), 3);
    assert_int_equal(crl_reason_of_text("superseded"), 4);
    assert_int_equal(crl_reason_of_text("cessationOfOperation"), 5);
    assert_int_equal(crl_reason_of_text("privilegeWithdrawn"), 9);
    assert_int_equal(crl_reason_of_text("aACompromise"), 10);
    static const char *const others[] = {
        "", "unspecified", "lost key", "keycompromise", "certificateHold", "removeFromCRL"};
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_int_equal(crl_reason_of_text(others[i]), CRL_UNSPECIFIED);
}

/* -- what is refused ----------------------------------------------------------------------------------------------- */

static void refuse_build(const struct certificate *ca, const struct crl_request *request)
{
    struct bytes tbs = {NULL, 99};
    assert_int_equal(crl_build(workshop_arena, ca, request, &tbs), ERR_LINT_REFUSED);
    assert_int_equal(tbs.size, 99);
}

static void refuses_serials_that_are_none_or_twice_there(void **state)
{
    (void)state;
    struct crl_request request = ordinary;
    struct crl_entry two[2] = {three[0], three[1]};
    const struct bytes bad[] = {{0},
                                serial("00"),
                                serial("0000"),
                                serial("01020304050607080910111213141516171819202122"),
                                serial("f000"),
                                serial("00f000")};
    request.entries = two;
    request.entry_count = 2;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        two[1].serial = bad[i];
        refuse_build(&issuer, &request);
    }
}

static void refuses_a_number_or_times_that_are_none(void **state)
{
    (void)state;
    struct crl_request request = ordinary;
    request.number = 0;
    refuse_build(&issuer, &request);
    request.number = -1;
    refuse_build(&issuer, &request);
    request = ordinary;
    request.next_update_us = request.this_update_us;
    refuse_build(&issuer, &request);
    request = ordinary;
    request.this_update_us = -1;
    refuse_build(&issuer, &request);
}

static void refuses_an_issuer_that_may_not_sign_lists(void **state)
{
    (void)state;
    struct bytes tbs;
    assert_int_equal(crl_build(workshop_arena, &no_lists, &ordinary, &tbs), OK);
    assert_int_equal(crl_lint(workshop_arena, tbs, &no_lists, &ordinary), ERR_LINT_REFUSED);
}

static void refuses_every_flipped_bit(void **state)
{
    (void)state;
    struct bytes tbs = built(&ordinary);
    uint8_t *flipped = arena_copy(workshop_arena, tbs.data, tbs.size);
    for (size_t i = 0; i < tbs.size * 8; i++) {
        flipped[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(crl_lint(workshop_arena, (struct bytes){flipped, tbs.size}, &issuer, &ordinary),
                         ERR_LINT_REFUSED);
        flipped[i / 8] ^= (uint8_t)(1u << i % 8);
    }
}

static void refuses_every_cut_and_trailing_bytes(void **state)
{
    (void)state;
    struct bytes tbs = built(&ordinary);
    for (size_t size = 0; size < tbs.size; size++)
        assert_int_equal(crl_lint(workshop_arena, (struct bytes){tbs.data, size}, &issuer, &ordinary),
                         ERR_LINT_REFUSED);
    uint8_t *longer = arena_alloc(workshop_arena, tbs.size + 2);
    memcpy(longer, tbs.data, tbs.size);
    longer[tbs.size] = 0x05;
    assert_int_equal(crl_lint(workshop_arena, (struct bytes){longer, tbs.size + 2}, &issuer, &ordinary),
                     ERR_LINT_REFUSED);
}

static void refuses_another_request(void **state)
{
    (void)state;
    struct bytes tbs = built(&ordinary);
    struct crl_entry changed[3];
    struct crl_request others[8];
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        others[i] = ordinary;
    others[0].number++;
    others[1].this_update_us += CLOCK_SECOND_US;
    others[2].next_update_us += CLOCK_SECOND_US;
    others[3].entry_count = 2;
    others[4].entry_count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        memcpy(changed, three, sizeof(three));
        if (i >= 5)
            others[i].entries = changed;
        if (i == 5)
            changed[0].reason = CRL_UNSPECIFIED;
        if (i == 6)
            changed[1].revoked_at_us += CLOCK_SECOND_US;
        if (i == 7)
            changed[2].serial = serial("41");
        assert_int_equal(crl_lint(workshop_arena, tbs, &issuer, &others[i]), ERR_LINT_REFUSED);
    }
    assert_int_equal(crl_lint(workshop_arena, tbs, &ec_issuer, &ordinary), ERR_LINT_REFUSED);
}

static void refuses_a_changed_list_under_the_old_signature(void **state)
{
    (void)state;
    struct bytes tbs = built(&ordinary), signature, der = {NULL, 99};
    struct crl_request request = ordinary;
    request.number++;
    assert_int_equal(rsa_sign(ca_key, tbs, workshop_arena, &signature), OK);
    assert_int_equal(crl_assemble(workshop_arena, built(&request), signature, &issuer, &der), ERR_HSM_REFUSED);
    assert_int_equal(crl_assemble(workshop_arena, tbs, (struct bytes){0}, &issuer, &der), ERR_HSM_REFUSED);
    assert_int_equal(der.size, 99);
}

static void refuses_to_assemble_what_is_no_list(void **state)
{
    (void)state;
    static const uint8_t nearly[] = {0x30, 0x06, 0x02, 0x01, 0x01, 0x30, 0x01, 0x00};
    const struct bytes all[] = {bytes_of_text("no list"), {nearly, sizeof(nearly)}, {0}};
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
        struct bytes signature, der;
        assert_int_equal(rsa_sign(ca_key, all[i], workshop_arena, &signature), OK);
        assert_int_equal(crl_assemble(workshop_arena, all[i], signature, &issuer, &der), ERR_LINT_REFUSED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_a_list_that_openssl_verifies),
        cmocka_unit_test(sorts_by_serial_and_leaves_unspecified_out),
        cmocka_unit_test(writes_no_empty_list_of_entries),
        cmocka_unit_test(decides_over_a_certificate),
        cmocka_unit_test(signs_with_a_p256_key),
        cmocka_unit_test(writes_the_years_around_2050_as_rfc_5280_asks),
        cmocka_unit_test(lists_thousands),
        cmocka_unit_test(knows_reasons_by_their_names),
        cmocka_unit_test(refuses_serials_that_are_none_or_twice_there),
        cmocka_unit_test(refuses_a_number_or_times_that_are_none),
        cmocka_unit_test(refuses_an_issuer_that_may_not_sign_lists),
        cmocka_unit_test(refuses_every_flipped_bit),
        cmocka_unit_test(refuses_every_cut_and_trailing_bytes),
        cmocka_unit_test(refuses_another_request),
        cmocka_unit_test(refuses_a_changed_list_under_the_old_signature),
        cmocka_unit_test(refuses_to_assemble_what_is_no_list),
    };
    return cmocka_run_group_tests(tests, make_all, drop_all);
}
