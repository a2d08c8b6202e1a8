/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl subject export, subject erase: a natural person's rights to a copy and to erasure (PIPL art. 45, 47). The
 * number comes from a file, never from the command line; the copy is for that person alone: of others in the same
 * renewal it says nothing. */
#include "store/subject.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "ctl/database.h"
#include "domain/identity.h"
#include "domain/money.h"
#include "pki/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct subject_work {
    const struct ctl *ctl;
    struct settings settings;
    struct seal_keys *keys;
    struct ctl_database *database;
    struct subject_request asked;
    const char *indexes[3 * SEAL_KEYS_MAX];
};

static enum err complain(const char *zh, const char *en)
{
    fprintf(stderr, "%s (%s)\n", zh, en);
    return ERR_SETTINGS_INVALID;
}

/* -- who --------------------------------------------------------------------------------------------------------- */

static void add_indexes(struct subject_work *work, const char *place, const char *value)
{
    struct bytes found[SEAL_KEYS_MAX];
    size_t count = seal_indexes(work->keys, work->ctl->arena, place, value, found);
    for (size_t i = 0; i < count; i++)
        work->indexes[work->asked.index_count++] = hex_encode(work->ctl->arena, found[i]);
}

static enum err read_who(struct subject_work *work)
{
    struct arena *arena = work->ctl->arena;
    const char *id_file = ctl_option(work->ctl, "id-number-file"), *mobile_file = ctl_option(work->ctl, "mobile-file");
    struct bytes text;
    if ((id_file == NULL) == (mobile_file == NULL))
        return complain("需要 --id-number-file 或 --mobile-file 之一",
                        "one of --id-number-file and --mobile-file is needed");
    TRY(file_read_secret(arena, id_file != NULL ? id_file : mobile_file, &text));
    if (id_file != NULL) {
        add_indexes(work, "agent.id_number", identity_canonical(arena, (const char *)text.data));
        return OK;
    }
    const char *mobile = mobile_canonical(arena, (const char *)text.data);
    if (!mobile_valid(mobile))
        return complain("文件中不是手机号码", "the file holds no mobile number");
    add_indexes(work, "agent.mobile", mobile);
    add_indexes(work, "recipient.mobile", mobile);
    return OK;
}

static enum err start(const struct ctl *ctl, struct subject_work *work)
{
    *work = (struct subject_work){.ctl = ctl, .asked = {.reason = ctl_option(ctl, "reason")}};
    if (work->asked.reason == NULL || work->asked.reason[0] == '\0')
        return complain("请用 --reason 写明原因", "say why with --reason");
    TRY(ctl_settings(ctl, &work->settings));
    TRY(seal_load(settings_path(ctl->arena, &work->settings, work->settings.keys_seal_file), &work->keys));
    work->asked.indexes = work->indexes;
    work->asked.retention = (struct retention){work->settings.retention_unpaid_days,
                                               work->settings.retention_evidence_years};
    enum err err = read_who(work);
    if (err == OK)
        err = ctl_database_open(ctl, &work->settings, &work->database);
    if (err != OK)
        seal_free(work->keys);
    return err;
}

static enum ctl_exit finish(struct subject_work *work, enum err err)
{
    if (err != OK)
        fprintf(stderr, "%s (%s)\n", err_info(err)->zh, err_info(err)->en);
    ctl_database_close(work->database);
    seal_free(work->keys);
    return err == OK ? CTL_FINE : CTL_FAILED;
}

/* -- the copy ---------------------------------------------------------------------------------------------------- */

static const char *time_or_empty(struct arena *arena, int64_t unix_us)
{
    return unix_us == 0 ? "" : clock_text(arena, unix_us);
}

static const struct {
    const char *member, *zh;
} facts[] = {{"name", "姓名"},       {"id_type", "证件类型"}, {"id_number", "证件号码"},
             {"mobile", "手机号码"}, {"email", "电子邮箱"},   {"address", "地址"}};

/* One person of the sealed document into both forms. */
static void write_person(struct arena *arena, const struct json *document, const char *who, const char *who_zh,
                         struct json *into, const char **text)
{
    struct json *person = json_new_object();
    for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
        const char *value = json_text_at(document, arena_format(arena, "%s.%s", who, facts[i].member));
        if (value == NULL || value[0] == '\0')
            continue;
        json_put_text(person, facts[i].member, value);
        *text = arena_format(arena, "%s  %s%s：%s\n", *text, who_zh, facts[i].zh, value);
    }
    json_put(into, who, person);
}

static enum err write_people(const struct subject_work *work, const struct subject_renewal *it, struct json *into,
                             const char **text)
{
    struct arena *arena = work->ctl->arena;
    struct bytes plain;
    struct fault fault;
    fault_init(&fault, arena);
    if (it->personal_sealed.size == 0)
        return OK; /* erased */
    TRY(unseal(work->keys, arena, "renewal.personal", it->evidence_sha256, it->personal_sealed, &plain));
    AUTO_JSON *document = NULL;
    ENSURE(json_parse((const char *)plain.data, plain.size, &fault, &document) == OK, ERR_SEAL_BROKEN);
    if (it->as_agent)
        write_person(arena, document, "agent", "经办人", into, text);
    if (it->as_recipient)
        write_person(arena, document, "recipient", "收件人", into, text);
    return OK;
}

static void put_fact(struct arena *arena, struct json *json, const char **text, const char *name, const char *zh,
                     const char *value)
{
    json_put_text(json, name, value);
    if (value[0] != '\0')
        *text = arena_format(arena, "%s  %s：%s\n", *text, zh, value);
}

static enum err write_renewal(const struct subject_work *work, const struct subject_renewal *it, struct json *list,
                              const char **text)
{
    struct arena *arena = work->ctl->arena;
    struct json *json = json_new_object();
    json_append(list, json);
    *text = arena_format(arena, "%s\n业务单号 %s\n", *text, it->renewal_no);
    json_put_text(json, "renewal_no", it->renewal_no);
    put_fact(arena, json, text, "status", "状态", it->status);
    put_fact(arena, json, text, "platform", "平台", it->platform);
    put_fact(arena, json, text, "subject", "证书主题", it->subject);
    put_fact(arena, json, text, "submitted_at", "提交时间", time_or_empty(arena, it->submitted_at_us));
    put_fact(arena, json, text, "paid_at", "缴费时间", time_or_empty(arena, it->paid_at_us));
    put_fact(arena, json, text, "amount_yuan", "金额（元）", money_text_yuan(arena, it->amount_fen));
    put_fact(arena, json, text, "invoice_title", "发票抬头", it->invoice_title);
    put_fact(arena, json, text, "invoice_tax_id", "纳税人识别号", it->invoice_tax_id);
    put_fact(arena, json, text, "accepted", "所接受的文本（种类、编号、版本、摘要、时间、地址）", it->accepted);
    put_fact(arena, json, text, "documents", "上传的材料（种类、页、类型、大小、摘要）", it->documents);
    put_fact(arena, json, text, "looked_at", "查看完整信息的记录（时间、项目、原因）", it->looked_at);
    put_fact(arena, json, text, "retention_class", "保存类别", it->retention_class);
    put_fact(arena, json, text, "retention_basis", "保存依据", it->basis);
    put_fact(arena, json, text, "retained_until", "保存至", time_or_empty(arena, it->until_us));
    return write_people(work, it, json, text);
}

/* A new file for its owner only: it holds everything in plain. */
static enum err write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd < 0 || close(fd) != 0 || !written) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return complain("输出文件须是新文件且可以写入", "the output must be a new file that can be written");
    }
    return OK;
}

static enum err write_copy(const struct subject_work *work, const struct subject_renewals *found)
{
    struct arena *arena = work->ctl->arena;
    const char *out = ctl_option(work->ctl, "out"), *now = clock_text(arena, clock_now_us());
    const char *text = arena_format(arena, "个人信息副本\n制作时间：%s\n业务：%zu件\n", now, found->count);
    struct json *copy = json_new_object(), *list = json_new_array();
    json_put_text(copy, "made_at", now);
    json_put(copy, "renewals", list);
    enum err err = OK;
    for (size_t i = 0; i < found->count && err == OK; i++)
        err = write_renewal(work, &found->items[i], list, &text);
    size_t size;
    const char *json = json_finish(copy, arena, &size);
    TRY(err);
    TRY(write_file(out, json));
    return write_file(arena_format(arena, "%s.txt", out), text);
}

static enum err read_found(const struct row *rows, struct arena *arena, void *into)
{
    return store_export_subject_read(rows, arena, into);
}

enum ctl_exit ctl_subject_export(const struct ctl *ctl)
{
    struct subject_work work;
    struct subject_renewals found = {0};
    if (ctl_option(ctl, "out") == NULL) {
        (void)complain("请用 --out 指定新文件", "name a new file with --out");
        return CTL_USAGE;
    }
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    enum err started = store_export_subject(ctl_database_db(work.database), &work.asked, CTL_CALL_MS, ctl_database_done,
                                            work.database);
    enum err err = ctl_database_wait(work.database, started, read_found, &found);
    if (err == OK)
        err = write_copy(&work, &found);
    if (err == OK)
        printf("%zu件业务 renewals: %s %s.txt\n", found.count, ctl_option(ctl, "out"), ctl_option(ctl, "out"));
    return finish(&work, err);
}

/* -- erasure ----------------------------------------------------------------------------------------------------- */

static enum err read_erased(const struct row *rows, struct arena *arena, void *into)
{
    return store_erase_subject_read(rows, arena, into);
}

static void print_erasure(struct arena *arena, const struct subject_erasure *it)
{
    printf("%s %s %s", it->renewal_no, it->outcome, it->retention_class);
    if (strcmp(it->outcome, "kept") == 0)
        printf(" 保留至 until %s：%s", it->until_us == 0 ? "-" : clock_text(arena, it->until_us), it->basis);
    putchar('\n');
}

enum ctl_exit ctl_subject_erase(const struct ctl *ctl)
{
    struct subject_work work;
    struct subject_erasures erased = {0};
    if (start(ctl, &work) != OK)
        return CTL_FAILED;
    enum err started = store_erase_subject(ctl_database_db(work.database), &work.asked, CTL_CALL_MS, ctl_database_done,
                                           work.database);
    enum err err = ctl_database_wait(work.database, started, read_erased, &erased);
    for (size_t i = 0; i < erased.count; i++)
        print_erasure(ctl->arena, &erased.items[i]);
    if (err == OK)
        printf("%zu件业务 renewals；订单、总账、证书、审计记录依法保留 orders, ledger, certificates and the audit "
               "trail stay\n",
               erased.count);
    return finish(&work, err);
}
