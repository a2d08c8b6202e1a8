/* SPDX-License-Identifier: Apache-2.0 */
#include "base/xml.h"

#include "base/cleanup.h"
#include "base/gb18030.h"
#include "base/mem.h"
#include "base/text.h"

#include <libxml/xmlreader.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define SIZE_STANDARD  ((size_t)64 * 1024 * 1024)
#define DEPTH_STANDARD 32
#define COUNT_STANDARD ((size_t)2 * 1000 * 1000)
#define TEXT_STANDARD  ((size_t)64 * 1024)
#define HEAD_MAX       256 /* of the XML declaration */
#define NODE_LINE_MAX  65535
#define SPACES         " \t\r\n"

struct xml {
    struct arena *arena; /* the document in UTF-8, when it came in another encoding */
    struct xml_limits limits;
    xmlTextReaderPtr reader;
    size_t count;
    bool end_due; /* the element just told was empty */
    bool done, failed;
    enum xml_kind kind;
    struct xml_fault fault;
};

static enum err refuse_at(struct xml *xml, size_t line, const char *rule, const char *zh, const char *en)
{
    if (!xml->failed)
        xml->fault = (struct xml_fault){line, rule, zh, en};
    xml->failed = true;
    return ERR_XML_REFUSED;
}

enum err xml_refuse(struct xml *xml, const char *rule, const char *zh, const char *en)
{
    return refuse_at(xml, xml_line(xml), rule, zh, en);
}

/* -- before libxml2 sees it -------------------------------------------------------------------------------------- */

/* The value of encoding="…" in a declaration; empty when there is none. */
static struct bytes declared_encoding(struct bytes head)
{
    const char *found = memmem(head.data, head.size, "encoding", strlen("encoding"));
    if (found == NULL)
        return (struct bytes){0};
    const char *at = found + strlen("encoding"), *end = (const char *)head.data + head.size;
    while (at < end && strchr(SPACES "=", *at) != NULL)
        at++;
    if (at == end || (*at != '"' && *at != '\''))
        return (struct bytes){0};
    const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
    return close == NULL ? (struct bytes){0} : (struct bytes){(const uint8_t *)at + 1, (size_t)(close - at - 1)};
}

static bool is_one_of(struct bytes name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strlen(*names) == name.size && strncasecmp((const char *)name.data, *names, name.size) == 0)
            return true;
    return false;
}

/* Its declaration is cut off once it was read: the text is UTF-8 from then on, whatever it says. */
static enum err take_head(struct xml *xml, struct bytes *document)
{
    static const char *const utf8[] = {"UTF-8", "UTF8", NULL}, *const gb[] = {"GBK", "GB2312", "GB18030", "CP936",
                                                                              NULL};
    if (document->size >= 3 && memcmp(document->data, "\xef\xbb\xbf", 3) == 0)
        *document = (struct bytes){document->data + 3, document->size - 3};
    if (document->size < 6 || memcmp(document->data, "<?xml", 5) != 0 || strchr(SPACES, document->data[5]) == NULL)
        return OK;
    size_t reach = document->size < HEAD_MAX ? document->size : HEAD_MAX;
    const uint8_t *end = memmem(document->data, reach, "?>", 2);
    if (end == NULL)
        return refuse_at(xml, 1, "declaration", "XML声明没有结束", "The XML declaration does not end");
    struct bytes encoding = declared_encoding((struct bytes){document->data, (size_t)(end - document->data)});
    *document = (struct bytes){end + 2, document->size - (size_t)(end + 2 - document->data)};
    if (encoding.size == 0 || is_one_of(encoding, utf8))
        return OK;
    const char *text;
    if (!is_one_of(encoding, gb))
        return refuse_at(xml, 1, "encoding", "编码应为UTF-8、GBK、GB2312或GB18030",
                         "The encoding must be UTF-8, GBK, GB2312 or GB18030");
    if (!gb18030_decode(xml->arena, *document, &text))
        return refuse_at(xml, 1, "encoding", "内容不是所声明的编码", "The text is not in the encoding it declares");
    *document = bytes_of_text(text);
    return OK;
}

static size_t line_of(struct bytes document, const uint8_t *place)
{
    size_t line = 1;
    for (const uint8_t *at = document.data; at < place; at++)
        line += *at == '\n';
    return line;
}

/* Before the parser, which would have read the declarations by the time it tells of them. */
static enum err refuse_declarations(struct xml *xml, struct bytes document)
{
    static const char *const forbidden[] = {"<!DOCTYPE", "<!ENTITY"};
    for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
        const uint8_t *found = memmem(document.data, document.size, forbidden[i], strlen(forbidden[i]));
        if (found != NULL)
            return refuse_at(xml, line_of(document, found), "doctype", "不接受DOCTYPE和实体声明",
                             "DOCTYPE and entity declarations are not accepted");
    }
    return OK;
}

static void malformed(void *context, xmlErrorPtr error)
{
    struct xml *xml = context;
    if (error->level >= XML_ERR_ERROR)
        (void)refuse_at(xml, error->line > 0 ? (size_t)error->line : 1, "malformed", "XML格式错误",
                        "The XML is not well-formed");
}

static void start_library(void)
{
    xmlInitParser();
}

static enum err begin(struct xml *xml, struct bytes document)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    if (document.size > xml->limits.size)
        return refuse_at(xml, 1, "size", "XML过大", "The XML is too large");
    TRY(take_head(xml, &document));
    if (!utf8_valid((const char *)document.data, document.size))
        return refuse_at(xml, 1, "encoding", "内容不是所声明的编码", "The text is not in the encoding it declares");
    TRY(refuse_declarations(xml, document));
    if (document.size == 0)
        return refuse_at(xml, 1, "malformed", "XML格式错误", "The XML is not well-formed");
    xml->reader = xmlReaderForMemory((const char *)document.data, (int)document.size, NULL, "UTF-8", XML_PARSE_NONET);
    if (xml->reader == NULL)
        return refuse_at(xml, 1, "malformed", "XML格式错误", "The XML is not well-formed");
    xmlTextReaderSetStructuredErrorHandler(xml->reader, malformed, xml);
    return OK;
}

struct xml *xml_open(struct bytes document, const struct xml_limits *limits)
{
    struct xml *xml = mem_alloc(sizeof(*xml));
    xml->arena = arena_new();
    xml->limits = *limits;
    xml->limits.size = limits->size > 0 && limits->size < SIZE_STANDARD ? limits->size : SIZE_STANDARD;
    xml->limits.depth = limits->depth > 0 ? limits->depth : DEPTH_STANDARD;
    xml->limits.count = limits->count > 0 ? limits->count : COUNT_STANDARD;
    xml->limits.text = limits->text > 0 ? limits->text : TEXT_STANDARD;
    if (begin(xml, document) != OK)
        xml->failed = true;
    return xml;
}

void xml_close(struct xml *xml)
{
    if (xml == NULL)
        return;
    if (xml->reader != NULL)
        xmlFreeTextReader(xml->reader);
    arena_free(xml->arena);
    mem_free(xml);
}

/* -- pieces ------------------------------------------------------------------------------------------------------ */

/* Attributes are walked to be measured; afterwards the reader stands at the element again. */
static enum err check_attributes(struct xml *xml)
{
    if (xmlTextReaderAttributeCount(xml->reader) > XML_ATTRIBUTES_MAX)
        return xml_refuse(xml, "attributes", "属性过多", "An element has too many attributes");
    enum err err = OK;
    while (err == OK && xmlTextReaderMoveToNextAttribute(xml->reader) == 1) {
        const xmlChar *value = xmlTextReaderConstValue(xml->reader);
        if (value != NULL && strlen((const char *)value) > xml->limits.text)
            err = xml_refuse(xml, "text", "属性过长", "An attribute is too long");
    }
    xmlTextReaderMoveToElement(xml->reader);
    return err;
}

static enum err take_start(struct xml *xml)
{
    if (++xml->count > xml->limits.count)
        return xml_refuse(xml, "count", "元素过多", "There are too many elements");
    if (xml_depth(xml) >= xml->limits.depth)
        return xml_refuse(xml, "depth", "嵌套过深", "The elements are nested too deep");
    TRY(check_attributes(xml));
    xml->end_due = xmlTextReaderIsEmptyElement(xml->reader) == 1;
    xml->kind = XML_START;
    return OK;
}

/* *told: a piece for the caller, not a comment or white space. */
static enum err take_node(struct xml *xml, bool *told)
{
    *told = true;
    switch (xmlTextReaderNodeType(xml->reader)) {
    case XML_READER_TYPE_ELEMENT:
        return take_start(xml);
    case XML_READER_TYPE_END_ELEMENT:
        xml->kind = XML_END;
        return OK;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
        xml->kind = XML_TEXT;
        return strlen(xml_text(xml)) <= xml->limits.text ? OK
                                                         : xml_refuse(xml, "text", "文本过长", "A text is too long");
    case XML_READER_TYPE_COMMENT:
    case XML_READER_TYPE_PROCESSING_INSTRUCTION:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        *told = false;
        return OK;
    default:
        return xml_refuse(xml, "doctype", "不接受DOCTYPE和实体声明",
                          "DOCTYPE and entity declarations are not accepted");
    }
}

static enum err step(struct xml *xml, bool *told)
{
    int read = xmlTextReaderRead(xml->reader);
    ENSURE(!xml->failed, ERR_XML_REFUSED);
    if (read < 0)
        return xml_refuse(xml, "malformed", "XML格式错误", "The XML is not well-formed");
    if (read == 1)
        return take_node(xml, told);
    *told = xml->done = true;
    xml->kind = XML_DONE;
    return OK;
}

enum err xml_next(struct xml *xml, enum xml_kind *kind)
{
    bool told = xml->done || xml->end_due;
    ENSURE(!xml->failed, ERR_XML_REFUSED);
    if (xml->end_due)
        xml->kind = XML_END;
    xml->end_due = false;
    while (!told)
        TRY(step(xml, &told));
    *kind = xml->kind;
    return OK;
}

const struct xml_fault *xml_fault(const struct xml *xml)
{
    return &xml->fault;
}

static const char *text_of(const xmlChar *text)
{
    return text == NULL ? "" : (const char *)text;
}

const char *xml_name(const struct xml *xml)
{
    return xml->kind == XML_TEXT || xml->done ? "" : text_of(xmlTextReaderConstLocalName(xml->reader));
}

const char *xml_namespace(const struct xml *xml)
{
    return xml->kind == XML_TEXT || xml->done ? "" : text_of(xmlTextReaderConstNamespaceUri(xml->reader));
}

const char *xml_text(const struct xml *xml)
{
    return xml->kind == XML_TEXT && !xml->done ? text_of(xmlTextReaderConstValue(xml->reader)) : "";
}

const char *xml_attribute(const struct xml *xml, struct arena *arena, const char *name)
{
    xmlChar *value = xmlTextReaderGetAttribute(xml->reader, (const xmlChar *)name);
    const char *copy = value == NULL ? NULL : arena_text(arena, (const char *)value);
    xmlFree(value);
    return copy;
}

size_t xml_line(const struct xml *xml)
{
    /* The parser reads ahead, but a node's own line may be 65535 for any later one. */
    xmlNodePtr node = xml->reader == NULL ? NULL : xmlTextReaderCurrentNode(xml->reader);
    long line = node == NULL ? -1 : xmlGetLineNo(node);
    if (xml->reader != NULL && (line <= 0 || line >= NODE_LINE_MAX))
        line = xmlTextReaderGetParserLineNumber(xml->reader);
    return line > 0 ? (size_t)line : 1;
}

size_t xml_depth(const struct xml *xml)
{
    int depth = xml->done ? 0 : xmlTextReaderDepth(xml->reader);
    return depth > 0 ? (size_t)depth : 0;
}

/* -- for readers ------------------------------------------------------------------------------------------------- */

static const char *trimmed(struct arena *arena, const char *text)
{
    text += strspn(text, SPACES);
    size_t size = strlen(text);
    while (size > 0 && strchr(SPACES, text[size - 1]) != NULL)
        size--;
    return arena_text_n(arena, text, size);
}

enum err xml_read_text(struct xml *xml, struct arena *arena, const char **text)
{
    const char *all = "";
    enum xml_kind kind;
    for (;;) {
        TRY(xml_next(xml, &kind));
        if (kind == XML_END)
            break;
        if (kind != XML_TEXT)
            return xml_refuse(xml, "element", "此处只应有文本", "Only text belongs here");
        if (strlen(all) + strlen(xml_text(xml)) > xml->limits.text)
            return xml_refuse(xml, "text", "文本过长", "A text is too long");
        all = *all == '\0' ? arena_text(arena, xml_text(xml)) : arena_format(arena, "%s%s", all, xml_text(xml));
    }
    *text = trimmed(arena, all);
    return OK;
}

enum err xml_skip(struct xml *xml)
{
    enum xml_kind kind;
    for (size_t open = 1; open > 0;) {
        TRY(xml_next(xml, &kind));
        open += kind == XML_START;
        open -= kind == XML_END;
    }
    return OK;
}
