/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints signed by the openssl command, read here; and what is no checkpoint. */
#include "base/text.h"
#include "pki/note.h"
#include "unit/pki/workshop.h"

#include <string.h>

#define NAME "ca.example.com/audit"

static struct bytes spki;
static const char *text, *note;
static struct checkpoint made;

static struct bytes signature_of(const char *signed_text)
{
    write_text("note.txt", signed_text);
    run("openssl dgst -sha256 -sign audit.key -out note.sig note.txt");
    return read_file("note.sig");
}

static int make_all(void **state)
{
    if (workshop_open(state) != 0)
        return -1;
    run("openssl ecparam -name prime256v1 -genkey -noout -out audit.key && openssl pkey -in audit.key -pubout -out "
        "audit.pem && "
        "openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key && openssl pkey -in rsa.key "
        "-pubout -out rsa.pem");
    assert_int_equal(note_key_load(workshop_arena, "audit.pem", &spki), OK);
    made = (struct checkpoint){.origin = NAME, .size = 20852163};
    memset(made.root.octets, 7, MERKLE_HASH_SIZE);
    text = note_text(workshop_arena, &made);
    note = note_signed(workshop_arena, text, NAME, spki, signature_of(text));
    return 0;
}

static enum err opened(const char *given)
{
    struct checkpoint out;
    return note_open(workshop_arena, given, NAME, spki, &out);
}

/* The note with the first `from` replaced by `to`. */
static const char *changed(const char *from, const char *to)
{
    const char *found = strstr(note, from);
    assert_non_null(found);
    return arena_format(workshop_arena, "%.*s%s%s", (int)(found - note), note, to, found + strlen(from));
}

static void signs_the_three_lines_of_a_checkpoint(void **state)
{
    (void)state;
    assert_string_equal(text, NAME "\n20852163\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n");
    assert_memory_equal(note, text, strlen(text));
    assert_memory_equal(note + strlen(text), "\n\xe2\x80\x94 " NAME " ", strlen(NAME) + 6);
}

static void reads_what_openssl_signed(void **state)
{
    (void)state;
    struct checkpoint out;
    assert_int_equal(note_open(workshop_arena, note, NAME, spki, &out), OK);
    assert_int_equal(out.size, made.size);
    assert_true(merkle_equal(&out.root, &made.root));
    assert_string_equal(out.origin, NAME);
}

static void gives_openssl_what_it_verifies(void **state)
{
    (void)state;
    const char *given;
    struct bytes signature;
    assert_int_equal(note_parts(workshop_arena, note, &given, &signature), OK);
    write_text("given.txt", given);
    write_file("given.sig", signature.data, signature.size);
    run("openssl dgst -sha256 -verify audit.pem -signature given.sig given.txt");
}

static void refuses_a_note_that_was_changed(void **state)
{
    (void)state;
    assert_int_equal(opened(changed("20852163", "20852164")), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(changed("BwcH", "BwcI")), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(changed("Bwc=\n", "Bwc=\nmore\n")), ERR_AUDIT_SIGNATURE);
}

static void refuses_another_key_name_or_origin(void **state)
{
    (void)state;
    const char *other = "ca.example.com/other\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n";
    struct bytes rsa = spki;
    struct checkpoint out;
    assert_int_equal(note_open(workshop_arena, note, "ca.example.com/other", spki, &out), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(note_signed(workshop_arena, other, NAME, spki, signature_of(other))), ERR_AUDIT_SIGNATURE);
    assert_int_equal(note_key_load(workshop_arena, "rsa.pem", &rsa), ERR_SETTINGS_INVALID);
}

static void refuses_what_is_signed_and_is_no_checkpoint(void **state)
{
    (void)state;
    static const char *const texts[] = {NAME "\n01\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
                                        NAME "\n-1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
                                        NAME "\n\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
                                        NAME "\n1\nBwcH\n",
                                        NAME "\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\nmore\n",
                                        NAME "\n1\n",
                                        NAME "\n9999999999999999999\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
                                        "\n"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_int_equal(opened(note_signed(workshop_arena, texts[i], NAME, spki, signature_of(texts[i]))),
                         ERR_AUDIT_SIGNATURE);
}

static void refuses_what_is_no_note(void **state)
{
    (void)state;
    assert_int_equal(opened(""), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(text), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(arena_format(workshop_arena, "%s\n", text)), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(arena_format(workshop_arena, "%.*s", (int)strlen(note) - 1, note)), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(arena_format(workshop_arena, "%s%s", note, strstr(note, "\xe2\x80\x94"))),
                     ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(changed("\xe2\x80\x94", "-")), ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(arena_format(workshop_arena, "%s\n\xe2\x80\x94 " NAME " AAAA\n", text)),
                     ERR_AUDIT_SIGNATURE);
    assert_int_equal(opened(arena_format(workshop_arena, "%s\n\xe2\x80\x94 " NAME " %5000d\n", text, 1)),
                     ERR_AUDIT_SIGNATURE);
    for (size_t size = 0; size < strlen(note); size++) /* cut anywhere */
        assert_int_equal(opened(arena_text_n(workshop_arena, note, size)), ERR_AUDIT_SIGNATURE);
}

static void names_the_log_after_our_address(void **state)
{
    (void)state;
    assert_string_equal(note_origin(workshop_arena, "", "https://ca.example.com"), NAME);
    assert_string_equal(note_origin(workshop_arena, "x/y", "https://ca.example.com"), "x/y");
    assert_true(note_name_valid(NAME));
    static const char *const bad[] = {"", "a b", "a+b", "a\nb", "a\x7f", "\xff"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(note_name_valid(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_the_three_lines_of_a_checkpoint),
        cmocka_unit_test(reads_what_openssl_signed),
        cmocka_unit_test(gives_openssl_what_it_verifies),
        cmocka_unit_test(refuses_a_note_that_was_changed),
        cmocka_unit_test(refuses_another_key_name_or_origin),
        cmocka_unit_test(refuses_what_is_signed_and_is_no_checkpoint),
        cmocka_unit_test(refuses_what_is_no_note),
        cmocka_unit_test(names_the_log_after_our_address),
    };
    return cmocka_run_group_tests(tests, make_all, workshop_close);
}
