/* SPDX-License-Identifier: Apache-2.0 */
/* XML from outside (libxml2 underneath), read piece by piece: elements, texts, ends. UTF-8, GBK, GB2312 and GB18030 as
 * declared. Refused: DOCTYPE and with it every entity but the five of XML 1.0 4.6, and more bytes, depth, elements,
 * attributes or text than the limits say. Nothing is fetched. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct xml;

struct xml_limits { /* 0: the standard one */
    size_t size;    /* bytes of the document; 64 MB */
    size_t depth;   /* 32 */
    size_t count;   /* elements; 2 million */
    size_t text;    /* bytes of one text or attribute; 64 kB */
};

enum xml_kind {
    XML_START, /* an element begins; an empty one is followed by its end */
    XML_END,
    XML_TEXT, /* also a CDATA section; white space between elements is passed by */
    XML_DONE, /* the document is complete */
};

#define XML_ATTRIBUTES_MAX 32

/* Why a document was refused. */
struct xml_fault {
    size_t line;      /* from 1 */
    const char *rule; /* stable: "doctype", "depth", "encoding", … */
    const char *zh, *en;
};

/* document stays the caller's and must live as long. Faults are told by xml_next. */
struct xml *xml_open(struct bytes document, const struct xml_limits *limits);
/* NULL is fine. */
void xml_close(struct xml *xml);
/* AUTO_XML *xml = xml_open(…); */
#define AUTO_XML __attribute__((cleanup(xml_cleanup))) struct xml
static inline void xml_cleanup(struct xml **xml)
{
    xml_close(*xml);
}

/* ERR_XML_REFUSED: xml_fault says why, and every further call says the same. */
enum err xml_next(struct xml *xml, enum xml_kind *kind) MUST_CHECK;
const struct xml_fault *xml_fault(const struct xml *xml);

/* Of the piece that xml_next read; valid until the next one. */
const char *xml_name(const struct xml *xml);      /* without its prefix; "" for a text */
const char *xml_namespace(const struct xml *xml); /* "" when there is none */
const char *xml_text(const struct xml *xml);      /* "" for elements */
/* NULL when there is none; in arena. At a start only. */
const char *xml_attribute(const struct xml *xml, struct arena *arena, const char *name);
size_t xml_line(const struct xml *xml);
/* How many elements are open around it: 0 for the root's start and end. */
size_t xml_depth(const struct xml *xml);

/* After a start: the text up to its end, trimmed. An element inside is refused. */
enum err xml_read_text(struct xml *xml, struct arena *arena, const char **text) MUST_CHECK;
/* After a start: to its end, whatever is inside. */
enum err xml_skip(struct xml *xml) MUST_CHECK;
/* For readers that find a fault of their own, at the piece read last. */
enum err xml_refuse(struct xml *xml, const char *rule, const char *zh, const char *en) MUST_CHECK;
