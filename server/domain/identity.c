/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/identity.h"

#include "base/clock.h"

#include <string.h>

#define DIGITS          "0123456789"
#define LETTERS         "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define RESIDENT_ID     18
#define EMAIL_MAX       254 /* RFC 5321 4.5.3.1.3, less the angle brackets */
#define EMAIL_LOCAL_MAX 64  /* RFC 5321 4.5.3.1.1 */
#define EMAIL_LABEL_MAX 63  /* RFC 1035 2.3.4 */
#define EARLIEST_YEAR   1800
#define ACCOUNT_MIN     8
#define ACCOUNT_MAX     32 /* CITIC: counterparty account varchar(32) */

/* text is exactly size characters of the set. */
static bool consists_of(const char *text, size_t size, const char *set)
{
    return strspn(text, set) == size && text[size] == '\0';
}

static int number(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

/* -- resident ID, GB 11643-1999 ---------------------------------------------------------------------------------- */

/* GB/T 2260 provinces; 81 to 83 are residence permits for Hong Kong, Macau and Taiwan, and a leading 9 the foreigner's
 * permanent residence card of 2023: both numbered by the same standard. */
static bool region_known(const char *id)
{
    static const char known[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 "
                                "63 64 65 71 81 82 83 ";
    char region[4] = {id[0], id[1], ' ', '\0'};
    return id[0] == '9' || strstr(known, region) != NULL;
}

/* ISO 7064 MOD 11-2. */
static bool resident_check_digit(const char *id)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < RESIDENT_ID - 1; i++)
        sum += (id[i] - '0') * weights[i];
    return id[RESIDENT_ID - 1] == "10X98765432"[sum % 11];
}

static bool resident_id_shape(const char *id)
{
    if (strlen(id) != RESIDENT_ID || strspn(id, DIGITS) < RESIDENT_ID - 1 || !region_known(id))
        return false;
    int year = number(id + 6, 4), month = number(id + 10, 2), day = number(id + 12, 2);
    if (year < EARLIEST_YEAR || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    return resident_check_digit(id);
}

/* Whole years, negative before birth. */
static int age_at(const char *id, int64_t now_us)
{
    struct beijing today = beijing_from_us(now_us);
    int birthday = number(id + 10, 4);
    int years = today.year - number(id + 6, 4);
    return today.month * 100 + today.day < birthday ? years - 1 : years;
}

bool resident_id_valid(const char *id, int64_t now_us)
{
    return resident_id_age(id, now_us) >= 0;
}

int resident_id_age(const char *id, int64_t now_us)
{
    if (!resident_id_shape(id))
        return -1;
    int age = age_at(id, now_us);
    return age < 0 ? -1 : age;
}

/* -- companies --------------------------------------------------------------------------------------------------- */

/* GB 32100-2015 4.4: weights are 3^(i-1) mod 31; its alphabet leaves out I O S V Z. */
bool uscc_valid(const char *code)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    if (!consists_of(code, 18, alphabet))
        return false;
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++) {
        sum += (int)(strchr(alphabet, code[i]) - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return code[17] == alphabet[(31 - sum % 31) % 31];
}

/* GB 11714-1997 2.3 */
bool organisation_code_valid(const char *code)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    static const char alphabet[] = DIGITS LETTERS;
    if (strlen(code) != 9 || strspn(code, alphabet) < 8)
        return false;
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += (int)(strchr(alphabet, code[i]) - alphabet) * weights[i];
    return code[8] == "0X987654321"[sum % 11];
}

/* 18 is a company's code or a person's ID; 15 region and organisation code or an old ID, 17 and 20 an ID and two
 * digits: those three have no check that all of them in use would pass. */
bool tax_id_valid(const char *id)
{
    size_t size = strlen(id);
    if (strspn(id, DIGITS LETTERS) != size)
        return false;
    if (size == 18)
        return uscc_valid(id) || resident_id_shape(id);
    return size == 15 || size == 17 || size == 20;
}

bool tax_id_doubtful(const char *id)
{
    return strlen(id) == 15 && strspn(id, DIGITS) < 15 && !organisation_code_valid(id + 6);
}

bool uscc_inner_valid(const char *code)
{
    char inner[10];
    if (strlen(code) != 18)
        return false;
    memcpy(inner, code + 8, 9);
    inner[9] = '\0';
    return organisation_code_valid(inner);
}

const char *uscc_in(struct arena *arena, const char *subject)
{
    size_t size;
    for (; *subject != '\0'; subject += size == 0 ? 1 : size) {
        size = strspn(subject, DIGITS LETTERS);
        if (size != 18)
            continue;
        const char *token = arena_text_n(arena, subject, size);
        if (uscc_valid(token))
            return token;
    }
    return "";
}

bool account_valid(const char *number)
{
    size_t size = strlen(number);
    return strspn(number, DIGITS) == size && size >= ACCOUNT_MIN && size <= ACCOUNT_MAX;
}

/* ISO 7064 MOD 11,10 (GB/T 17710). */
bool cnaps_valid(const char *code)
{
    if (!consists_of(code, 12, DIGITS))
        return false;
    int product = 10;
    for (int i = 0; i < 11; i++) {
        int sum = (product + code[i] - '0') % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return code[11] - '0' == (11 - product) % 10;
}

/* -- addresses --------------------------------------------------------------------------------------------------- */

bool mobile_valid(const char *mobile)
{
    return consists_of(mobile, 11, DIGITS) && mobile[0] == '1' && mobile[1] >= '3';
}

bool mobile_virtual(const char *mobile)
{
    static const char *const prefixes[] = {"162", "165", "167", "170", "171"};
    for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
        if (strncmp(mobile, prefixes[i], 3) == 0)
            return true;
    return false;
}

/* RFC 5322 3.2.3 dot-atom. */
static bool email_local_valid(const char *local, size_t size)
{
    static const char atom[] = DIGITS LETTERS "abcdefghijklmnopqrstuvwxyz!#$%&'*+-/=?^_`{|}~.";
    if (size == 0 || size > EMAIL_LOCAL_MAX || local[0] == '.' || local[size - 1] == '.')
        return false;
    for (size_t i = 0; i < size; i++)
        if (strchr(atom, local[i]) == NULL || (local[i] == '.' && local[i + 1] == '.'))
            return false;
    return true;
}

static bool label_valid(const char *label, size_t size)
{
    return size > 0 && size <= EMAIL_LABEL_MAX && label[0] != '-' && label[size - 1] != '-';
}

static bool email_domain_valid(const char *domain)
{
    static const char label_set[] = DIGITS LETTERS "abcdefghijklmnopqrstuvwxyz-";
    size_t labels = 0, size = 0;
    for (;; domain += size + 1) {
        size = strspn(domain, label_set);
        if (!label_valid(domain, size))
            return false;
        labels++;
        if (domain[size] != '.')
            break;
    }
    bool has_letters = strspn(domain, DIGITS) != size; /* not an IP address */
    return domain[size] == '\0' && labels >= 2 && size >= 2 && has_letters;
}

bool email_valid(const char *email)
{
    const char *at = strchr(email, '@');
    return at != NULL && strlen(email) <= EMAIL_MAX && email_local_valid(email, (size_t)(at - email)) &&
           email_domain_valid(at + 1);
}

/* -- canonical forms --------------------------------------------------------------------------------------------- */

static uint32_t code_point(const char **at)
{
    const unsigned char *byte = (const unsigned char *)*at;
    size_t more = byte[0] < 0x80 ? 0 : byte[0] < 0xe0 ? 1 : byte[0] < 0xf0 ? 2 : 3;
    uint32_t value = more == 0 ? byte[0] : byte[0] & (0x3fu >> more);
    size_t used = 1;
    for (; used <= more && (byte[used] & 0xc0) == 0x80; used++)
        value = value << 6 | (byte[used] & 0x3f);
    *at += used;
    return value;
}

static bool is_space(uint32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xa0 || (point >= 0x2000 && point <= 0x200d) ||
           point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x2060 ||
           point == 0x3000 || point == 0xfeff;
}

char *identity_canonical(struct arena *arena, const char *text)
{
    char *canonical = arena_alloc(arena, strlen(text) + 1);
    char *out = canonical;
    while (*text != '\0') {
        const char *from = text;
        uint32_t point = code_point(&text);
        if (is_space(point))
            continue;
        if (point >= 0xff01 && point <= 0xff5e) /* full-width forms, as Chinese keyboards write them */
            point = point - 0xff01 + 0x21;
        if (point >= 0x80) {
            memcpy(out, from, (size_t)(text - from));
            out += text - from;
        } else {
            *out++ = (char)(point >= 'a' && point <= 'z' ? point - 'a' + 'A' : point);
        }
    }
    return canonical;
}

char *account_canonical(struct arena *arena, const char *text)
{
    char *canonical = identity_canonical(arena, text), *out = canonical;
    for (const char *from = canonical; *from != '\0'; from++)
        if (*from != '-')
            *out++ = *from;
    *out = '\0';
    return canonical;
}

bool organisation_same(struct arena *arena, const char *name, const char *other)
{
    return strcmp(identity_canonical(arena, name), identity_canonical(arena, other)) == 0;
}

char *mobile_canonical(struct arena *arena, const char *mobile)
{
    static const char *const prefixes[] = {"+86", "0086", "86"};
    char *canonical = identity_canonical(arena, mobile);
    for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
        size_t size = strlen(prefixes[i]);
        if (strncmp(canonical, prefixes[i], size) == 0 && strlen(canonical) == size + 11)
            return canonical + size;
    }
    return canonical;
}
