/* SPDX-License-Identifier: Apache-2.0 */
#include "hsm/hsm.h"

#include "base/text.h"
#include "pki/rsa.h"
#include "unit/hsm/shim.h"
#include "unit/pki/workshop.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN   "xuqi-test"
#define PIN     "648219"
#define THREADS 2
#define ROUNDS  200

static struct shim *shim;
static struct hsm *hsm;
static struct hsm_key *key;
static struct rsa_key *public_key;

static struct bytes pin(void)
{
    return bytes_of_text(PIN);
}

static struct rsa_key *public_of(const struct hsm_key *of)
{
    struct rsa_key *loaded;
    struct bytes spki;
    assert_int_equal(hsm_public_key(hsm, of, workshop_arena, &spki), OK);
    assert_int_equal(rsa_load_public(bytes_of_text(base64_encode(workshop_arena, spki)), &loaded), OK);
    return loaded;
}

/* A SoftHSM token with an RSA key "issuing", a P-256 key "ec" and two keys "twin". */
static int make_token(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    struct bytes spki;
    write_text("softhsm2.conf", "directories.tokendir = tokens\nobjectstore.backend = file\nlog.level = ERROR\n");
    setenv("SOFTHSM2_CONF", "softhsm2.conf", 1);
    run("mkdir tokens && softhsm2-util --init-token --free --label " TOKEN " --pin " PIN " --so-pin 12345678");
    run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key && openssl pkey -in ec.key -pubout "
        "-out ec.pub && softhsm2-util --import ec.key --token " TOKEN " --label ec --id 01 --pin " PIN);
    run("for i in 02 03; do openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out twin.key && "
        "softhsm2-util "
        "--import twin.key --token " TOKEN " --label twin --id $i --force --pin " PIN "; done");
    void *library = dlopen(SHIM, RTLD_NOW);
    assert_non_null(library);
    shim = dlsym(library, "shim");
    assert_int_equal(hsm_open(SHIM, TOKEN, pin(), THREADS, &hsm), OK);
    assert_int_equal(hsm_generate_rsa(hsm, "issuing", 2048, workshop_arena, &spki), OK);
    assert_int_equal(hsm_find_key(hsm, "issuing", &key), OK);
    public_key = public_of(key);
    return 0;
}

static int drop_token(void **state)
{
    rsa_free(public_key);
    hsm_close(hsm);
    return workshop_close(state);
}

/* Each test starts with a token that is well. */
static int healthy(void **state)
{
    (void)state;
    CK_FUNCTION_LIST *real = shim->real;
    *shim = (struct shim){.real = real};
    return 0;
}

static struct bytes message(void)
{
    return bytes_of_text("TBSCertificate");
}

static enum err sign(struct bytes *signature)
{
    return hsm_sign(hsm, 0, key, message(), workshop_arena, signature);
}

static void expect_good_signature(void)
{
    struct bytes signature;
    assert_int_equal(sign(&signature), OK);
    assert_true(rsa_verify(public_key, message(), signature));
}

static void expect_failure(enum err expected)
{
    struct bytes signature = {NULL, 99};
    assert_int_equal(sign(&signature), expected);
    assert_int_equal(signature.size, 99);
}

static CK_SLOT_ID slot(void)
{
    CK_SLOT_ID slots[8];
    CK_ULONG count = ARRAY_SIZE(slots);
    assert_int_equal(shim->real->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
    return slots[0];
}

/* -- signing ------------------------------------------------------------------------------------------------------ */

static void signs_with_rsa(void **state)
{
    (void)state;
    assert_true(hsm_key_is_rsa(key));
    expect_good_signature();
}

static void signs_with_p256_what_openssl_verifies(void **state)
{
    (void)state;
    struct hsm_key *ec;
    struct bytes signature;
    assert_int_equal(hsm_find_key(hsm, "ec", &ec), OK);
    assert_false(hsm_key_is_rsa(ec));
    write_file("message", message().data, message().size);
    for (int i = 0; i < 20; i++) { /* r and s of every length */
        assert_int_equal(hsm_sign(hsm, 1, ec, message(), workshop_arena, &signature), OK);
        write_file("sig", signature.data, signature.size);
        run("openssl dgst -sha256 -verify ec.pub -signature sig message");
    }
}

static void gives_the_public_key_as_openssl_writes_it(void **state)
{
    (void)state;
    struct hsm_key *ec;
    struct bytes spki;
    assert_int_equal(hsm_find_key(hsm, "ec", &ec), OK);
    assert_int_equal(hsm_public_key(hsm, ec, workshop_arena, &spki), OK);
    run("openssl pkey -pubin -in ec.pub -outform DER -out ec.spki");
    assert_true(bytes_equal(spki, read_file("ec.spki")));
}

static void finds_the_same_key_twice(void **state)
{
    (void)state;
    struct hsm_key *again;
    assert_int_equal(hsm_find_key(hsm, "issuing", &again), OK);
    assert_ptr_equal(again, key);
}

static void refuses_a_label_that_is_not_there(void **state)
{
    (void)state;
    struct hsm_key *found = NULL;
    assert_int_equal(hsm_find_key(hsm, "nobody", &found), ERR_HSM_REFUSED);
    assert_null(found);
}

static void refuses_a_label_that_is_there_twice(void **state)
{
    (void)state;
    struct hsm_key *found = NULL;
    assert_int_equal(hsm_find_key(hsm, "twin", &found), ERR_HSM_REFUSED);
    assert_null(found);
}

static void makes_keys_that_cannot_be_taken_out(void **state)
{
    (void)state;
    CK_SESSION_HANDLE session;
    CK_OBJECT_CLASS object_class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &object_class, sizeof(object_class)}, {CKA_LABEL, "issuing", 7}};
    CK_OBJECT_HANDLE object;
    CK_ULONG count;
    CK_BBOOL extractable = CK_TRUE, never = CK_FALSE, sensitive = CK_FALSE;
    uint8_t exponent[512];
    CK_ATTRIBUTE flags[] = {
        {CKA_EXTRACTABLE, &extractable, 1}, {CKA_NEVER_EXTRACTABLE, &never, 1}, {CKA_SENSITIVE, &sensitive, 1}};
    CK_ATTRIBUTE secret = {CKA_PRIVATE_EXPONENT, exponent, sizeof(exponent)};
    CK_FUNCTION_LIST *real = shim->real;
    assert_int_equal(real->C_OpenSession(slot(), CKF_SERIAL_SESSION, NULL, NULL, &session), CKR_OK);
    assert_int_equal(real->C_FindObjectsInit(session, template, 2), CKR_OK);
    assert_int_equal(real->C_FindObjects(session, &object, 1, &count), CKR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(real->C_FindObjectsFinal(session), CKR_OK);
    assert_int_equal(real->C_GetAttributeValue(session, object, flags, ARRAY_SIZE(flags)), CKR_OK);
    assert_int_equal(real->C_GetAttributeValue(session, object, &secret, 1), CKR_ATTRIBUTE_SENSITIVE);
    assert_int_equal(real->C_CloseSession(session), CKR_OK);
    assert_false(extractable);
    assert_true(never);
    assert_true(sensitive);
}

static void refuses_to_make_a_second_key_of_a_label(void **state)
{
    (void)state;
    struct bytes spki = {NULL, 99};
    assert_int_equal(hsm_generate_rsa(hsm, "issuing", 2048, workshop_arena, &spki), ERR_HSM_REFUSED);
    assert_int_equal(hsm_generate_rsa(hsm, "short", 1024, workshop_arena, &spki), ERR_HSM_REFUSED);
    assert_int_equal(spki.size, 99);
}

/* -- opening ------------------------------------------------------------------------------------------------------ */

static void refuses_what_cannot_be_opened(void **state)
{
    (void)state;
    struct hsm *other = NULL;
    assert_int_equal(hsm_open("/nowhere/module.so", TOKEN, pin(), 1, &other), ERR_HSM_UNAVAILABLE);
    assert_int_equal(hsm_open(SHIM, "another token", pin(), 1, &other), ERR_HSM_UNAVAILABLE);
    assert_int_equal(hsm_open(SHIM, "xuqi", pin(), 1, &other), ERR_HSM_UNAVAILABLE);
    assert_null(other);
}

/* Run with no other login of the process: one would answer for all. */
static void tries_a_wrong_pin_once(void **state)
{
    (void)state;
    struct hsm *other = NULL;
    rsa_free(public_key);
    hsm_close(hsm);
    shim->logins = 0;
    assert_int_equal(hsm_open(SHIM, TOKEN, bytes_of_text("000000"), 2, &other), ERR_HSM_REFUSED);
    assert_null(other);
    assert_int_equal(shim->logins, 1);
    assert_int_equal(hsm_open(SHIM, TOKEN, pin(), THREADS, &hsm), OK);
    assert_int_equal(hsm_find_key(hsm, "issuing", &key), OK);
    public_key = public_of(key);
    expect_good_signature();
}

/* -- losing the token --------------------------------------------------------------------------------------------- */

static void goes_on_after_its_sessions_were_closed(void **state)
{
    (void)state;
    assert_int_equal(shim->real->C_CloseAllSessions(slot()), CKR_OK);
    expect_good_signature();
    assert_int_equal(shim->logins, 1);
}

static void goes_on_after_the_module_was_finalized(void **state)
{
    (void)state;
    assert_int_equal(shim->real->C_Finalize(NULL), CKR_OK);
    expect_good_signature();
}

static void goes_on_after_a_logout(void **state)
{
    (void)state;
    CK_SESSION_HANDLE session;
    assert_int_equal(shim->real->C_OpenSession(slot(), CKF_SERIAL_SESSION, NULL, NULL, &session), CKR_OK);
    assert_int_equal(shim->real->C_Logout(session), CKR_OK);
    assert_int_equal(shim->real->C_CloseSession(session), CKR_OK);
    expect_good_signature();
}

static void goes_on_after_one_failure_of_each_kind(void **state)
{
    (void)state;
    static const CK_RV answers[] = {
        CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED,     CKR_DEVICE_REMOVED,          CKR_TOKEN_NOT_PRESENT,
        CKR_DEVICE_ERROR,           CKR_USER_NOT_LOGGED_IN, CKR_KEY_HANDLE_INVALID,      CKR_OBJECT_HANDLE_INVALID,
        CKR_GENERAL_ERROR,          CKR_FUNCTION_FAILED,    CKR_CRYPTOKI_NOT_INITIALIZED};
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
        shim->sign_answer = answers[i];
        shim->sign_failures = 1;
        expect_good_signature();
    }
}

static void gives_up_after_the_second_failure(void **state)
{
    (void)state;
    shim->sign_answer = CKR_DEVICE_ERROR;
    shim->sign_failures = 2;
    expect_failure(ERR_HSM_UNAVAILABLE);
    assert_int_equal(shim->signatures, 2);
    expect_good_signature();
}

static void does_not_repeat_what_was_refused(void **state)
{
    (void)state;
    shim->sign_answer = CKR_KEY_FUNCTION_NOT_PERMITTED;
    shim->sign_failures = 1;
    expect_failure(ERR_HSM_REFUSED);
    assert_int_equal(shim->signatures, 1);
    assert_int_equal(shim->logins, 0);
}

static void is_unavailable_while_the_token_is_away_and_works_when_it_is_back(void **state)
{
    (void)state;
    shim->away = true;
    expect_failure(ERR_HSM_UNAVAILABLE);
    expect_failure(ERR_HSM_UNAVAILABLE);
    shim->away = false;
    expect_good_signature();
}

static void comes_back_when_the_login_failed_for_another_reason_than_the_pin(void **state)
{
    (void)state;
    assert_int_equal(shim->real->C_CloseAllSessions(slot()), CKR_OK);
    shim->login_answer = CKR_DEVICE_ERROR;
    shim->login_failures = 2; /* both ways of connecting */
    expect_failure(ERR_HSM_UNAVAILABLE);
    expect_good_signature();
}

static void copy_key(const char *label)
{
    run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new.key");
    run("softhsm2-util --import new.key --token " TOKEN " --label %s --id 0a --force --pin " PIN, label);
}

static void delete_key(const char *label)
{
    run("for t in privkey pubkey; do pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label " TOKEN
        " --login --pin " PIN " --delete-object --type $t --label %s; done",
        label);
}

static void refuses_a_key_that_was_deleted_and_keeps_the_others(void **state)
{
    (void)state;
    struct hsm_key *doomed;
    struct bytes signature = {NULL, 99};
    copy_key("doomed");
    assert_int_equal(hsm_find_key(hsm, "doomed", &doomed), OK);
    assert_int_equal(hsm_sign(hsm, 0, doomed, message(), workshop_arena, &signature), OK);
    delete_key("doomed");
    signature = (struct bytes){NULL, 99};
    assert_int_equal(hsm_sign(hsm, 0, doomed, message(), workshop_arena, &signature), ERR_HSM_REFUSED);
    assert_int_equal(signature.size, 99);
    expect_good_signature();
}

static void finds_a_key_anew_that_was_replaced(void **state)
{
    (void)state;
    struct hsm_key *changing;
    struct bytes signature;
    copy_key("changing");
    assert_int_equal(hsm_find_key(hsm, "changing", &changing), OK);
    delete_key("changing");
    copy_key("changing");
    assert_int_equal(hsm_sign(hsm, 0, changing, message(), workshop_arena, &signature), OK);
    struct rsa_key *now = public_of(changing);
    assert_true(rsa_verify(now, message(), signature));
    rsa_free(now);
}

/* -- threads ------------------------------------------------------------------------------------------------------ */

struct signer {
    pthread_t thread;
    unsigned session;
    unsigned tried, good; /* tried is read by the thread that makes losses */
};

static void *sign_many(void *context)
{
    struct signer *signer = context;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct arena *arena = arena_new();
        struct bytes text = bytes_of_text(arena_format(arena, "%u of %u", i, signer->session)), signature;
        if (hsm_sign(hsm, signer->session, key, text, arena, &signature) == OK &&
            rsa_verify(public_key, text, signature))
            signer->good++;
        __atomic_add_fetch(&signer->tried, 1, __ATOMIC_SEQ_CST);
        arena_free(arena);
    }
    return NULL;
}

/* A loss while the one before is still being mended would rightly fail a signature: each is met, and got over, first.
 */
static void lose_once(const struct signer *signers)
{
    __atomic_store_n(&shim->sign_failures, 1, __ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < THREADS; i++) {
        unsigned before = __atomic_load_n(&signers[i].tried, __ATOMIC_SEQ_CST), now = before;
        while (now < ROUNDS && (now < before + 2 || __atomic_load_n(&shim->sign_failures, __ATOMIC_SEQ_CST) > 0)) {
            usleep(100);
            now = __atomic_load_n(&signers[i].tried, __ATOMIC_SEQ_CST);
        }
    }
}

/* Closing sessions from outside while SoftHSM signs in them would crash SoftHSM, so the losses are only reported; that
 * hsm/ then really closes all sessions, while the other thread wants to sign, is what is tested. */
static void sign_in_threads(int losses)
{
    shim->sign_answer = CKR_SESSION_HANDLE_INVALID;
    struct signer signers[THREADS] = {0};
    for (unsigned i = 0; i < THREADS; i++) {
        signers[i].session = i;
        assert_int_equal(pthread_create(&signers[i].thread, NULL, sign_many, &signers[i]), 0);
    }
    for (int i = 0; i < losses; i++) {
        usleep(5000);
        lose_once(signers);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(signers[i].thread, NULL);
        assert_int_equal(signers[i].good, ROUNDS);
    }
}

static void signs_in_two_threads(void **state)
{
    (void)state;
    sign_in_threads(0);
}

static void signs_in_two_threads_while_the_sessions_are_lost(void **state)
{
    (void)state;
    sign_in_threads(10);
}

/* Last: this hsm is of no use afterwards. */
static void does_not_try_a_pin_again_that_was_refused(void **state)
{
    (void)state;
    assert_int_equal(shim->real->C_CloseAllSessions(slot()), CKR_OK);
    shim->login_answer = CKR_PIN_INCORRECT;
    shim->login_failures = 1;
    expect_failure(ERR_HSM_REFUSED);
    expect_failure(ERR_HSM_REFUSED);
    assert_int_equal(shim->logins, 1);
}

static void makes_a_token_once(void **state)
{
    (void)state;
    struct hsm *other;
    for (int i = 0; i < 2; i++)
        assert_int_equal(hsm_make_token(SHIM, "another", bytes_of_text("87654321"), bytes_of_text("135790")), OK);
    assert_int_equal(hsm_open(SHIM, "another", bytes_of_text("135790"), 1, &other), OK);
    hsm_close(other);
    assert_int_equal(hsm_make_token("/nowhere/module.so", "another", pin(), pin()), ERR_HSM_UNAVAILABLE);
}

#define CASE(name) cmocka_unit_test_setup(name, healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(signs_with_rsa),
        CASE(signs_with_p256_what_openssl_verifies),
        CASE(gives_the_public_key_as_openssl_writes_it),
        CASE(finds_the_same_key_twice),
        CASE(refuses_a_label_that_is_not_there),
        CASE(refuses_a_label_that_is_there_twice),
        CASE(makes_keys_that_cannot_be_taken_out),
        CASE(refuses_to_make_a_second_key_of_a_label),
        CASE(refuses_what_cannot_be_opened),
        CASE(tries_a_wrong_pin_once),
        CASE(goes_on_after_its_sessions_were_closed),
        CASE(goes_on_after_the_module_was_finalized),
        CASE(goes_on_after_a_logout),
        CASE(goes_on_after_one_failure_of_each_kind),
        CASE(gives_up_after_the_second_failure),
        CASE(does_not_repeat_what_was_refused),
        CASE(is_unavailable_while_the_token_is_away_and_works_when_it_is_back),
        CASE(comes_back_when_the_login_failed_for_another_reason_than_the_pin),
        CASE(refuses_a_key_that_was_deleted_and_keeps_the_others),
        CASE(finds_a_key_anew_that_was_replaced),
        CASE(signs_in_two_threads),
        CASE(signs_in_two_threads_while_the_sessions_are_lost),
        CASE(does_not_try_a_pin_again_that_was_refused),
        CASE(makes_a_token_once),
    };
    return cmocka_run_group_tests(tests, make_token, drop_token);
}
