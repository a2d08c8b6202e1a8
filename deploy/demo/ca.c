/* SPDX-License-Identifier: Apache-2.0 */
/* xuqi-demo-ca: the CA of a demonstration and the subscribers who will renew there. It signs without payment and
 * without review, and therefore refuses every token whose label does not end in "-demo".
 *
 *   xuqi-demo-ca init --module M --token LABEL --pin-file F --out DIR
 *       the token, its keys "root", "issuing" and "audit"; root.pem, issuing.pem, trust.pem, audit.pem in DIR. What
 * exists is kept. xuqi-demo-ca subscriber --module M --token LABEL --pin-file F --dir DIR [--ca DIR] --name NAME
 * --organisation O
 *       [--common-name CN] --not-before 'YYYY-MM-DD HH:MM:SS' --not-after '…'      (Beijing time)
 *       NAME.key, NAME.pem; NAME.new.key and NAME.csr for the renewal; prints one JSON line. An existing NAME.pem is
 *       kept and printed. issuing.pem is looked for in --ca, or in --dir.
 *   xuqi-demo-ca foreign --dir DIR --name NAME --organisation O … the same under a CA made for the occasion, whose key
 *       is forgotten at once: what a server must refuse. */
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "hsm/hsm.h"
#include "make.h"
#include "pki/certificate.h"
#include "pki/note.h"
#include "pki/profile.h"
#include "pki/rsa.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORGANISATION "续期演示数字证书认证中心"
#define LABEL_SUFFIX "-demo"
#define ROOT_BITS    3072
#define ISSUING_BITS 2048
#define YEAR_US      (365 * CLOCK_DAY_US)
#define YEARS_BACK   15 /* subscribers whose certificates expired long ago must fit */
#define YEARS_AHEAD  20
#define SERIAL_SIZE  16

struct options {
    const char *command, *module, *token, *pin_file, *out, *dir, *ca, *name, *organisation, *common_name;
    const char *not_before, *not_after;
};

/* Whoever signs: a key in the token, or one that is forgotten. */
struct signer {
    struct hsm *hsm;
    struct hsm_key *key;
    struct rsa_key *throw_away;
};

static enum err sign(const struct signer *signer, struct arena *arena, struct bytes tbs, struct bytes *signature)
{
    if (signer->throw_away != NULL)
        return rsa_sign(signer->throw_away, tbs, arena, signature);
    return hsm_sign(signer->hsm, 0, signer->key, tbs, arena, signature);
}

/* -- files -------------------------------------------------------------------------------------------------------- */

static char *path_of(struct arena *arena, const char *folder, const char *name, const char *ending)
{
    return arena_format(arena, "%s/%s%s", folder, name, ending);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static enum err file_failed(const char *path)
{
    log_error("demo", "%s cannot be written: %s", path, strerror(errno));
    return ERR_SETTINGS_INVALID;
}

static bool write_all(int fd, struct bytes content)
{
    return write(fd, content.data, content.size) == (ssize_t)content.size && fsync(fd) == 0;
}

/* Under another name first: a file that is there is complete. */
static enum err write_file(struct arena *arena, const char *path, struct bytes content, mode_t mode)
{
    const char *partial = arena_format(arena, "%s.partial", path);
    if (unlink(partial) != 0 && errno != ENOENT)
        return file_failed(partial);
    int fd = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return file_failed(partial);
    bool written = write_all(fd, content);
    if (close(fd) != 0 || !written || rename(partial, path) != 0)
        return file_failed(path);
    return OK;
}

static enum err write_certificate(struct arena *arena, const char *path, struct bytes der)
{
    return write_file(arena, path, bytes_of_text(certificate_pem(arena, der)), 0644);
}

/* -- init --------------------------------------------------------------------------------------------------------- */

/* The key by label, made if it is not there yet; its public half. */
static enum err ensure_key(struct hsm *hsm, const char *label, unsigned bits, struct arena *arena, struct hsm_key **key,
                           struct bytes *spki)
{
    struct bytes made;
    enum err err = hsm_generate_rsa(hsm, label, bits, arena, &made);
    ENSURE(err == OK || err == ERR_HSM_REFUSED, err); /* refused: an earlier run came this far */
    TRY(hsm_find_key(hsm, label, key));
    return hsm_public_key(hsm, *key, arena, spki);
}

/* A certificate left over from another token would only be noticed when something is signed. */
static enum err check_key(struct hsm *hsm, const char *label, struct arena *arena,
                          const struct certificate *certificate)
{
    struct hsm_key *key;
    struct bytes spki;
    TRY(hsm_find_key(hsm, label, &key));
    TRY(hsm_public_key(hsm, key, arena, &spki));
    if (bytes_equal(spki, certificate->spki))
        return OK;
    log_error("demo", "%s.pem is not of the key in this token: remove the folder and the token together", label);
    return ERR_SETTINGS_INVALID;
}

static enum err load_authority(struct hsm *hsm, struct arena *arena, const char *path, const char *label,
                               struct certificate *out)
{
    TRY(certificate_load(arena, path, out));
    return check_key(hsm, label, arena, out);
}

static enum err certify_authority(const struct signer *signer, struct arena *arena, const char *common_name,
                                  struct bytes spki, int path_length, const struct certificate *issuer,
                                  struct certificate *out)
{
    int64_t now_us = clock_now_us() / CLOCK_SECOND_US * CLOCK_SECOND_US;
    struct authority authority = {
        .spki = spki,
        .path_length = path_length,
        .not_before_us = now_us - YEARS_BACK * YEAR_US,
        .not_after_us = now_us + YEARS_AHEAD * YEAR_US,
        .issuer_der = issuer->der,
    };
    struct bytes signature, der;
    TRY(make_name(arena, ORGANISATION, common_name, &authority.subject_der));
    struct bytes tbs = make_authority(arena, &authority);
    TRY(sign(signer, arena, tbs, &signature));
    TRY(certificate_assemble(arena, tbs, signature, issuer, &der));
    return certificate_parse(arena, der, out);
}

static enum err ensure_root(struct hsm *hsm, struct arena *arena, const char *path, struct certificate *root)
{
    if (exists(path))
        return load_authority(hsm, arena, path, "root", root);
    struct signer signer = {.hsm = hsm};
    struct certificate itself = {0}; /* assembling asks for the issuer's key only */
    TRY(ensure_key(hsm, "root", ROOT_BITS, arena, &signer.key, &itself.spki));
    TRY(certify_authority(&signer, arena, "续期演示根", itself.spki, -1, &itself, root));
    return write_certificate(arena, path, root->der);
}

static enum err ensure_issuing(struct hsm *hsm, struct arena *arena, const char *path, const struct certificate *root,
                               struct certificate *issuing)
{
    if (exists(path))
        return load_authority(hsm, arena, path, "issuing", issuing);
    struct signer signer = {.hsm = hsm};
    struct hsm_key *key;
    struct bytes spki;
    TRY(hsm_find_key(hsm, "root", &signer.key));
    TRY(ensure_key(hsm, "issuing", ISSUING_BITS, arena, &key, &spki));
    TRY(certify_authority(&signer, arena, "续期演示签发", spki, 0, root, issuing));
    return write_certificate(arena, path, issuing->der);
}

/* The key that signs checkpoints of the audit trail; its public half for who checks them. */
static enum err ensure_audit_key(struct hsm *hsm, struct arena *arena, const char *path)
{
    struct hsm_key *key;
    struct bytes spki;
    if (!exists(path))
        TRY(hsm_generate_p256(hsm, "audit", arena, &spki));
    TRY(hsm_find_key(hsm, "audit", &key));
    TRY(hsm_public_key(hsm, key, arena, &spki));
    return write_file(arena, path, bytes_of_text(note_key_pem(arena, spki)), 0644);
}

static enum err init(struct hsm *hsm, struct arena *arena, const struct options *options)
{
    struct certificate root, issuing;
    TRY(ensure_root(hsm, arena, path_of(arena, options->out, "root", ".pem"), &root));
    TRY(ensure_issuing(hsm, arena, path_of(arena, options->out, "issuing", ".pem"), &root, &issuing));
    TRY(ensure_audit_key(hsm, arena, path_of(arena, options->out, "audit", ".pem")));
    const char *both = arena_format(arena, "%s%s", certificate_pem(arena, issuing.der),
                                    certificate_pem(arena, root.der));
    return write_file(arena, path_of(arena, options->out, "trust", ".pem"), bytes_of_text(both), 0644);
}

/* -- subscribers -------------------------------------------------------------------------------------------------- */

static const char *const demo_key_usage[] = {"digitalSignature", "nonRepudiation"};
static const struct profile demo_profile = {
    .id = "demonstration",
    .version = "1",
    .key_usage = demo_key_usage,
    .key_usage_count = ARRAY_SIZE(demo_key_usage),
    .policy_oid = "",
    .crl_url = "",
    .issuer_url = "",
    .ocsp_url = "",
    .validity_max_months = 120,
};

static enum err read_period(const struct options *options, struct certificate_request *request)
{
    if (clock_parse_plain(options->not_before, &request->not_before_us) &&
        clock_parse_plain(options->not_after, &request->not_after_us))
        return OK;
    log_error("demo", "--not-before and --not-after are written like 2026-11-21 13:04:05");
    return ERR_SETTINGS_INVALID;
}

static enum err certify_subscriber(const struct signer *signer, struct arena *arena, const struct certificate *issuer,
                                   const struct certificate_request *request, struct bytes *der)
{
    struct bytes tbs, signature;
    TRY(certificate_build(arena, &demo_profile, issuer, request, &tbs));
    TRY(certificate_lint(arena, tbs, &demo_profile, issuer, request));
    TRY(sign(signer, arena, tbs, &signature));
    return certificate_assemble(arena, tbs, signature, issuer, der);
}

/* The keys first: a certificate that is there has its keys. */
static enum err make_subscriber(const struct signer *signer, struct arena *arena, const struct certificate *issuer,
                                const struct options *options, const char *path)
{
    struct certificate_request request;
    struct bytes key, new_key, new_spki, der;
    uint8_t serial[SERIAL_SIZE];
    random_bytes(serial, sizeof(serial));
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive and of full length */
    request.serial = (struct bytes){serial, sizeof(serial)};
    TRY(read_period(options, &request));
    TRY(make_name(arena, options->organisation, options->common_name, &request.subject_der));
    make_key(arena, &key, &request.spki);
    make_key(arena, &new_key, &new_spki);
    TRY(certify_subscriber(signer, arena, issuer, &request, &der));
    struct bytes csr = make_request(arena, new_key, request.subject_der);
    TRY(write_file(arena, path_of(arena, options->dir, options->name, ".key"), key, 0600));
    TRY(write_file(arena, path_of(arena, options->dir, options->name, ".new.key"), new_key, 0600));
    TRY(write_file(arena, path_of(arena, options->dir, options->name, ".csr"), csr, 0644));
    return write_certificate(arena, path, der);
}

static void print_certificate(struct arena *arena, const struct certificate *certificate)
{
    struct json *line = json_new_object();
    size_t size;
    json_put_text(line, "serial", certificate->serial);
    json_put_text(line, "fingerprint", hex_encode(arena, certificate->fingerprint));
    json_put_text(line, "der_base64", base64_encode(arena, certificate->der));
    json_put_text(line, "subject", certificate->subject);
    json_put_text(line, "not_before", clock_text(arena, certificate->not_before_us));
    json_put_text(line, "not_after", clock_text(arena, certificate->not_after_us));
    puts(json_finish(line, arena, &size));
}

static enum err subscriber(const struct signer *signer, struct arena *arena, const struct certificate *issuer,
                           const struct options *options)
{
    struct certificate certificate;
    const char *path = path_of(arena, options->dir, options->name, ".pem");
    if (!exists(path))
        TRY(make_subscriber(signer, arena, issuer, options, path));
    TRY(certificate_load(arena, path, &certificate));
    print_certificate(arena, &certificate);
    return OK;
}

static enum err issuing_subscriber(struct hsm *hsm, struct arena *arena, const struct options *options)
{
    struct certificate issuer;
    struct signer signer = {.hsm = hsm};
    TRY(certificate_load(arena, path_of(arena, options->ca, "issuing", ".pem"), &issuer));
    TRY(hsm_find_key(hsm, "issuing", &signer.key));
    return subscriber(&signer, arena, &issuer, options);
}

static enum err foreign_subscriber(struct arena *arena, const struct options *options)
{
    struct certificate itself = {0}, issuer;
    struct signer signer = {0};
    struct bytes key;
    make_key(arena, &key, &itself.spki);
    TRY(rsa_load_private(key, &signer.throw_away));
    enum err err = certify_authority(&signer, arena, "另一家机构", itself.spki, 0, &itself, &issuer);
    if (err == OK)
        err = subscriber(&signer, arena, &issuer, options);
    rsa_free(signer.throw_away);
    return err;
}

/* -- the token ---------------------------------------------------------------------------------------------------- */

/* Whose label promises that nothing of worth is in it. */
static enum err check_label(const char *label)
{
    size_t size = strlen(label), suffix = strlen(LABEL_SUFFIX);
    if (size > suffix && strcmp(label + size - suffix, LABEL_SUFFIX) == 0)
        return OK;
    log_error("demo",
              "token %s is refused: certificates are issued here unpaid and unreviewed, so its label must end "
              "in " LABEL_SUFFIX,
              label);
    return ERR_FORBIDDEN;
}

static enum err with_token(struct arena *arena, const struct options *options)
{
    struct hsm *hsm;
    struct bytes pin;
    TRY(check_label(options->token));
    TRY(file_read_secret(arena, options->pin_file, &pin));
    if (strcmp(options->command, "init") == 0)
        TRY(hsm_make_token(options->module, options->token, pin, pin));
    TRY(hsm_open(options->module, options->token, pin, 1, &hsm));
    enum err err = strcmp(options->command, "init") == 0 ? init(hsm, arena, options)
                                                         : issuing_subscriber(hsm, arena, options);
    hsm_close(hsm);
    return err;
}

/* -- the command line --------------------------------------------------------------------------------------------- */

static bool name_is_a_file_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return name[0] != '.' && name[0] != '\0' && strspn(name, allowed) == strlen(name);
}

static bool complete(const struct options *options)
{
    bool token = options->module != NULL && options->token != NULL && options->pin_file != NULL;
    bool person = options->dir != NULL && options->name != NULL && options->organisation != NULL &&
                  options->not_before != NULL && options->not_after != NULL && name_is_a_file_name(options->name);
    if (strcmp(options->command, "init") == 0)
        return token && options->out != NULL;
    if (strcmp(options->command, "subscriber") == 0)
        return token && person;
    return strcmp(options->command, "foreign") == 0 && person;
}

static bool read_options(int count, char **arguments, struct options *options)
{
    const char **const values[] = {&options->module,     &options->token,        &options->pin_file,
                                   &options->out,        &options->dir,          &options->ca,
                                   &options->name,       &options->organisation, &options->common_name,
                                   &options->not_before, &options->not_after};
    static const struct option known[] = {
        {"module", required_argument, NULL, 0},      {"token", required_argument, NULL, 1},
        {"pin-file", required_argument, NULL, 2},    {"out", required_argument, NULL, 3},
        {"dir", required_argument, NULL, 4},         {"ca", required_argument, NULL, 5},
        {"name", required_argument, NULL, 6},        {"organisation", required_argument, NULL, 7},
        {"common-name", required_argument, NULL, 8}, {"not-before", required_argument, NULL, 9},
        {"not-after", required_argument, NULL, 10},  {0},
    };
    int which;
    while ((which = getopt_long(count, arguments, "", known, NULL)) != -1) {
        if (which < 0 || (size_t)which >= ARRAY_SIZE(values))
            return false;
        *values[which] = optarg;
    }
    if (optind != count - 1)
        return false;
    options->command = arguments[optind];
    options->ca = options->ca != NULL ? options->ca : options->dir;
    options->common_name = options->common_name != NULL ? options->common_name : options->organisation;
    return complete(options);
}

int main(int count, char **arguments)
{
    struct options options = {0};
    log_init("demo-ca", LOG_WARN);
    if (!read_options(count, arguments, &options)) {
        fputs("xuqi-demo-ca init --module M --token LABEL" LABEL_SUFFIX " --pin-file F --out DIR\n"
              "xuqi-demo-ca subscriber --module M --token LABEL" LABEL_SUFFIX " --pin-file F --dir DIR [--ca DIR]\n"
              "    --name NAME --organisation O [--common-name CN] --not-before 'YYYY-MM-DD HH:MM:SS' --not-after '…'\n"
              "xuqi-demo-ca foreign --dir DIR --name NAME --organisation O … (as subscriber, without a token)\n",
              stderr);
        return 2;
    }
    struct arena *arena = arena_new();
    enum err err = strcmp(options.command, "foreign") == 0 ? foreign_subscriber(arena, &options)
                                                           : with_token(arena, &options);
    arena_free(arena);
    if (err != OK)
        log_error("demo", "%s: %s", options.command, err_info(err)->en);
    return err == OK ? 0 : 1;
}
