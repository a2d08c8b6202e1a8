/* SPDX-License-Identifier: Apache-2.0 */
#include "api/staff_identity.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/identity.h"

enum err staff_identity_check(struct arena *arena, struct staff_identity *identity, struct fault *fault)
{
    identity->id_number = identity_canonical(arena, identity->id_number);
    identity->mobile = mobile_canonical(arena, identity->mobile);
    if (!resident_id_valid(identity->id_number, clock_now_us()))
        fault_field(fault, "id_number", "check_digit", "证件号码有误，请核对", "The identity number is wrong");
    if (!mobile_valid(identity->mobile))
        fault_field(fault, "mobile", "mobile", "手机号码有误，请核对", "The mobile number is wrong");
    if (identity->email[0] != '\0' && !email_valid(identity->email))
        fault_field(fault, "email", "email", "邮箱有误，请核对", "The e-mail address is wrong");
    return fault_check(fault);
}

/* As in an application, so that keys can be changed in the same way. */
static struct json *document_of(const struct staff_identity *identity)
{
    struct json *document = json_new_object(), *agent = json_new_object(), *recipient = json_new_object(),
                *legal_person = json_new_object();
    json_put_text(agent, "id_number", identity->id_number);
    json_put_text(agent, "mobile", identity->mobile);
    if (identity->email[0] != '\0')
        json_put_text(agent, "email", identity->email);
    json_put_text(recipient, "mobile", identity->mobile);
    json_put_text(legal_person, "id_number", identity->id_number);
    json_put(document, "agent", agent);
    json_put(document, "recipient", recipient);
    json_put(document, "legal_person", legal_person);
    return document;
}

struct staff_person staff_person_seal(const struct seal_keys *keys, struct arena *arena, const char *name,
                                      const struct staff_identity *identity)
{
    size_t size;
    const char *text = json_finish(document_of(identity), arena, &size);
    return (struct staff_person){
        .sealed = seal(keys, arena, "staff.person", bytes_of_text(name), (struct bytes){(const uint8_t *)text, size}),
        .id_index = seal_marked_index(keys, arena, "agent.id_number", identity->id_number),
        .mobile_index = seal_marked_index(keys, arena, "agent.mobile", identity->mobile),
        .email_index = identity->email[0] == '\0' ? (struct bytes){NULL, 0}
                                                  : seal_marked_index(keys, arena, "agent.email", identity->email),
        .recipient_index = seal_marked_index(keys, arena, "recipient.mobile", identity->mobile),
        .legal_index = seal_marked_index(keys, arena, "legal_person.id_number", identity->id_number),
        .portal_index = seal_index(keys, arena, "portal.mobile", identity->mobile),
    };
}
