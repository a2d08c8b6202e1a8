/* SPDX-License-Identifier: Apache-2.0 */
#include "api/form.h"

#include "api/server.h"
#include "base/text.h"
#include "domain/application_field.h"
#include "domain/identity.h"

#include <string.h>

/* -- what a client draws ----------------------------------------------------------------------------------------- */

static const char *const demand_words[] = {[PLATFORM_ABSENT] = "absent",
                                           [PLATFORM_OPTIONAL] = "optional",
                                           [PLATFORM_REQUIRED] = "required",
                                           [PLATFORM_WHEN_EXPIRED] = "when_expired"};

static const char *field_demand(const struct application_field *field, const struct platform *platform)
{
    if (field->demand != FORM_BY_PLATFORM)
        return field->demand == FORM_REQUIRED ? "required" : "optional";
    return application_field_in(field, "invoice") ? "when_electronic" : demand_words[platform->form.agent_address];
}

static const char *invoice_zh(const char *kind)
{
    return strcmp(kind, "none") == 0 ? "无需发票" : strcmp(kind, "electronic") == 0 ? "电子发票" : "普通定额发票";
}

static const char *invoice_en(const char *kind)
{
    return strcmp(kind, "none") == 0         ? "No invoice"
           : strcmp(kind, "electronic") == 0 ? "Electronic invoice"
                                             : "Fixed-amount paper invoice";
}

static void append_choice(struct json *list, const char *value, const char *zh, const char *en)
{
    struct json *choice = json_new_object();
    json_put_text(choice, "value", value);
    json_put_text(choice, "label", zh);
    json_put_text(choice, "label_en", en);
    json_append(list, choice);
}

static struct json *choices_json(const struct application_field *field, const struct platform *platform)
{
    struct json *list = json_new_array();
    size_t count;
    const struct form_choice *choices = form_choices(field, &count);
    for (size_t i = 0; i < count; i++)
        append_choice(list, choices[i].word, choices[i].zh, choices[i].en);
    for (unsigned i = 0; count == 0 && i < platform->invoice_kinds_count; i++)
        append_choice(list, platform->invoice_kinds[i], invoice_zh(platform->invoice_kinds[i]),
                      invoice_en(platform->invoice_kinds[i]));
    return list;
}

static struct json *field_json(const struct application_field *field, const struct platform *platform)
{
    struct json *json = json_new_object();
    json_put_text(json, "name", field->name);
    json_put_text(json, "label", field->label_zh);
    json_put_text(json, "label_en", field->label_en);
    json_put_text(json, "kind", form_kind_word(field->kind));
    json_put_text(json, "demand", field_demand(field, platform));
    json_put_integer(json, "length_max", (int64_t)field->length_max);
    json_put_boolean(json, "correctable", field->correctable);
    json_put_text(json, "help", field->help_zh[0] == '\0' ? NULL : field->help_zh);
    json_put_text(json, "help_en", field->help_en[0] == '\0' ? NULL : field->help_en);
    if (field->kind == FORM_CHOICE)
        json_put(json, "choices", choices_json(field, platform));
    return json;
}

static struct json *block_json(const struct form_block *block, const struct platform *platform)
{
    struct json *json = json_new_object(), *list = json_new_array();
    json_put_text(json, "name", block->name);
    json_put_text(json, "label", block->label_zh);
    json_put_text(json, "label_en", block->label_en);
    json_put_text(json, "demand", demand_words[form_block_demand(block, platform)]);
    json_put_boolean(json, "copy_from_agent", strcmp(block->name, "recipient") == 0);
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (application_field_in(field, block->name) && strcmp(field_demand(field, platform), "absent") != 0)
            json_append(list, field_json(field, platform));
    }
    json_put(json, "fields", list);
    return json;
}

struct json *form_blocks_json(const struct platform *platform)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < form_block_count(); i++)
        if (form_block_demand(form_block_at(i), platform) != PLATFORM_ABSENT)
            json_append(list, block_json(form_block_at(i), platform));
    return list;
}

/* -- what is frozen ---------------------------------------------------------------------------------------------- */

static void freeze_masked(struct arena *arena, const struct application *application, struct renewal_submission *out)
{
    const struct application_person *agent = &application->agent, *recipient = &application->recipient;
    out->agent_name_masked = mask_name(arena, agent->name);
    out->agent_id_masked = mask_id(arena, agent->id_number);
    out->agent_mobile_masked = mask_mobile(arena, agent->mobile);
    out->agent_email_masked = mask_email(arena, agent->email);
    out->recipient_masked = recipient->name[0] == '\0'
                                ? ""
                                : arena_format(arena, "%s %s %s", mask_name(arena, recipient->name),
                                               mask_mobile(arena, recipient->mobile),
                                               mask_address(arena, recipient->address));
}

/* What has no column of its own. */
static bool listed(const struct application_field *field, const struct application *application)
{
    bool block = application_field_in(field, "organisation") || application_field_in(field, "legal_person") ||
                 application_field_in(field, "basic_account") || strcmp(field->name, "agent.address") == 0;
    return block && application_field_value(field, application)[0] != '\0';
}

static void freeze_listed(struct arena *arena, const struct application *application, struct renewal_submission *out)
{
    const char **fields = arena_alloc(arena, application_field_count() * sizeof(*fields));
    const char **shown = arena_alloc(arena, application_field_count() * sizeof(*shown));
    size_t count = 0;
    for (size_t i = 0; i < application_field_count(); i++) {
        const struct application_field *field = application_field_at(i);
        if (!listed(field, application))
            continue;
        fields[count] = field->name;
        shown[count++] = application_field_shown(field, arena, application_field_value(field, application));
    }
    out->form_fields = fields;
    out->form_shown = shown;
    out->form_field_count = count;
}

static void freeze_warnings(struct arena *arena, const struct application_warnings *warnings,
                            struct renewal_submission *out)
{
    const char **fields = arena_alloc(arena, (warnings->count + 1) * sizeof(*fields));
    const char **codes = arena_alloc(arena, (warnings->count + 1) * sizeof(*codes));
    for (size_t i = 0; i < warnings->count; i++) {
        fields[i] = warnings->items[i]->field;
        codes[i] = warnings->items[i]->code;
    }
    out->warning_fields = fields;
    out->warning_codes = codes;
    out->warning_count = warnings->count;
}

/* None for a field that was left out: equal blanks are no match. */
static struct bytes index_of(struct request *req, const char *field, const char *value)
{
    if (value[0] == '\0')
        return (struct bytes){NULL, 0};
    return seal_marked_index(api_server(req)->seal_keys, request_arena(req), field, value);
}

void form_freeze(struct request *req, const struct application *application,
                 const struct application_warnings *warnings, struct renewal_submission *out)
{
    struct arena *arena = request_arena(req);
    size_t size;
    const char *personal = json_finish(application_personal(application), arena, &size);
    freeze_masked(arena, application, out);
    freeze_listed(arena, application, out);
    freeze_warnings(arena, warnings, out);
    out->personal_sealed = seal(api_server(req)->seal_keys, arena, "renewal.personal", out->evidence_sha256,
                                (struct bytes){(const uint8_t *)personal, size});
    out->agent_id_index = index_of(req, "agent.id_number", application->agent.id_number);
    out->agent_mobile_index = index_of(req, "agent.mobile", application->agent.mobile);
    out->agent_email_index = index_of(req, "agent.email", application->agent.email);
    out->recipient_mobile_index = index_of(req, "recipient.mobile", application->recipient.mobile);
    out->legal_person_id_index = index_of(req, "legal_person.id_number", application->legal_person.id_number);
    out->account_number_index = index_of(req, "basic_account.number", application->basic_account.number);
}

/* -- what is answered -------------------------------------------------------------------------------------------- */

static void append_warning(struct json *list, const char *field, const char *code, const char *zh, const char *en)
{
    struct json *row = json_new_object();
    json_put_text(row, "field", field);
    json_put_text(row, "code", code);
    json_put_text(row, "text", zh);
    json_put_text(row, "text_en", en);
    json_append(list, row);
}

struct json *form_warnings_json(const struct application_warnings *warnings)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < warnings->count; i++)
        append_warning(list, warnings->items[i]->field, warnings->items[i]->code, warnings->items[i]->zh,
                       warnings->items[i]->en);
    return list;
}

/* The next of several lines; NULL after the last. Values hold no line breaks: the form's reader refuses them. */
static const char *next_line(struct arena *arena, const char **at)
{
    if (**at == '\0')
        return NULL;
    size_t size = strcspn(*at, "\n");
    const char *line = arena_text_n(arena, *at, size);
    *at += size + ((*at)[size] == '\n');
    return line;
}

struct json *form_shown_json(struct request *req, const char *fields, const char *shown)
{
    struct arena *arena = request_arena(req);
    struct json *list = json_new_array();
    for (const char *name; (name = next_line(arena, &fields)) != NULL;) {
        const struct application_field *field = application_field_find(name);
        struct json *row = json_new_object();
        json_put_text(row, "name", name);
        json_put_text(row, "label", field == NULL ? name : field->label_zh);
        json_put_text(row, "label_en", field == NULL ? name : field->label_en);
        json_put_text(row, "value", next_line(arena, &shown));
        json_append(list, row);
    }
    return list;
}

struct json *form_stored_warnings_json(struct request *req, const char *fields, const char *codes)
{
    struct arena *arena = request_arena(req);
    struct json *list = json_new_array();
    for (const char *field; (field = next_line(arena, &fields)) != NULL;) {
        const char *code = next_line(arena, &codes);
        const struct application_warning *known = code == NULL ? NULL : application_warning_find(field, code);
        append_warning(list, field, code, known == NULL ? code : known->zh, known == NULL ? code : known->en);
    }
    return list;
}
