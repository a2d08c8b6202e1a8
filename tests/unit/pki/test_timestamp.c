/* SPDX-License-Identifier: Apache-2.0 */
/* Time stamps as openssl's own authority makes them, and as it must not (support/tsa_sandbox.mjs). */
#include "base/clock.h"
#include "base/text.h"
#include "pki/timestamp.h"
#include "unit/pki/workshop.h"

#include <string.h>

#define POLICY "1.3.6.1.4.1.99999.1.1"

static struct timestamp_authority *any_policy, *one_policy, *foreign;
static const struct bytes note = {(const uint8_t *)"a checkpoint\n", 13};

static int open_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    run("node %s/support/tsa_sandbox.mjs --make-keys tsa", XUQI_TESTS_DIR);
    return timestamp_authority_load("tsa/tsa-ca.pem", "", &any_policy) == OK &&
                   timestamp_authority_load("tsa/tsa-ca.pem", POLICY, &one_policy) == OK &&
                   timestamp_authority_load("tsa/foreign-ca.pem", "", &foreign) == OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    timestamp_authority_free(any_policy);
    timestamp_authority_free(one_policy);
    timestamp_authority_free(foreign);
    return workshop_close(state);
}

struct asked {
    struct bytes request, response;
};

static struct asked ask(const struct timestamp_authority *authority, const char *mode)
{
    struct asked asked = {.request = timestamp_request(authority, workshop_arena, note)};
    write_file("q.tsq", asked.request.data, asked.request.size);
    run("node %s/support/tsa_sandbox.mjs --keys tsa --answer q.tsq --mode %s > r.tsr", XUQI_TESTS_DIR, mode);
    asked.response = read_file("r.tsr");
    return asked;
}

static enum err verify(const struct timestamp_authority *authority, const struct asked *asked, int64_t later_us)
{
    int64_t at_us = -1;
    enum err err = timestamp_verify(authority, asked->request, asked->response, clock_now_us() + later_us, &at_us);
    assert_true(err == OK ? at_us > 0 : at_us == -1);
    return err;
}

static void believes_a_time_stamp_over_what_was_sent(void **state)
{
    (void)state;
    struct asked asked = ask(any_policy, "ok");
    int64_t at_us;
    assert_int_equal(verify(any_policy, &asked, 0), OK);
    assert_int_equal(timestamp_check(any_policy, note, asked.response, &at_us), OK);
    assert_true(at_us <= clock_now_us() && at_us > clock_now_us() - 60 * CLOCK_SECOND_US);
    write_file("note", note.data, note.size);
    run("openssl ts -verify -in r.tsr -queryfile q.tsq -CAfile tsa/tsa-ca.pem");
    run("openssl ts -verify -in r.tsr -data note -CAfile tsa/tsa-ca.pem");
}

static void asks_for_a_certificate_and_with_a_new_nonce_each_time(void **state)
{
    (void)state;
    struct bytes first = timestamp_request(one_policy, workshop_arena, note);
    struct bytes second = timestamp_request(one_policy, workshop_arena, note);
    assert_false(bytes_equal(first, second));
    write_file("q.tsq", first.data, first.size);
    run("openssl ts -query -in q.tsq -text > q.txt && grep -q 'Certificate required: yes' q.txt && grep -q 'Nonce: 0x' "
        "q.txt && grep -q 'Hash Algorithm: sha256' q.txt && grep -q 'Policy OID: " POLICY "' q.txt");
}

static void believes_nothing_else(void **state)
{
    (void)state;
    static const char *const modes[] = {"nonce", "imprint", "foreign", "purpose", "cut", "longer", "garbage", "empty"};
    for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
        struct asked asked = ask(any_policy, modes[i]);
        if (verify(any_policy, &asked, 0) != ERR_TIMESTAMP_INVALID)
            fail_msg("%s was believed", modes[i]);
    }
}

static void tells_a_refusal_from_a_broken_answer(void **state)
{
    (void)state;
    struct asked asked = ask(any_policy, "refused");
    assert_int_equal(verify(any_policy, &asked, 0), ERR_TIMESTAMP_REFUSED);
}

static void takes_the_policy_that_is_set_and_no_other(void **state)
{
    (void)state;
    struct asked asked = ask(one_policy, "ok");
    assert_int_equal(verify(one_policy, &asked, 0), OK);
    asked = ask(one_policy, "policy");
    assert_int_equal(verify(one_policy, &asked, 0), ERR_TIMESTAMP_INVALID);
}

static void does_not_believe_the_answer_of_another_hour(void **state)
{
    (void)state;
    struct asked asked = ask(any_policy, "ok");
    assert_int_equal(verify(any_policy, &asked, 3600 * CLOCK_SECOND_US), ERR_TIMESTAMP_INVALID);
    assert_int_equal(verify(any_policy, &asked, -3600 * CLOCK_SECOND_US), ERR_TIMESTAMP_INVALID);
}

static void a_kept_one_is_over_its_note_and_of_its_authority(void **state)
{
    (void)state;
    static const struct bytes other = {(const uint8_t *)"another checkpoint\n", 19};
    struct asked asked = ask(any_policy, "ok");
    int64_t at_us = -1;
    assert_int_equal(timestamp_check(any_policy, other, asked.response, &at_us), ERR_TIMESTAMP_INVALID);
    assert_int_equal(timestamp_check(foreign, note, asked.response, &at_us), ERR_TIMESTAMP_INVALID);
    assert_int_equal(timestamp_check(any_policy, note, (struct bytes){0}, &at_us), ERR_TIMESTAMP_INVALID);
    assert_int_equal(at_us, -1);
}

static void every_changed_octet_is_noticed_or_means_nothing(void **state)
{
    (void)state;
    struct asked asked = ask(any_policy, "ok");
    int64_t at_us, changed_us;
    assert_int_equal(timestamp_check(any_policy, note, asked.response, &at_us), OK);
    for (size_t i = 0; i < asked.response.size; i += 3) {
        uint8_t *octets = (uint8_t *)(uintptr_t)asked.response.data;
        octets[i] ^= 0x20;
        if (timestamp_check(any_policy, note, asked.response, &changed_us) == OK) /* in what nobody signed */
            assert_int_equal(changed_us, at_us);
        octets[i] ^= 0x20;
    }
}

static void needs_readable_certificates_and_a_policy_that_is_one(void **state)
{
    (void)state;
    struct timestamp_authority *authority = NULL;
    write_text("no.pem", "nothing\n");
    assert_int_equal(timestamp_authority_load("no.pem", "", &authority), ERR_SETTINGS_INVALID);
    assert_int_equal(timestamp_authority_load("absent.pem", "", &authority), ERR_SETTINGS_INVALID);
    assert_int_equal(timestamp_authority_load("tsa/tsa-ca.pem", "policy", &authority), ERR_SETTINGS_INVALID);
    assert_null(authority);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(believes_a_time_stamp_over_what_was_sent),
        cmocka_unit_test(asks_for_a_certificate_and_with_a_new_nonce_each_time),
        cmocka_unit_test(believes_nothing_else),
        cmocka_unit_test(tells_a_refusal_from_a_broken_answer),
        cmocka_unit_test(takes_the_policy_that_is_set_and_no_other),
        cmocka_unit_test(does_not_believe_the_answer_of_another_hour),
        cmocka_unit_test(a_kept_one_is_over_its_note_and_of_its_authority),
        cmocka_unit_test(every_changed_octet_is_noticed_or_means_nothing),
        cmocka_unit_test(needs_readable_certificates_and_a_policy_that_is_one),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
