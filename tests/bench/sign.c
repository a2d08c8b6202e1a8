/* SPDX-License-Identifier: Apache-2.0 */
/* bench_sign <module> <token> <pin file> <key> <threads> <seconds>: C_Sign alone, as the issuer calls it. No
 * certificate can be cheaper. Prints "signatures=N seconds=S per_second=R cpu_ms=C", C for each signature. */
#include "base/file.h"
#include "base/text.h"
#include "hsm/hsm.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS_MAX   16
#define MESSAGE_BYTES 700 /* a to-be-signed certificate */

struct signer {
    struct hsm *hsm;
    struct hsm_key *key;
    unsigned index;
    double until;
    unsigned long made;
    enum err err;
};

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void *sign_until(void *context)
{
    struct signer *signer = context;
    uint8_t message[MESSAGE_BYTES] = {0};
    while (signer->err == OK && seconds_of(CLOCK_MONOTONIC) < signer->until) {
        struct arena *arena = arena_new();
        struct bytes signature;
        memcpy(message, &signer->made, sizeof(signer->made));
        signer->err = hsm_sign(signer->hsm, signer->index, signer->key, (struct bytes){message, sizeof(message)}, arena,
                               &signature);
        signer->made += signer->err == OK;
        arena_free(arena);
    }
    return NULL;
}

static enum err measure(struct hsm *hsm, struct hsm_key *key, unsigned threads, double seconds)
{
    struct signer signers[THREADS_MAX];
    pthread_t ids[THREADS_MAX];
    double start = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    for (unsigned i = 0; i < threads; i++) {
        signers[i] = (struct signer){.hsm = hsm, .key = key, .index = i, .until = start + seconds};
        ENSURE(pthread_create(&ids[i], NULL, sign_until, &signers[i]) == 0, ERR_INTERNAL);
    }
    enum err err = OK;
    unsigned long made = 0;
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        made += signers[i].made;
        err = err == OK ? signers[i].err : err;
    }
    TRY(err);
    double passed = seconds_of(CLOCK_MONOTONIC) - start;
    cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    ENSURE(made > 0, ERR_INTERNAL);
    printf("signatures=%lu seconds=%.3f per_second=%.1f cpu_ms=%.3f\n", made, passed, (double)made / passed,
           cpu * 1000 / (double)made);
    return OK;
}

static enum err run(char **argv, struct arena *secrets, struct hsm **hsm)
{
    unsigned threads = (unsigned)strtoul(argv[5], NULL, 10);
    struct hsm_key *key;
    struct bytes pin;
    ENSURE(threads >= 1 && threads <= THREADS_MAX, ERR_SETTINGS_INVALID);
    TRY(file_read_secret(secrets, argv[3], &pin));
    TRY(hsm_open(argv[1], argv[2], pin, threads, hsm));
    TRY(hsm_find_key(*hsm, argv[4], &key));
    return measure(*hsm, key, threads, strtod(argv[6], NULL));
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fputs("usage: bench_sign <module> <token> <pin file> <key> <threads> <seconds>\n", stderr);
        return 2;
    }
    struct hsm *hsm = NULL;
    struct arena *secrets = arena_new();
    enum err err = run(argv, secrets, &hsm);
    hsm_close(hsm);
    arena_free(secrets);
    if (err != OK)
        fprintf(stderr, "bench_sign: %s\n", err_code(err));
    return err == OK ? 0 : 1;
}
