/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/message.h"

#include "base/clock.h"
#include "base/text.h"
#include "domain/application.h"
#include "domain/money.h"
#include "domain/returnable.h"
#include "domain/template.h"
#include "jobs/person.h"
#include "jobs/spool.h"
#include "pki/digest.h"

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

static enum err write_message(struct job *job, const struct template *template, const struct message_facts *facts)
{
    struct arena *arena = job_arena(job);
    struct person to;
    TRY(person_read(job_jobs(job), arena, facts->evidence_sha256, facts->personal_sealed, &to));
    struct template_values values = values_of(job, facts, arena);
    struct bytes text;
    text.data = (const uint8_t *)json_finish(message_json(job, template, &values, &to, arena), arena, &text.size);
    /* The key may hold characters that a file name should not. */
    const char *name = hex_encode(arena, sha256(arena, bytes_of_text(job_item(job)->dedup_key)));
    return spool_write(job_jobs(job)->spool, arena_format(arena, "%s.json", name), text);
}

static void facts_read(void *context, enum err err, const struct row *rows)
{
    struct job *job = context;
    struct message_facts facts;
    const struct template *template = template_find(job_jobs(job)->templates, job_item(job)->event);
    if (err == OK)
        err = store_get_message_facts_read(rows, job_arena(job), &facts);
    if (err == OK && facts.personal_sealed.size == 0) {
        job_end(job, JOB_DONE, "the addressee is erased");
        return;
    }
    if (err == OK && template == NULL) {
        job_end(job, JOB_DONE, "no template for this event");
        return;
    }
    if (err == OK)
        err = write_message(job, template, &facts);
    if (err == OK)
        job_end(job, JOB_DONE, "spooled");
    else
        job_end(job, err == ERR_RENEWAL_UNKNOWN || err == ERR_SEAL_BROKEN ? JOB_NEVER : JOB_RETRY, err_code(err));
}

void message_send(struct job *job)
{
    struct jobs *jobs = job_jobs(job);
    enum err err = store_get_message_facts(jobs->db, job_item(job)->renewal_no, jobs->settings->database_call_ms,
                                           facts_read, job);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}
