/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/tbs.h"

static bool take_whole(struct bytes *rest, unsigned tag, struct bytes *whole)
{
    struct der_item item;
    if (!der_next(rest, &item) || item.tag != tag)
        return false;
    *whole = item.whole;
    return true;
}

static bool parse_version(struct bytes *rest, struct tbs *out)
{
    struct bytes explicit_tag;
    return der_take(rest, DER_CONTEXT_CONSTRUCTED | 0, &explicit_tag) &&
           der_take(&explicit_tag, DER_INTEGER, &out->version) && explicit_tag.size == 0;
}

static bool parse_validity(struct bytes *rest, struct tbs *out)
{
    struct bytes validity;
    return der_take(rest, DER_SEQUENCE, &validity) && der_next(&validity, &out->not_before) &&
           der_next(&validity, &out->not_after) && validity.size == 0;
}

static bool parse_extension(struct bytes *rest, struct tbs_extension *out)
{
    struct bytes extension, critical;
    if (!der_take(rest, DER_SEQUENCE, &extension) || !der_take(&extension, DER_OID, &out->oid))
        return false;
    out->critical = der_take(&extension, DER_BOOLEAN, &critical);
    if (out->critical && critical.data[0] != 0xff)
        return false; /* FALSE is the DEFAULT, which DER leaves out */
    return der_take(&extension, DER_OCTET_STRING, &out->value) && extension.size == 0;
}

static bool parse_extensions(struct bytes *rest, struct tbs *out)
{
    struct bytes explicit_tag, list;
    if (!der_take(rest, DER_CONTEXT_CONSTRUCTED | 3, &explicit_tag) || !der_take(&explicit_tag, DER_SEQUENCE, &list) ||
        explicit_tag.size > 0)
        return false;
    while (list.size > 0)
        if (out->extension_count == TBS_EXTENSIONS_MAX ||
            !parse_extension(&list, &out->extensions[out->extension_count++]))
            return false;
    return true;
}

bool tbs_parse(struct bytes der, struct tbs *out)
{
    struct bytes rest = der, inside;
    *out = (struct tbs){0};
    return der_valid(der) && der_take(&rest, DER_SEQUENCE, &inside) && parse_version(&inside, out) &&
           der_take(&inside, DER_INTEGER, &out->serial) && take_whole(&inside, DER_SEQUENCE, &out->algorithm) &&
           take_whole(&inside, DER_SEQUENCE, &out->issuer) && parse_validity(&inside, out) &&
           take_whole(&inside, DER_SEQUENCE, &out->subject) && take_whole(&inside, DER_SEQUENCE, &out->spki) &&
           parse_extensions(&inside, out) && inside.size == 0;
}
