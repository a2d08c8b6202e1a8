/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl evidence: everything that proves a renewal, in one new folder that a court or an auditor checks with openssl
 * and the verifier in it. Taking it is an event, with its reason. What is sealed is opened only when the key file is
 * named on the command line: the settings' own is not used. */
#include "store/evidence.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "ctl/audit_json.h"
#include "ctl/database.h"
#include "ctl/evidence_readme.h"
#include "pki/digest.h"
#include "pki/note.h"
#include "pki/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE    0700
#define FILE_MODE      0600
#define PEM_MAX        262144
#define SIGNED_TRIES   30 /* of a second: the newest events wait for their checkpoint */
#define SIGNED_WAIT_US 1000000
#define EVIDENCE_MS    (5 * 60 * 1000)

struct evidence_work {
    const struct ctl *ctl;
    struct settings settings;
    struct seal_keys *keys; /* NULL: what is sealed stays so */
    struct ctl_database *database;
    const char *folder, *reason;
    const char *sums; /* of the files so far */
    bool stamped;     /* a time stamp is among them */
};

static enum err complain(const char *zh, const char *en)
{
    fprintf(stderr, "%s (%s)\n", zh, en);
    return ERR_SETTINGS_INVALID;
}

/* -- files --------------------------------------------------------------------------------------------------------- */

static enum err make_folder(const char *path, bool may_exist)
{
    if (mkdir(path, FOLDER_MODE) == 0 || (may_exist && errno == EEXIST))
        return OK;
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return complain("--out 须是新文件夹", "--out must be a new folder");
}

static bool write_all(int fd, struct bytes content)
{
    for (size_t done = 0; done < content.size;) {
        ssize_t written = write(fd, content.data + done, content.size - done);
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    return true;
}

static enum err write_one(struct evidence_work *work, const char *name, struct bytes content)
{
    struct arena *arena = work->ctl->arena;
    const char *path = arena_format(arena, "%s/%s", work->folder, name);
    const char *slash = strchr(name, '/');
    if (slash != NULL)
        TRY(make_folder(arena_format(arena, "%s/%.*s", work->folder, (int)(slash - name), name), true));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    bool written = fd >= 0 && write_all(fd, content);
    if (fd < 0 || close(fd) != 0 || !written) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return ERR_SETTINGS_INVALID;
    }
    work->sums = arena_format(arena, "%s%s  %s\n", work->sums, hex_encode(arena, sha256(arena, content)), name);
    return OK;
}

static enum err write_text(struct evidence_work *work, const char *name, const char *text)
{
    return write_one(work, name, bytes_of_text(text));
}

static enum err copy_file(struct evidence_work *work, const char *name, const char *path)
{
    struct bytes content;
    TRY(file_read(work->ctl->arena, settings_path(work->ctl->arena, &work->settings, path), PEM_MAX, &content));
    return write_one(work, name, content);
}

/* Erased values are empty; an unopened one keeps what it is. */
static enum err write_evidence(struct evidence_work *work, const struct evidence_file *file)
{
    struct arena *arena = work->ctl->arena;
    struct bytes content = file->content;
    const char *name = file->name;
    if (file->place[0] != '\0' && content.size > 0) {
        if (work->keys != NULL)
            TRY(unseal(work->keys, arena, file->place, file->context, file->content, &content));
        else
            name = arena_format(arena, "%s.sealed", name);
    }
    return write_one(work, name, content);
}

/* -- the trail ----------------------------------------------------------------------------------------------------- */

static enum err read_proof(const struct row *rows, struct arena *arena, void *into)
{
    return store_prove_event_read(rows, arena, into);
}

static enum err prove(struct evidence_work *work, int64_t id, struct audit_proof *proof)
{
    enum err started = store_prove_event(ctl_database_db(work->database), id, EVIDENCE_MS, ctl_database_done,
                                         work->database);
    return ctl_database_wait(work->database, started, read_proof, proof);
}

/* The outside witness, if there is one: the checkpoint that it stamped, its token, and the proof that the bundle's
 * checkpoint goes on from there. */
static enum err read_stamped(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_checkpoints_read(rows, arena, into);
}

static enum err read_between(const struct row *rows, struct arena *arena, void *into)
{
    return store_prove_between_read(rows, arena, into);
}

static enum err write_stamp(struct evidence_work *work, int64_t event, int64_t size)
{
    size_t length;
    struct arena *arena = work->ctl->arena;
    struct db *db = ctl_database_db(work->database);
    struct audit_checkpoints stamped;
    struct audit_consistency between;
    enum err started = store_get_stamped(db, event, EVIDENCE_MS, ctl_database_done, work->database);
    TRY(ctl_database_wait(work->database, started, read_stamped, &stamped));
    if (stamped.count == 0)
        return OK;
    const struct audit_checkpoint *checkpoint = &stamped.items[0];
    started = store_prove_between(db, checkpoint->size, size, EVIDENCE_MS, ctl_database_done, work->database);
    TRY(ctl_database_wait(work->database, started, read_between, &between));
    TRY(write_text(work, "stamped.note", checkpoint->note));
    TRY(write_one(work, "stamped.tsr", checkpoint->token));
    TRY(write_text(work, "stamped.json", json_finish(audit_consistency_json(arena, &between), arena, &length)));
    if (work->settings.audit_timestamp_ca_file[0] != '\0')
        TRY(copy_file(work, "tsa.pem", work->settings.audit_timestamp_ca_file));
    work->stamped = true;
    return OK;
}

/* Until a checkpoint covers the last event, which is that this was taken. */
static enum err wait_for_checkpoint(struct evidence_work *work, int64_t last)
{
    struct audit_proof proof;
    enum err err = prove(work, last, &proof);
    for (int i = 0; err == ERR_EVENT_NOT_SIGNED && i < SIGNED_TRIES; i++) {
        usleep(SIGNED_WAIT_US);
        err = prove(work, last, &proof);
    }
    return err;
}

/* The last of them says which checkpoint; the others are proven under that or a later one, so all are asked again
 * until they agree. */
static enum err prove_all(struct evidence_work *work, const struct evidence_events *events, const char **lines,
                          const char **note, int64_t *at_size)
{
    struct arena *arena = work->ctl->arena;
    for (int tries = 0; tries < SIGNED_TRIES; tries++) {
        int64_t size = 0;
        bool agree = true;
        *lines = "";
        for (size_t i = 0; i < events->count && agree; i++) {
            struct audit_proof proof;
            size_t length;
            TRY(prove(work, events->ids[i], &proof));
            agree = size == 0 || size == proof.size;
            size = proof.size;
            *note = proof.note;
            *lines = arena_format(arena, "%s%s\n", *lines,
                                  json_finish(audit_proof_json(arena, &proof), arena, &length));
        }
        *at_size = size;
        if (agree)
            return OK;
    }
    return ERR_BUSY;
}

static enum err write_checkpoint(struct evidence_work *work, const char *note)
{
    const char *text;
    struct bytes signature;
    TRY(note_parts(work->ctl->arena, note, &text, &signature));
    TRY(write_text(work, "checkpoint.note", note));
    TRY(write_text(work, "checkpoint.txt", text));
    return write_one(work, "checkpoint.sig", signature);
}

static enum err read_events(const struct row *rows, struct arena *arena, void *into)
{
    return store_list_evidence_events_read(rows, arena, into);
}

static enum err write_trail(struct evidence_work *work)
{
    struct evidence_events events;
    const char *lines = "", *note = "";
    int64_t size;
    enum err started = store_list_evidence_events(ctl_database_db(work->database), work->ctl->operands[0], EVIDENCE_MS,
                                                  ctl_database_done, work->database);
    TRY(ctl_database_wait(work->database, started, read_events, &events));
    ENSURE(events.count > 0, ERR_EVENT_UNKNOWN);
    TRY(wait_for_checkpoint(work, events.ids[events.count - 1]));
    TRY(prove_all(work, &events, &lines, &note, &size));
    TRY(write_text(work, "proofs.jsonl", lines));
    TRY(write_checkpoint(work, note));
    /* The last one is that this was taken. */
    return write_stamp(work, events.ids[events.count > 1 ? events.count - 2 : 0], size);
}

/* -- the whole ----------------------------------------------------------------------------------------------------- */

static enum err write_rest(struct evidence_work *work)
{
    struct arena *arena = work->ctl->arena;
    TRY(copy_file(work, "trust.pem", work->settings.trust_certificates));
    TRY(copy_file(work, "audit.pem", work->settings.audit_public_key_file));
    TRY(write_one(work, "audit_verify.mjs", evidence_verifier()));
    TRY(write_text(work, "README.md",
                   evidence_readme(arena, work->ctl->operands[0], clock_text(arena, clock_now_us()), ctl_user(arena),
                                   work->keys != NULL, work->stamped)));
    return write_text(work, "SHA256SUMS", work->sums);
}

static enum err read_files(const struct row *rows, struct arena *arena, void *into)
{
    return store_take_evidence_read(rows, arena, into);
}

static enum err write_bundle(struct evidence_work *work)
{
    struct evidence_files files;
    enum err started = store_take_evidence(ctl_database_db(work->database), work->ctl->operands[0],
                                           ctl_user(work->ctl->arena), work->reason, EVIDENCE_MS, ctl_database_done,
                                           work->database);
    TRY(ctl_database_wait(work->database, started, read_files, &files));
    TRY(make_folder(work->folder, false));
    for (size_t i = 0; i < files.count; i++)
        TRY(write_evidence(work, &files.items[i]));
    TRY(write_trail(work));
    return write_rest(work);
}

static enum err start(const struct ctl *ctl, struct evidence_work *work)
{
    const char *key_file = ctl_option(ctl, "seal-key");
    *work = (struct evidence_work){
        .ctl = ctl, .folder = ctl_option(ctl, "out"), .reason = ctl_option(ctl, "reason"), .sums = ""};
    if (work->folder == NULL || work->reason == NULL || work->reason[0] == '\0')
        return complain("请用 --out 指定新文件夹，用 --reason 写明原因",
                        "name a new folder with --out and say why with --reason");
    if (access(work->folder, F_OK) == 0)
        return complain("--out 须是新文件夹", "--out must be a new folder");
    TRY(ctl_settings(ctl, &work->settings));
    if (work->settings.audit_public_key_file[0] == '\0')
        return complain("缺少设置 audit.public_key_file", "the setting audit.public_key_file is missing");
    if (key_file != NULL)
        TRY(seal_load(key_file, &work->keys));
    enum err err = ctl_database_open(ctl, &work->settings, &work->database);
    if (err != OK)
        seal_free(work->keys);
    return err;
}

enum ctl_exit ctl_evidence(const struct ctl *ctl)
{
    struct evidence_work work;
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    enum err err = write_bundle(&work);
    if (err == OK)
        printf("%s\n", work.folder);
    else
        fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    ctl_database_close(work.database);
    seal_free(work.keys);
    return err == OK ? CTL_FINE : CTL_FAILED;
}
