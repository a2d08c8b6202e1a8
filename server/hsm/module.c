/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/mem.h"
#include "hsm/token.h"

#include <string.h>

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(mem_alloc(size), text, size);
}

static struct hsm *hsm_new(CK_FUNCTION_LIST *module, const char *token_label, struct bytes pin, unsigned sessions)
{
    struct hsm *hsm = mem_alloc(sizeof(*hsm));
    hsm->module = module;
    hsm->label = copy_text(token_label);
    hsm->pin = mem_alloc(pin.size);
    hsm->pin_size = pin.size;
    if (pin.size > 0)
        memcpy(hsm->pin, pin.data, pin.size);
    hsm->session_count = sessions;
    hsm->sessions = mem_alloc(sessions * sizeof(hsm->sessions[0]));
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    /* Whoever waits to reconnect must not wait for signatures that keep coming. */
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&hsm->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    return hsm;
}

enum err hsm_open(const char *module_path, const char *token_label, struct bytes pin, unsigned sessions,
                  struct hsm **out)
{
    ENSURE(sessions > 0, ERR_HSM_REFUSED);
    CK_FUNCTION_LIST *module = p11_kit_module_load(module_path, 0);
    if (module == NULL) {
        const char *why = p11_kit_message();
        log_error("hsm", "%s cannot be loaded: %s", module_path, why != NULL ? why : "unknown");
        return ERR_HSM_UNAVAILABLE;
    }
    struct hsm *hsm = hsm_new(module, token_label, pin, sessions);
    enum err err = token_connect(hsm);
    if (err != OK)
        hsm_close(hsm);
    else
        *out = hsm;
    return err;
}

void hsm_close(struct hsm *hsm)
{
    if (hsm == NULL)
        return;
    token_disconnect(hsm);
    token_finalize(hsm);
    p11_kit_module_release(hsm->module);
    while (hsm->keys != NULL) {
        struct hsm_key *key = hsm->keys;
        hsm->keys = key->next;
        mem_free(key->label);
        mem_free(key);
    }
    mem_wipe(hsm->pin, hsm->pin_size);
    mem_free(hsm->pin);
    mem_free(hsm->sessions);
    mem_free(hsm->label);
    pthread_rwlock_destroy(&hsm->lock);
    mem_free(hsm);
}
