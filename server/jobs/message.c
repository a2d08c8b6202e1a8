/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/message.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "domain/application.h"
#include "domain/money.h"
#include "domain/returnable.h"
#include "domain/template.h"
#include "jobs/person.h"
#include "jobs/spool.h"
#include "pki/digest.h"
#include "store/together.h"

#include <string.h>

/* "手机号码：空号；营业执照：不清晰": each item of the last return with its reason. */
static const char *returned_items(const char *lines, struct arena *arena)
{
    const char *said = "";
    while (*lines != '\0') {
        size_t line = strcspn(lines, "\n"), name = strcspn(lines, " ");
        const char *word = arena_text_n(arena, lines, name < line ? name : line);
        struct returnable what;
        (void)returnable_find(word, &what);
        const char *reason = arena_text_n(arena, lines + strlen(word), line - strlen(word));
        said = arena_format(arena, "%s%s%s：%s", said, said[0] == '\0' ? "" : "；", what.zh,
                            reason + strspn(reason, " "));
        lines += line + strspn(lines + line, "\n");
    }
    return said;
}

static struct template_values values_of(const struct job *job, const struct message_facts *facts, struct arena *arena)
{
    const struct platform *platform = platform_find(job_jobs(job)->platforms, facts->platform);
    return (struct template_values){
        .organisation = facts->organisation,
        .renewal_no = job_item(job)->renewal_no,
        .amount = money_text_yuan(arena, facts->amount_fen),
        .not_after = clock_text(arena, facts->not_after_us),
        .reason = facts->rejection_text[0] != '\0' ? facts->rejection_text : returned_items(facts->returned, arena),
        .hotline = platform == NULL ? "" : platform->contact.hotline,
    };
}

static struct json *message_json(const struct job *job, const struct template *template,
                                 const struct template_values *values, const struct person *to, struct arena *arena)
{
    struct json *message = json_new_object(), *sms = json_new_object(), *mail = json_new_object();
    json_put_text(message, "key", job_item(job)->dedup_key);
    json_put_text(message, "event", job_item(job)->event);
    json_put_text(message, "renewal_no", job_item(job)->renewal_no);
    json_put_text(sms, "to", to->mobile);
    json_put_text(sms, "text", template_fill(arena, template->sms, values, true));
    json_put(message, "sms", sms);
    json_put_text(mail, "to", to->email);
    json_put_text(mail, "subject", template_fill(arena, template->subject, values, false));
    json_put_text(mail, "body", template_fill(arena, template->body, values, false));
    json_put(message, "mail", mail);
    return message;
}

struct message {
    struct waiting waiting; /* first: for its facts */
    struct job *job;
    struct spool_file file;
};

struct messages {
    struct jobs *jobs;
    struct spool *spool;
    struct together *facts; /* of those that were leased together */
};

/* -- the file ------------------------------------------------------------------------------------------------------ */

static void end(struct job *job, enum err err)
{
    if (err == OK)
        job_end(job, JOB_DONE, "spooled");
    else
        job_end(job, err == ERR_RENEWAL_UNKNOWN || err == ERR_SEAL_BROKEN ? JOB_NEVER : JOB_RETRY, err_code(err));
}

static void written(struct spool_file *file)
{
    const struct message *message = file->context;
    end(message->job, file->err);
}

static enum err write_message(struct message *message, const struct template *template,
                              const struct message_facts *facts)
{
    struct job *job = message->job;
    struct arena *arena = job_arena(job);
    struct person to;
    TRY(person_read(job_jobs(job), arena, facts->evidence_sha256, facts->personal_sealed, &to));
    struct template_values values = values_of(job, facts, arena);
    struct bytes text;
    text.data = (const uint8_t *)json_finish(message_json(job, template, &values, &to, arena), arena, &text.size);
    /* The key may hold characters that a file name should not. */
    const char *name = hex_encode(arena, sha256(arena, bytes_of_text(job_item(job)->dedup_key)));
    message->file = (struct spool_file){
        .name = arena_format(arena, "%s.json", name), .content = text, .done = written, .context = message};
    spool_put(job_jobs(job)->messages->spool, &message->file);
    return OK;
}

/* -- what it says -------------------------------------------------------------------------------------------------- */

static enum err send_asks(void *server, int64_t fence, struct waiting *const *items, size_t count, db_done *done,
                          void *context)
{
    const struct messages *messages = server;
    const struct outbox_item *asked[TOGETHER_MAX];
    (void)fence;
    for (size_t i = 0; i < count; i++)
        asked[i] = job_item(((const struct message *)items[i])->job);
    return store_get_message_facts(messages->jobs->db, asked, count, messages->jobs->settings->database_call_ms, done,
                                   context);
}

static void facts_read(struct waiting *item, enum err err, const struct row *rows, size_t row)
{
    struct message *message = (struct message *)item;
    struct job *job = message->job;
    struct message_facts facts;
    const struct template *template = template_find(job_jobs(job)->templates, job_item(job)->event);
    if (err == OK)
        err = store_get_message_facts_read(rows, row, job_arena(job), &facts);
    if (err == OK && facts.personal_sealed.size == 0) {
        job_end(job, JOB_DONE, "the addressee is erased");
        return;
    }
    if (err == OK && template == NULL) {
        job_end(job, JOB_DONE, "no template for this event");
        return;
    }
    if (err == OK)
        err = write_message(message, template, &facts);
    if (err != OK)
        end(job, err);
}

void message_send(struct job *job)
{
    struct message *message = ARENA_NEW(job_arena(job), struct message);
    *message = (struct message){.job = job};
    together_add(job_jobs(job)->messages->facts, &message->waiting, 0);
}

struct messages *messages_new(struct jobs *jobs, const char *spool_folder)
{
    static const struct together_kind facts = {send_asks, facts_read, NULL};
    struct messages *messages = mem_alloc(sizeof(*messages));
    *messages = (struct messages){.jobs = jobs, .spool = spool_new(jobs->loop, spool_folder)};
    messages->facts = together_new(&facts, jobs->loop, messages);
    return messages;
}

void messages_free(struct messages *messages)
{
    if (messages == NULL)
        return;
    spool_free(messages->spool);
    together_free(messages->facts);
    mem_free(messages);
}
