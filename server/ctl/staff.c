/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl staff add, person, disable, certificate, review. Passwords and TOTP secrets come and go by file, never by
 * argument. */
#include "api/staff_identity.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "ctl/database.h"
#include "pki/certificate.h"
#include "pki/password.h"
#include "pki/seal.h"
#include "pki/totp.h"
#include "store/admin.h"
#include "store/admin_desk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROLES_MAX 8

static enum err fail(const char *zh, const char *en)
{
    fprintf(stderr, "%s (%s)\n", zh, en);
    return ERR_SETTINGS_INVALID;
}

static size_t split_roles(struct arena *arena, const char *text, const char **roles)
{
    size_t count = 0;
    while (*text != '\0' && count < ROLES_MAX) {
        size_t length = strcspn(text, ",");
        roles[count++] = arena_text_n(arena, text, length);
        text += length + (text[length] == ',');
    }
    return count;
}

static enum err read_password(struct arena *arena, const char *path, const char **hash)
{
    struct bytes text;
    TRY(file_read_secret(arena, path, &text));
    const char *password = (const char *)text.data;
    size_t length = utf8_valid(password, text.size) ? utf8_length(password) : 0;
    if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX)
        return fail("口令应为15至128个字符", "a password has 15 to 128 characters");
    *hash = password_hash(arena, password);
    return OK;
}

/* A new secret, written base32 to a file of its own that must not exist: it is shown to its owner once. */
static enum err make_totp_secret(struct arena *arena, const char *path, struct bytes *secret)
{
    uint8_t *raw = arena_alloc(arena, TOTP_SECRET_SIZE);
    random_bytes(raw, TOTP_SECRET_SIZE);
    *secret = (struct bytes){raw, TOTP_SECRET_SIZE};
    const char *text = arena_format(arena, "%s\n", base32_encode(arena, *secret));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(arena_format(arena, "%s：%s", path, strerror(errno)), "the TOTP file must be new");
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    return close(fd) == 0 && written ? OK : fail("动态码密钥写入失败", "the TOTP secret could not be written");
}

static enum err read_staff(const struct ctl *ctl, const struct settings *settings, struct new_staff *out)
{
    const char *name = ctl_option(ctl, "name"), *display = ctl_option(ctl, "display"), *role = ctl_option(ctl, "role");
    const char *password_file = ctl_option(ctl, "password-file"), *totp_file = ctl_option(ctl, "totp-file");
    if (name == NULL || display == NULL || role == NULL || password_file == NULL || totp_file == NULL)
        return fail("需要 --name --display --role --password-file --totp-file", "all five options are needed");
    struct arena *arena = ctl->arena;
    struct seal_keys *keys;
    struct bytes secret;
    *out = (struct new_staff){.name = name, .display_name = display};
    const char **roles = arena_alloc(arena, ROLES_MAX * sizeof(*roles));
    out->role_count = split_roles(arena, role, roles);
    out->roles = roles;
    TRY(read_password(arena, password_file, &out->password_hash));
    TRY(seal_load(settings_path(arena, settings, settings->keys_seal_file), &keys));
    enum err err = make_totp_secret(arena, totp_file, &secret);
    if (err == OK)
        out->totp_sealed = seal(keys, arena, "staff.totp", bytes_of_text(name), secret);
    seal_free(keys);
    return err;
}

enum ctl_exit ctl_staff_add(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct new_staff staff;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    if (read_staff(ctl, &settings, &staff) != OK) {
        ctl_database_close(database);
        return CTL_FAILED;
    }
    return ctl_database_finish(
        database, store_add_staff(ctl_database_db(database), &staff, CTL_CALL_MS, ctl_database_done, database));
}

/* -- who they are ----------------------------------------------------------------------------------------------------
 */

static enum err read_identity(const struct ctl *ctl, struct staff_identity *out)
{
    const char *email_file = ctl_option(ctl, "email-file");
    const char *id_file = ctl_option(ctl, "id-number-file"), *mobile_file = ctl_option(ctl, "mobile-file");
    struct bytes text;
    struct fault fault;
    if (id_file == NULL || mobile_file == NULL)
        return fail("需要 --id-number-file 和 --mobile-file", "--id-number-file and --mobile-file are needed");
    TRY(file_read_secret(ctl->arena, id_file, &text));
    *out = (struct staff_identity){.id_number = (const char *)text.data, .email = ""};
    TRY(file_read_secret(ctl->arena, mobile_file, &text));
    out->mobile = (const char *)text.data;
    if (email_file != NULL) {
        TRY(file_read_secret(ctl->arena, email_file, &text));
        out->email = (const char *)text.data;
    }
    fault_init(&fault, ctl->arena);
    return staff_identity_check(ctl->arena, out, &fault) == OK ? OK : fail(fault.fields[0].zh, fault.fields[0].en);
}

static enum err seal_person(const struct ctl *ctl, const struct settings *settings, const char *name,
                            struct staff_person *out)
{
    struct seal_keys *keys;
    struct staff_identity identity;
    TRY(read_identity(ctl, &identity));
    TRY(seal_load(settings_path(ctl->arena, settings, settings->keys_seal_file), &keys));
    *out = staff_person_seal(keys, ctl->arena, name, &identity);
    seal_free(keys);
    return OK;
}

enum ctl_exit ctl_staff_person(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct staff_person person;
    const char *name = ctl->operands[0];
    if (ctl_settings(ctl, &settings) != OK || seal_person(ctl, &settings, name, &person) != OK ||
        ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    return ctl_database_finish(database, store_put_staff_person(ctl_database_db(database), name, &person, CTL_CALL_MS,
                                                                ctl_database_done, database));
}

enum ctl_exit ctl_staff_disable(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    return ctl_database_finish(database, store_disable_staff(ctl_database_db(database), ctl->operands[0], CTL_CALL_MS,
                                                             ctl_database_done, database));
}

/* -- client certificates ------------------------------------------------------------------------------------------ */

enum ctl_exit ctl_staff_certificate(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct certificate file;
    if (certificate_load(ctl->arena, ctl->operands[1], &file) != OK || ctl_settings(ctl, &settings) != OK ||
        ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    const struct staff_certificate certificate = {.name = ctl->operands[0],
                                                  .fingerprint = file.fingerprint,
                                                  .subject = file.subject,
                                                  .serial = file.serial,
                                                  .not_after_us = file.not_after_us,
                                                  .remove = ctl_option(ctl, "remove") != NULL};
    return ctl_database_finish(database, store_add_staff_certificate(ctl_database_db(database), &certificate,
                                                                     CTL_CALL_MS, ctl_database_done, database));
}

/* -- the access review --------------------------------------------------------------------------------------------- */

static enum err read_accounts(const struct row *rows, struct arena *arena, void *into)
{
    return store_review_staff_read(rows, arena, into);
}

static const char *day(struct arena *arena, int64_t unix_us)
{
    return unix_us == 0 ? "-" : arena_text_n(arena, clock_text(arena, unix_us), 10);
}

static const char *text_or_dash(const char *text)
{
    return text[0] == '\0' ? "-" : text;
}

/* Tab separated, so that whoever reviews can sort and sign it. */
static void print_accounts(struct arena *arena, const struct staff_accounts *accounts, int64_t days)
{
    size_t unused = 0, unrecognised = 0;
    printf("用户名 name\t姓名 display name\t状态 status\t角色 roles\t平台 platforms\t授权人 granted by\t授权日 since\t"
           "证书 certificates\t最近使用 last used\t久未使用 unused\t未登记本人 person not noted\n");
    for (size_t i = 0; i < accounts->count; i++) {
        const struct staff_account *it = &accounts->items[i];
        unused += it->unused;
        unrecognised += it->unrecognised;
        printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%lld\t%s\t%s\t%s\n", it->name, it->display_name, it->status,
               text_or_dash(it->roles), it->platforms, text_or_dash(it->granted_by), day(arena, it->granted_at_us),
               (long long)it->certificates, day(arena, it->last_used_at_us), it->unused ? "是 yes" : "-",
               it->unrecognised ? "是 yes" : "-");
    }
    printf("共 %zu 个账号，%zu 个超过 %lld 天未使用 (%zu accounts, %zu not used for %lld days)\n", accounts->count,
           unused, (long long)days, accounts->count, unused, (long long)days);
    if (unrecognised > 0)
        printf(
            "%zu 名审核员未登记本人，无法识别其本人的申请；请用 xuqictl staff person 登记 (%zu reviewers could review "
            "their own applications: note who they are)\n",
            unrecognised, unrecognised);
}

static enum err read_days(const struct ctl *ctl, const struct settings *settings, int64_t *days)
{
    const char *text = ctl_option(ctl, "days");
    char *end = NULL;
    *days = text == NULL ? settings->staff_unused_days : strtoll(text, &end, 10);
    if (text == NULL || (strlen(text) <= 4 && *text != '\0' && *end == '\0' && *days >= 1))
        return OK;
    return fail("--days 应为1至9999的整数", "--days is a whole number from 1 to 9999");
}

enum ctl_exit ctl_staff_review(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct staff_accounts accounts;
    int64_t days;
    if (ctl_settings(ctl, &settings) != OK || read_days(ctl, &settings, &days) != OK ||
        ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err err = ctl_database_wait(
        database, store_review_staff(ctl_database_db(database), days, CTL_CALL_MS, ctl_database_done, database),
        read_accounts, &accounts);
    if (err == OK)
        print_accounts(ctl->arena, &accounts, days);
    else
        fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    ctl_database_close(database);
    return err == OK ? CTL_FINE : CTL_FAILED;
}
