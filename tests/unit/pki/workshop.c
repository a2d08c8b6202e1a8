/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/pki/workshop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arena *workshop_arena;
static char folder[] = "/tmp/xuqi-pki-XXXXXX";

int workshop_open(void **state)
{
    (void)state;
    workshop_arena = arena_new();
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

int workshop_close(void **state)
{
    (void)state;
    char command[64];
    arena_free(workshop_arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

void run(const char *format, ...)
{
    char command[4096], logged[4200];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof(command), format, args);
    va_end(args);
    snprintf(logged, sizeof(logged), "( %s ) >log 2>&1 || { cat log; exit 1; }", command);
    assert_int_equal(system(logged), 0);
}

struct bytes read_file(const char *name)
{
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = arena_alloc(workshop_arena, size + 1);
    assert_int_equal(fread(data, 1, size, file), size);
    fclose(file);
    return (struct bytes){data, size};
}

void write_file(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

void make_certificate(const char *name, const char *ca, const char *subject, const char *extensions,
                      const char *options)
{
    write_text("extensions", extensions);
    run("openssl req -new -newkey rsa:2048 -nodes -utf8 -keyout %s.key -subj '%s' -out %s.csr %s", name, subject, name,
        strstr(options, "-newkey") != NULL ? options : "");
    const char *rest = strstr(options, "-newkey") != NULL ? "-days 365" : options;
    if (strcmp(name, ca) == 0)
        run("openssl x509 -req -in %s.csr -signkey %s.key -extfile extensions -out %s.pem %s", name, name, name, rest);
    else
        run("openssl x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -extfile extensions -out %s.pem %s",
            name, ca, ca, name, rest);
}

void make_expired(const char *name, const char *ca)
{
    write_text("ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
                         "rand_serial=yes\nunique_subject=no\n[p]\ncommonName=supplied\n");
    run(": > index; openssl ca -batch -notext -config ca.cnf -in %s.csr -cert %s.pem -keyfile %s.key -extfile "
        "extensions "
        "-startdate 20200101000000Z -enddate 20210101000000Z -out %s.pem",
        name, ca, ca, name);
}

void make_ca_and_signer(void)
{
    make_certificate("ca", "ca", "/C=CN/O=演示机构/CN=演示根",
                     "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
                     "subjectKeyIdentifier=hash\n",
                     "-days 3650");
    make_certificate("signer", "ca", "/C=CN/O=深圳市示例有限公司/CN=深圳市示例有限公司",
                     "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n"
                     "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
                     "-days 365");
}

struct bytes der_of(const char *name)
{
    run("openssl x509 -in %s -outform DER -out %s.der", name, name);
    char der[128];
    snprintf(der, sizeof(der), "%s.der", name);
    return read_file(der);
}
