/* SPDX-License-Identifier: Apache-2.0 */
/* XML from banks: what is told stays within its limits, elements end as they began, and refusals are final. */
#include "fuzz.h"

#include "base/xml.h"

#include <string.h>

#define DEPTH 8
#define COUNT 500
#define TEXT  256

void fuzz_start(void)
{
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    const struct xml_limits limits = {.depth = DEPTH, .count = COUNT, .text = TEXT};
    AUTO_XML *xml = xml_open(input, &limits);
    enum xml_kind kind = XML_START;
    size_t open = 0, count = 0;
    enum err err = OK;
    while (err == OK && kind != XML_DONE) {
        err = xml_next(xml, &kind);
        if (err != OK || kind == XML_DONE)
            break;
        HOLDS(utf8_valid(xml_name(xml), strlen(xml_name(xml))));
        HOLDS(strlen(xml_text(xml)) <= TEXT && utf8_valid(xml_text(xml), strlen(xml_text(xml))));
        HOLDS(kind != XML_END || open > 0);
        if (kind == XML_START)
            (void)xml_attribute(xml, arena, "Ccy");
        count += kind == XML_START;
        open = kind == XML_START ? open + 1 : kind == XML_END ? open - 1 : open;
        HOLDS(open <= DEPTH && count <= COUNT);
    }
    HOLDS(err == OK ? open == 0 : err == ERR_XML_REFUSED);
    if (err != OK)
        HOLDS(xml_fault(xml)->line > 0 && xml_fault(xml)->rule != NULL && xml_next(xml, &kind) == ERR_XML_REFUSED);
}
